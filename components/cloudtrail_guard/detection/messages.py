"""What people read: the input transformers of event rules that send to a topic."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypedDict

MESSAGE_PATHS = {
    "what": "$.detail.eventName",
    "who": "$.detail.userIdentity.arn",
    "account": "$.account",
    "region": "$.detail.awsRegion",
    "where": "$.detail.sourceIPAddress",
    "when": "$.detail.eventTime",
    "refused": "$.detail.errorCode",
    "id": "$.detail.eventID",
}
"""Where an event of CloudTrail's has what a person wants to know first."""

NAMES: Mapping[str, Sequence[str]] = {
    "cloudtrail": ("name", "trailName", "eventDataStore", "channel", "resourceArn"),
    "s3": ("bucketName",),
    "kms": ("keyId", "targetKeyId"),
    "organizations": ("policyId", "targetId", "accountId", "servicePrincipal"),
    "account": ("accountId", "regionName"),
    "iam": ("roleName", "userName", "policyArn"),
    "sts": ("roleArn",),
    "events": ("name", "rule"),
    "logs": ("logGroupName", "logGroupIdentifier"),
    "cloudwatch": ("alarmName",),
    "sns": ("topicArn", "subscriptionArn"),
    "lambda": ("functionName",),
}
"""By service: the parameters that name what a call is about.

EventBridge escapes nothing that it takes from an event
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html), so that a
quote in one could cost the alert. These have none in a call that does harm: AWS takes none, or they
are the name of what is there already. Keys of objects, queue URLs and lists of alarms may have any.
"""

BY_NAME = frozenset(service for service, names in NAMES.items() if "name" in names)
"""The services in whose calls `name` is such a parameter."""

_FREE: Mapping[str, Collection[str]] = {"organizations": {"name"}, "cloudwatch": {"name"}}
"""By service: names of the above that it takes any text for, of policies and mute rules."""

_MESSAGE = (
    "<what> by <who> from <where> in account <account>, region <region>, at <when>. "
    "Refused with: <refused>. Event <id>."
)

_ALARM_PATHS = {
    "alarm": "$.detail.alarmName",
    "account": "$.account",
    "region": "$.region",
    "when": "$.time",
}
"""Where a change of an alarm's state has it
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html)."""


class Transformer(TypedDict):
    """An input transformer of EventBridge."""

    input_paths: dict[str, str]
    input_template: str


def call_message(description: str, services: Collection[str]) -> Transformer:
    """The message about a call, with the names of what it is about.

    A variable that an event has no value for is left out.

    Args:
        description: what happened.
        services: the services whose calls alone are reported; none where it may be any.
    """
    names = dict.fromkeys(_names(services))
    on = f" On: {' '.join(f'<{name}>' for name in names)}" if names else ""
    return {
        "input_paths": MESSAGE_PATHS
        | {name: f"$.detail.requestParameters.{name}" for name in names},
        "input_template": json.dumps(f"{description}: {_MESSAGE}{on}"),
    }


def _names(services: Collection[str]) -> Iterator[str]:
    free = {name for service in services for name in _FREE.get(service, ())}
    for service, names in NAMES.items():
        if service in services:
            yield from (name for name in names if name not in free)


def alarm_message() -> Transformer:
    """The message about an alarm that rings elsewhere, without its reason, which may be any."""
    text = "Alarm <alarm> rings in account <account>, region <region>, at <when>"
    return {"input_paths": _ALARM_PATHS, "input_template": json.dumps(text)}
