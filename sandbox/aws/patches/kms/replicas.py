"""Multi-Region keys: replicas that stand on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.kms.models import kms_backends

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.kms.lookup import existing, replicas_of, tidy
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.kms.models import Key

    from sandbox.aws.call import Answer, Call


@patch(
    "kms",
    "ReplicateKey",
    "moto refuses ARNs, forgets policy, description and tags of the replica, replicates twice, and "
    "turns the primary into a replica",
    limit="key material and rotation are not kept in step; UpdatePrimaryRegion is not emulated",
)
def replicate_key(call: Call) -> Answer:
    """Make a replica that stands on its own."""
    key, region = existing(call), call.text("ReplicaRegion")
    if not key.multi_region or _primary_arn(key) != key.arn:
        message = f"{key.arn} is not a multi-Region primary key"
        raise AwsError("UnsupportedOperationException", message)
    if any(replica["Region"] == region for replica in replicas_of(key)):
        raise AwsError("AlreadyExistsException", f"{key.arn} has a replica in {region} already")
    primary = key.multi_region_configuration["PrimaryKey"]
    replicas = [*replicas_of(key), {"Arn": key.arn.replace(call.region, region), "Region": region}]
    # moto's copy shares the configuration with the primary; each key gets its own afterwards.
    reply = call.forward()
    copy = lookups.key(replicas[-1]["Arn"], account_id=key.account_id, region=region)
    if not reply.ok or copy is None:
        return reply
    copy.policy = call.text("Policy") or copy.generate_default_policy()
    copy.description = call.text("Description")
    copy.aliases, copy.grants = {}, {}
    for member in (key, *filter(None, map(_by_arn, (replica["Arn"] for replica in replicas)))):
        kind = "PRIMARY" if member is key else "REPLICA"
        member.multi_region_configuration = {
            "MultiRegionKeyType": kind,
            "PrimaryKey": primary,
            "ReplicaKeys": replicas,
        }
    tags = call.params.get("Tags", [])
    kms_backends[key.account_id][region].tagger.tag_resource(copy.id, tags)
    return {
        "ReplicaKeyMetadata": tidy(copy.to_dict())["KeyMetadata"],
        "ReplicaPolicy": copy.policy,
        "ReplicaTags": tags,
    }


def _by_arn(arn: str) -> Key | None:
    return lookups.key(arn, account_id="", region="")


def _primary_arn(key: Key) -> str:
    return str(key.multi_region_configuration["PrimaryKey"]["Arn"])
