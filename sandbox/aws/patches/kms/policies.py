"""Key policies, and multi-Region replicas that stand on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.kms.models import kms_backends

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement import Permission, ResourcePolicy, refusal
from sandbox.aws.enforcement.permissions import arn
from sandbox.aws.patches.kms.keys import existing, find, replicas_of, tidy
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_evaluation import principals, statements
from sandbox.aws.policy_grammar import RESOURCE_POLICY, GrammarError, parse

if TYPE_CHECKING:
    from moto.kms.models import Key

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html (bytes)
_MAX_POLICY_SIZE = 32_768


@patch(
    "kms",
    ("CreateKey", "PutKeyPolicy", "ReplicateKey"),
    "moto takes any text as key policy; AWS refuses what is no key policy, principals that do not "
    "exist, and a policy that would lock its writer out",
)
def check_key_policy(call: Call) -> None:
    """Check a key policy before it is stored."""
    text = call.text("Policy")
    if call.action == "PutKeyPolicy":
        existing(call)
    elif not text:
        return
    try:
        document = parse(text, RESOURCE_POLICY)
    except GrammarError as error:
        raise _malformed(str(error)) from None
    if len(text.encode()) > _MAX_POLICY_SIZE:
        message = f"The key policy has {len(text.encode())} bytes; {_MAX_POLICY_SIZE} are allowed"
        raise AwsError("LimitExceededException", message)
    for statement in statements(document):
        for kind, value in principals(statement):
            if lookups.unknown_principal(kind, value):
                raise _malformed(
                    f'Policy contains a statement with an invalid principal: "{value}"'
                )
    if not call.flag("BypassPolicyLockoutSafetyCheck"):
        _check_lockout(call, text)


_NEW_KEY = "00000000-0000-0000-0000-000000000000"


def _check_lockout(call: Call, text: str) -> None:
    """Check that the caller can still put another policy.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying.html
    """
    key = find(call, call.text("KeyId")) if call.action == "PutKeyPolicy" else None
    again = Permission(
        action="kms:PutKeyPolicy",
        # A key that is made now has an ARN, too: roles are often granted the keys of their account.
        resource=key.arn if key else arn(call, f"key/{_NEW_KEY}"),
        policy=ResourcePolicy(text=text, leaves_to_identity=False),
        context={"kms:BypassPolicyLockoutSafetyCheck": "false"},
    )
    if refusal(call, again) is not None:
        raise _malformed(
            "The new key policy will not allow you to update the key policy in the future."
        )


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedPolicyDocumentException", message)


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
