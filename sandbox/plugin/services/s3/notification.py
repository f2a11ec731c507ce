"""What a bucket tells of its objects, and to whom: one document for all targets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.s3.setting import Setting, target
from sandbox.plugin.validators import arn

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


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


def _put(call: Call) -> None:
    document: Properties = {
        kind.theirs: [
            _target(kind, item, _id(call, kind, index))
            for index, item in enumerate(call.inputs.get(kind.ours) or [])
        ]
        for kind in _KINDS
    }
    if call.inputs.get("eventbridge"):
        document["EventBridgeConfiguration"] = {}
    _write(call, document)


def _write(call: Call, document: Properties) -> None:
    call.client("s3").put_bucket_notification_configuration(
        **target(call), NotificationConfiguration=document
    )


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


def _outputs(answer: Properties) -> Properties:
    found: Properties = {
        kind.ours: [_live_target(kind, item) for item in answer.get(kind.theirs, ())]
        for kind in _KINDS
    }
    return {**found, "eventbridge": "EventBridgeConfiguration" in answer}


def _live_target(kind: _Kind, item: Properties) -> Properties:
    rules = item.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    filters = {rule["Name"].lower(): rule["Value"] for rule in rules}
    return {
        "id": item["Id"],
        kind.arn: item[kind.member],
        "events": item["Events"],
        **{ours: filters[theirs] for ours, theirs in _FILTERS.items() if theirs in filters},
    }


NOTIFICATION = Setting(
    put=_put,
    get="get_bucket_notification_configuration",
    outputs=_outputs,
    delete=lambda call: _write(call, {}),
    owner=False,
).row(
    type="aws:s3/bucketNotification:BucketNotification",
    noun="S3 Bucket ({}) Notification",
    computed=frozenset(f"{kind.ours}.*.id" for kind in _KINDS),
    sets=frozenset(f"{kind.ours}.*.events" for kind in _KINDS),
    validate={f"{kind.ours}.*.{kind.arn}": (arn,) for kind in _KINDS},
)

RESOURCES = (NOTIFICATION,)
