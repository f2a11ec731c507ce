"""Amazon SQS: queues and their policies.

Sources: `internal/service/sqs` of terraform-provider-aws.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.policies import compact_json, equal_json, equivalent_policies
from sandbox.plugin.resource import AutoName, ResourceError, conflict
from sandbox.plugin.validators import between, iam_policy, json_text, matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def _by_url(id_: str) -> Properties:
    if not re.match(r"https?://", id_):
        raise ResourceError(f"{id_} is not a URL: a queue is imported by its URL")
    return {"queueUrl": id_}


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


def _queue(call: Call) -> Properties:
    """The attributes to be written, as the texts that SQS takes."""
    wanted = call.inputs
    attributes = {theirs: str(wanted.get(ours, 0)) for ours, theirs in _NUMBERS.items()}
    attributes |= {theirs: str(wanted.get(ours) or "") for ours, theirs in _TEXTS.items()}
    changed = {
        theirs
        for ours, theirs in (_NUMBERS | _TEXTS).items()
        if call.has_changed(ours) and (wanted.get(ours) or not call.creating)
    }
    request = {name: text for name, text in attributes.items() if name in changed}
    if call.has_changed("sqsManagedSseEnabled") and "sqsManagedSseEnabled" in wanted:
        request["SqsManagedSseEnabled"] = str(wanted["sqsManagedSseEnabled"]).lower()
    return {"Attributes": request} if request else {}


def _live_queue(call: Call, found: Properties) -> Properties:
    encrypted = found.get("KmsMasterKeyId") or None
    return {
        **{ours: found.get(theirs) or None for ours, theirs in _TEXTS.items()},
        "kmsDataKeyReusePeriodSeconds": int(found.get("KmsDataKeyReusePeriodSeconds", 300)),
        "name": call.id.rsplit("/", maxsplit=1)[-1],
        # A queue has one kind of encryption; moto goes on answering both.
        "sqsManagedSseEnabled": not encrypted and found.get("SqsManagedSseEnabled") == "true",
        "url": call.id,
    }


QUEUE = Api(
    service="sqs",
    create="CreateQueue",
    read="GetQueueAttributes",
    update="SetQueueAttributes",
    delete="DeleteQueue",
    made="QueueUrl",
    key="QueueUrl",
    asking={"AttributeNames": ["All"]},
    answer="Attributes",
    names={**_NUMBERS, "arn": "QueueArn", "name": "QueueName"},
    more=_queue,
    outputs=_live_queue,
    gone=_GONE,
    tags=Tags(
        target="QueueUrl", by_arn=False, list="ListQueueTags", tag="TagQueue", untag="UntagQueue"
    ),
).row(
    type="aws:sqs/queue:Queue",
    noun="SQS Queue",
    name=AutoName(max_length=80),
    replace={"name"},
    defaults={
        "maxMessageSize": 262_144,
        "messageRetentionSeconds": 345_600,
        "visibilityTimeoutSeconds": 30,
    },
    equal={
        "policy": equivalent_policies,
        "redriveAllowPolicy": equal_json,
        "redrivePolicy": equal_json,
    },
    validate={
        **dict.fromkeys(
            ("name", "namePrefix"),
            (matching(r"^[0-9A-Za-z_-]{1,80}$", "invalid queue name: {value}"),),
        ),
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
    relations=(conflict("kmsMasterKeyId", "sqsManagedSseEnabled"),),
    not_emulated=dict.fromkeys(_FIFO, "use a standard queue"),
    identify=_by_url,
)

# Policies

QUEUE_POLICY = Api(
    service="sqs",
    create="SetQueueAttributes",
    update="SetQueueAttributes",
    read="GetQueueAttributes",
    delete="SetQueueAttributes",
    deleting={"Attributes": {"Policy": ""}},
    id="{queueUrl}",
    asking={"AttributeNames": ["Policy"]},
    answer="Attributes | (Policy && @)",
    more=lambda call: {"Attributes": {"Policy": compact_json(call.inputs["policy"])}},
    gone=_GONE,
).row(
    type="aws:sqs/queuePolicy:QueuePolicy",
    noun="SQS Queue Policy",
    put_verb="putting",
    equal={"policy": equivalent_policies},
    validate={"policy": (iam_policy,)},
    identify=_by_url,
)
