"""Rules of a bucket for its objects: when they go, where they are copied, who hears of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.resource import exactly_one
from sandbox.plugin.services.s3.settings import BUCKET_NAME, PLAIN, setting
from sandbox.plugin.validators import account_id, arn, at_least, items, length, one_of, rfc3339

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

# Lifecycle


def _lifecycle(call: Call, request: Properties) -> None:
    """S3 wants a filter or prefix in every rule, and something in every expiration."""
    rules: list[Properties] = request["LifecycleConfiguration"]["Rules"]
    for wanted, rule in zip(call.inputs["rules"], rules, strict=True):
        if "filter" in wanted:
            rule["Filter"] = rule.get("Filter") or {"Prefix": ""}
        elif "prefix" not in wanted:
            rule["Filter"] = {}
        if "expiration" in wanted and not rule["Expiration"]:
            rule["Expiration"] = {"ExpiredObjectDeleteMarker": False}


_STORAGE_CLASSES: Final = (
    *("GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"),
)
_NONCURRENT: Final = "rules.*.noncurrentVersion"

LIFECYCLE = setting(
    "PutBucketLifecycleConfiguration",
    "GetBucketLifecycleConfiguration",
    "NoSuchLifecycleConfiguration",
    delete="DeleteBucketLifecycle",
    inside="LifecycleConfiguration",
    answer="Rules && @",
    refine=_lifecycle,
).row(
    type="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    noun="S3 Bucket ({}) Lifecycle Configuration",
    defaults={"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
    computed={
        "rules.*.prefix",
        "rules.*.expiration.days",
        "rules.*.expiration.expiredObjectDeleteMarker",
        "rules.*.transitions.*.days",
    },
    sets={"rules.*.transitions", f"{_NONCURRENT}Transitions"},
    validate={
        "bucket": BUCKET_NAME,
        "rules": (items(1),),
        "rules.*.id": (length(1, 255),),
        "rules.*.expiration.date": (rfc3339,),
        "rules.*.transitions.*.date": (rfc3339,),
        "rules.*.transitions.*.storageClass": (one_of(*_STORAGE_CLASSES),),
        f"{_NONCURRENT}Expiration.noncurrentDays": (at_least(1),),
        f"{_NONCURRENT}Expiration.newerNoncurrentVersions": (at_least(1),),
        f"{_NONCURRENT}Transitions.*.noncurrentDays": (at_least(0),),
        f"{_NONCURRENT}Transitions.*.newerNoncurrentVersions": (at_least(1),),
        f"{_NONCURRENT}Transitions.*.storageClass": (one_of(*_STORAGE_CLASSES),),
        "rules.*.filter.and.objectSizeGreaterThan": (at_least(0),),
        "rules.*.filter.and.objectSizeLessThan": (at_least(1),),
    },
    relations=(exactly_one("date", "days", at="rules.*.transitions.*"),),
)

# Replication


def _replication(call: Call, request: Properties) -> None:
    """A rule with a filter, be it an empty one, is of schema V2, else of V1."""
    rules: list[Properties] = request["ReplicationConfiguration"]["Rules"]
    for wanted, rule in zip(call.inputs["rules"], rules, strict=True):
        if "filter" in wanted:
            rule.setdefault("Priority", 0)
            rule.pop("Prefix", None)
            if "and" in wanted["filter"]:
                rule["Filter"]["And"].setdefault("Tags", [])
        else:
            rule["Prefix"] = wanted.get("prefix", "")
            rule.pop("Priority", None)


_PREFIX: Final = (length(0, 1024),)
_DESTINATION: Final = "rules.*.destination"

REPLICATION = setting(
    "PutBucketReplication",
    "GetBucketReplication",
    "ReplicationConfigurationNotFoundError",
    delete="DeleteBucketReplication",
    id=PLAIN,
    inside="ReplicationConfiguration",
    answer="ReplicationConfiguration",
    refine=_replication,
).row(
    type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    noun="S3 Bucket ({}) Replication Configuration",
    computed={"rules.*.id"},
    state_only={"token": "sent, never answered"},
    validate={
        "bucket": BUCKET_NAME,
        "role": (arn,),
        "token": (length(0, 1024),),
        "rules": (items(1, 1000),),
        "rules.*.id": (length(0, 255),),
        **dict.fromkeys(
            ("rules.*.prefix", "rules.*.filter.prefix", "rules.*.filter.and.prefix"), _PREFIX
        ),
        f"{_DESTINATION}.bucket": (arn,),
        f"{_DESTINATION}.account": (account_id,),
        f"{_DESTINATION}.encryptionConfiguration.replicaKmsKeyId": (arn,),
        f"{_DESTINATION}.metrics.eventThreshold.minutes": (at_least(0),),
        f"{_DESTINATION}.replicationTime.time.minutes": (at_least(0),),
    },
)

# Notifications: one document for all targets


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the three kinds of targets."""

    ours: str
    """The property that lists them."""
    arn: str
    """The property of each that names it."""
    theirs: str
    """AWS's list of them."""
    prefix: str
    """What the ids begin with that the provider gives."""

    @property
    def member(self) -> str:
        return self.arn[:1].upper() + self.arn[1:]


