"""What people read: the input transformers of event rules that send to a topic."""

import json
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

_MESSAGE = (
    "<what> by <who> from <where> in account <account>, region <region>, at <when>. "
    "Refused with: <refused>. Event <id>."
)

_ALARM_PATHS = {
    "alarm": "$.detail.alarmName",
    "account": "$.account",
    "region": "$.region",
    "when": "$.time",
    "why": "$.detail.state.reason",
}
"""Where a change of an alarm's state has it
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html)."""


class Transformer(TypedDict):
    """An input transformer of EventBridge."""

    input_paths: dict[str, str]
    input_template: str


def call_message(description: str) -> Transformer:
    """The message about a call.

    Args:
        description: what happened.
    """
    return {
        "input_paths": MESSAGE_PATHS,
        "input_template": json.dumps(f"{description}: {_MESSAGE}"),
    }


def alarm_message() -> Transformer:
    """The message about an alarm that rings elsewhere."""
    text = "Alarm <alarm> rings in account <account>, region <region>, at <when>: <why>"
    return {"input_paths": _ALARM_PATHS, "input_template": json.dumps(text)}
