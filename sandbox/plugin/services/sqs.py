"""Amazon SQS: queues and their policies.

Sources: `internal/service/sqs` of terraform-provider-aws.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.naming import given_name
from sandbox.plugin.policies import compact_json, equal_json, equivalent_policies
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType, conflict
from sandbox.plugin.validators import between, iam_policy, json_text, matching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Call, Function
    from sandbox.plugin.values import Properties

_GONE: Final = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")

# Queues

_NUMBERS: Final = {
    "delaySeconds": "DelaySeconds",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
_TEXTS: Final = {
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
}
_FIFO: Final = (
    *("contentBasedDeduplication", "deduplicationScope", "fifoQueue", "fifoThroughputLimit"),
)
_DEFAULTS: Final = {
    "maxMessageSize": 262_144,
    "messageRetentionSeconds": 345_600,
    "visibilityTimeoutSeconds": 30,
}


def _create(call: Call) -> str:
    made = call.client("sqs").create_queue(
        QueueName=given_name(call.inputs),
        Attributes={name: text for name, text in _attributes(call).items() if text},
        tags=call.tags,
    )
    return str(made["QueueUrl"])


def _update(call: Call) -> None:
    if changed := _attributes(call):
        call.client("sqs").set_queue_attributes(QueueUrl=call.id, Attributes=changed)


def _attributes(call: Call) -> dict[str, str]:
    """The attributes to be written, as the texts that SQS takes."""
    wanted = call.inputs
    attributes = {
        theirs: str(wanted.get(ours, 0)) for ours, theirs in _NUMBERS.items() if _is_set(call, ours)
    }
    for ours, theirs in _TEXTS.items():
        if call.has_changed(ours):
            attributes[theirs] = str(wanted.get(ours) or "")
    if call.has_changed("sqsManagedSseEnabled") and "sqsManagedSseEnabled" in wanted:
        attributes["SqsManagedSseEnabled"] = str(wanted["sqsManagedSseEnabled"]).lower()
    return attributes


def _is_set(call: Call, name: str) -> bool:
    return call.has_changed(name) and (name in call.inputs or not call.creating)


def _read(call: Call) -> Properties | None:
    client = call.client("sqs")
    found = find(
        lambda: client.get_queue_attributes(QueueUrl=call.id, AttributeNames=["All"])["Attributes"],
        *_GONE,
    )
    if found is None:
        return None
    key = found.get("KmsMasterKeyId") or None
    return {
        **{ours: int(found.get(theirs, 0)) for ours, theirs in _NUMBERS.items()},
        **{ours: found.get(theirs) or None for ours, theirs in _TEXTS.items()},
        "arn": found["QueueArn"],
        "kmsDataKeyReusePeriodSeconds": int(found.get("KmsDataKeyReusePeriodSeconds", 300)),
        "name": call.id.rsplit("/", maxsplit=1)[-1],
        # A queue has one kind of encryption; moto goes on telling of both.
        "sqsManagedSseEnabled": key is None and found.get("SqsManagedSseEnabled") == "true",
        "tags": client.list_queue_tags(QueueUrl=call.id).get("Tags", {}),
        "url": call.id,
    }


def _delete(call: Call) -> None:
    with ignoring(*_GONE):
        call.client("sqs").delete_queue(QueueUrl=call.id)


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    client = call.client("sqs")
    if removed:
        client.untag_queue(QueueUrl=call.id, TagKeys=removed)
    if new:
        client.tag_queue(QueueUrl=call.id, Tags=dict(new))


def _by_url(id_: str) -> Properties:
    if not re.match(r"https?://", id_):
        raise ResourceError(f"{id_} is no URL: a queue is imported by its URL")
    return {}


_NAME: Final = matching(r"^[0-9A-Za-z_-]{1,80}$", "invalid queue name: {value}")

QUEUE = ResourceType(
    type="aws:sqs/queue:Queue",
    noun="SQS Queue",
    create=_create,
    update=_update,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AutoName(max_length=80),
    replace=frozenset({"name", "namePrefix"}),
    defaults=_DEFAULTS,
    computed=frozenset(
        {
            *("name", "namePrefix", "kmsDataKeyReusePeriodSeconds", "policy"),
            *("redriveAllowPolicy", "redrivePolicy", "sqsManagedSseEnabled"),
        }
    ),
    equal={
        "policy": equivalent_policies,
        "redriveAllowPolicy": equal_json,
        "redrivePolicy": equal_json,
    },
    state_only={"namePrefix": "AWS knows the whole name only"},
    validate={
        "name": (_NAME,),
        "namePrefix": (_NAME,),
        "delaySeconds": (between(0, 900),),
        "kmsDataKeyReusePeriodSeconds": (between(60, 86_400),),
        "maxMessageSize": (between(1_024, 1_048_576),),
        "messageRetentionSeconds": (between(60, 1_209_600),),
        "policy": (iam_policy,),
        "receiveWaitTimeSeconds": (between(0, 20),),
        "redriveAllowPolicy": (json_text,),
        "redrivePolicy": (json_text,),
        "visibilityTimeoutSeconds": (between(0, 43_200),),
    },
    relations=(conflict("name", "namePrefix"), conflict("kmsMasterKeyId", "sqsManagedSseEnabled")),
    not_emulated=dict.fromkeys(_FIFO, "use a standard queue"),
    identify=_by_url,
)

# Policies


def _create_policy(call: Call) -> str:
    queue = str(call.inputs["queueUrl"])
    _put_policy(call.at(queue))
    return queue


def _put_policy(call: Call) -> None:
    _set_policy(call, compact_json(call.inputs["policy"]))


def _set_policy(call: Call, policy: str) -> None:
    call.client("sqs").set_queue_attributes(QueueUrl=call.id, Attributes={"Policy": policy})


def _read_policy(call: Call) -> Properties | None:
    client = call.client("sqs")
    found = find(
        lambda: client.get_queue_attributes(QueueUrl=call.id, AttributeNames=["Policy"]), *_GONE
    )
    policy = (found or {}).get("Attributes", {}).get("Policy")
    return {"policy": compact_json(policy), "queueUrl": call.id} if policy else None


def _delete_policy(call: Call) -> None:
    with ignoring(*_GONE):
        _set_policy(call, "")


QUEUE_POLICY = ResourceType(
    type="aws:sqs/queuePolicy:QueuePolicy",
    noun="SQS Queue Policy",
    put_verb="putting",
    label="queueUrl",
    create=_create_policy,
    update=_put_policy,
    read=_read_policy,
    delete=_delete_policy,
    replace=frozenset({"queueUrl"}),
    equal={"policy": equivalent_policies},
    validate={"policy": (iam_policy,)},
    identify=_by_url,
)

RESOURCES = (QUEUE, QUEUE_POLICY)
FUNCTIONS: Final[tuple[Function, ...]] = ()
