"""Replication of a bucket's objects to another bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.services.s3.setting import BUCKET_NAME, Setting, target
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.tagging import tag_list, tag_map
from sandbox.plugin.validators import account_id, arn, at_least, items, length, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_NAMES: Final = {"id": "ID", "replicaKmsKeyId": "ReplicaKmsKeyID"}
_SCHEMA: Final = ("filter", "prefix", "priority")
"""What differs between the two schemas."""
_SWITCH: Final = (one_of("Enabled", "Disabled"),)
_PREFIX: Final = (length(0, 1024),)
_STORAGE_CLASSES: Final = (
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
)


def _put(call: Call) -> None:
    token = call.inputs.get("token")
    call.client("s3").put_bucket_replication(
        **target(call),
        ReplicationConfiguration={
            "Role": call.inputs["role"],
            "Rules": [_rule(rule) for rule in call.inputs["rules"]],
        },
        **({"Token": token} if token else {}),
    )


def _rule(rule: Properties) -> Properties:
    """A rule of schema V2 if it has a filter, be it an empty one, else of V1."""
    wanted = {key: value for key, value in rule.items() if key not in _SCHEMA}
    if "filter" not in rule:
        return to_aws({**wanted, "prefix": rule.get("prefix", "")}, _NAMES)
    both: Properties | None = rule["filter"].get("and")
    filter_ = {key: value for key, value in rule["filter"].items() if key != "and"}
    if both is not None:
        filter_["and"] = {**both, "tags": tag_list(both.get("tags") or {})}
    return to_aws({**wanted, "priority": rule.get("priority", 0), "filter": filter_}, _NAMES)


def _outputs(answer: Properties) -> Properties:
    configuration = answer["ReplicationConfiguration"]
    rules = [_live_rule(rule) for rule in configuration["Rules"]]
    return {"role": configuration["Role"], "rules": rules}


def _live_rule(rule: Properties) -> Properties:
    found = from_aws(rule, _NAMES)
    both: Any = (rule.get("Filter") or {}).get("And")
    if both is not None:
        found["filter"]["and"] = {**found["filter"]["and"], "tags": tag_map(both.get("Tags", []))}
    return found


_DESTINATION: Final = "rules.*.destination"
_CRITERIA: Final = "rules.*.sourceSelectionCriteria"

REPLICATION = Setting(
    put=_put,
    get="get_bucket_replication",
    outputs=_outputs,
    delete="delete_bucket_replication",
    absent="ReplicationConfigurationNotFoundError",
    owner=False,
).row(
    type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    noun="S3 Bucket ({}) Replication Configuration",
    computed=frozenset({"rules.*.id"}),
    state_only={"token": "sent, never answered"},
    validate={
        "bucket": BUCKET_NAME,
        "role": (arn,),
        "token": (length(0, 1024),),
        "rules": (items(1, 1000),),
        "rules.*.id": (length(0, 255),),
        "rules.*.status": _SWITCH,
        "rules.*.prefix": _PREFIX,
        "rules.*.filter.prefix": _PREFIX,
        "rules.*.filter.and.prefix": _PREFIX,
        "rules.*.deleteMarkerReplication.status": _SWITCH,
        "rules.*.existingObjectReplication.status": _SWITCH,
        f"{_CRITERIA}.replicaModifications.status": _SWITCH,
        f"{_CRITERIA}.sseKmsEncryptedObjects.status": _SWITCH,
        f"{_DESTINATION}.bucket": (arn,),
        f"{_DESTINATION}.account": (account_id,),
        f"{_DESTINATION}.storageClass": (one_of(*_STORAGE_CLASSES),),
        f"{_DESTINATION}.accessControlTranslation.owner": (one_of("Destination"),),
        f"{_DESTINATION}.encryptionConfiguration.replicaKmsKeyId": (arn,),
        f"{_DESTINATION}.metrics.status": _SWITCH,
        f"{_DESTINATION}.metrics.eventThreshold.minutes": (at_least(0),),
        f"{_DESTINATION}.replicationTime.status": _SWITCH,
        f"{_DESTINATION}.replicationTime.time.minutes": (at_least(0),),
    },
)

RESOURCES = (REPLICATION,)