_KINDS: Final = (
    _Kind("lambdaFunctions", "lambdaFunctionArn", "LambdaFunctionConfigurations", "tf-s3-lambda-"),
    _Kind("queues", "queueArn", "QueueConfigurations", "tf-s3-queue-"),
    _Kind("topics", "topicArn", "TopicConfigurations", "tf-s3-topic-"),
)
_FILTERS: Final = {"filterPrefix": "prefix", "filterSuffix": "suffix"}


def _notification(call: Call, request: Properties) -> None:
    """All targets in S3's words, which are other ones than the real provider's."""
    document: Properties = {
        kind.theirs: [
            _target(kind, item, _id(call, kind, index))
            for index, item in enumerate(call.inputs.get(kind.ours) or [])
        ]
        for kind in _KINDS
    }
    if call.inputs.get("eventbridge"):
        document["EventBridgeConfiguration"] = {}
    request["NotificationConfiguration"] = document


def _target(kind: _Kind, item: Properties, id_: str) -> Properties:
    rules = [
        {"Name": theirs, "Value": item[ours]} for ours, theirs in _FILTERS.items() if item.get(ours)
    ]
    return {
        "Id": id_,
        kind.member: item.get(kind.arn, ""),
        "Events": item["events"],
        **({"Filter": {"Key": {"FilterRules": rules}}} if rules else {}),
    }


def _id(call: Call, kind: _Kind, index: int) -> str:
    """The id that the program gives a target, or the one it has, or a new one."""
    now, before = (values.get(kind.ours) or [] for values in (call.inputs, call.state))
    known = before[index].get("id") if index < len(before) else None
    return str(now[index].get("id") or known or kind.prefix + secrets.token_hex(13))


def _live_target(kind: _Kind, item: Properties) -> Properties:
    rules: Any = item.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    filters = {rule["Name"].lower(): rule["Value"] for rule in rules}
    return {
        "id": item["Id"],
        kind.arn: item[kind.member],
        "events": item["Events"],
        **{ours: filters[theirs] for ours, theirs in _FILTERS.items() if theirs in filters},
    }


def _live_notification(_call: Call, answer: Properties) -> Properties:
    found: Properties = {
        kind.ours: [_live_target(kind, item) for item in answer.get(kind.theirs, ())]
        for kind in _KINDS
    }
    return {**found, "eventbridge": "EventBridgeConfiguration" in answer}


_PUT_NOTIFICATION: Final = "PutBucketNotificationConfiguration"

NOTIFICATION = setting(
    _PUT_NOTIFICATION,
    "GetBucketNotificationConfiguration",
    delete=_PUT_NOTIFICATION,
    deleting={"NotificationConfiguration": {}},
    id=PLAIN,
    answer="merge({Found: `true`}, @)",
    refine=_notification,
    outputs=_live_notification,
).row(
    type="aws:s3/bucketNotification:BucketNotification",
    noun="S3 Bucket ({}) Notification",
    computed={f"{kind.ours}.*.id" for kind in _KINDS},
    sets={f"{kind.ours}.*.events" for kind in _KINDS},
    validate={f"{kind.ours}.*.{kind.arn}": (arn,) for kind in _KINDS},
)
