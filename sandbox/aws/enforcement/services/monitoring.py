"""What watches a trail: log groups, alarms, event rules, topics, queues, functions.

Sources: the pages of these services in
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sandbox.aws import event_buses, lookups
from sandbox.aws.enforcement.permissions import Permission, ResourcePolicy, arn, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.aws.call import Call

_ARN = re.compile(
    r"^arn:aws[a-z-]*:(?:sns|sqs):(?P<region>[a-z0-9-]+):(?P<account>\d{12}):(?P<name>[^:]+)$"
)
_BUS = re.compile(
    r"^arn:aws[a-z-]*:events:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):event-bus/(?P<name>.+)$"
)
_LOG_RESOURCES = ("resourceArn", "resourceIdentifier")
_FUNCTION_ACTIONS = {"Invoke": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"}
_BATCHES = {
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "DeleteMessageBatch": "DeleteMessage",
    "PublishBatch": "Publish",
    "SendMessageBatch": "SendMessage",
}
"""Operations on many messages, which need the permission of the one on a single message."""


def of_logs(call: Call) -> Iterable[Permission]:
    """A log group or stream.

    CloudWatch Logs asks about a group as ``log-group:NAME:log-stream:``, with the stream's name
    behind it when there is one: so its refusals word it.
    """
    tagged = next(filter(None, map(call.text, _LOG_RESOURCES)), "")
    if tagged:
        return [plain(call, tagged.removesuffix(":*"))]
    group = call.text("logGroupName") or call.text("logGroupIdentifier")
    if not group:
        return [plain(call)]
    if not group.startswith("arn:"):
        group = arn(call, f"log-group:{group}")
    return [plain(call, f"{group.removesuffix(':*')}:log-stream:{call.text('logStreamName')}")]


def of_alarms(call: Call) -> Iterable[Permission]:
    """The alarms that a call names."""
    if call.text("ResourceARN"):
        return [plain(call, call.text("ResourceARN"))]
    names: list[str] = call.params.get("AlarmNames") or []
    if call.text("AlarmName"):
        names = [call.text("AlarmName")]
    found = [arn(call, f"alarm:{name}", service="cloudwatch") for name in names]
    return [plain(call, resource) for resource in found or ["*"]]


def of_events(call: Call) -> Iterable[Permission]:
    """A rule of an event bus, or a bus of another account with its policy."""
    if call.text("ResourceARN"):
        return [plain(call, call.text("ResourceARN"))]
    buses = [call.text("EventBusName"), *_buses_of_entries(call)]
    if call.action.endswith("EventBus"):
        buses.append(call.text("Name"))
    elsewhere = [match for bus in buses if (match := _BUS.match(bus))]
    foreign = [bus for bus in elsewhere if bus["account"] != call.signer.account_id]
    if foreign:
        return [_on_foreign_bus(call, bus) for bus in foreign]
    name = call.text("Rule") or (call.text("Name") if call.action.endswith("Rule") else "")
    bus = call.text("EventBusName").rpartition("/")[2]
    folder = "" if bus in ("", "default") else f"{bus}/"
    return [plain(call, arn(call, f"rule/{folder}{name}") if name else "*")]


def _buses_of_entries(call: Call) -> list[str]:
    entries: list[dict[str, str]] = call.params.get("Entries") or []
    return [entry.get("EventBusName") or "" for entry in entries]


def _on_foreign_bus(call: Call, bus: re.Match[str]) -> Permission:
    text = event_buses.policy_of(event_buses.bus(bus["account"], bus["region"], bus["name"]))
    return Permission(
        action=f"events:{call.action}",
        resource=bus[0],
        owner=bus["account"],
        policy=ResourcePolicy(text=text),
    )


def of_topics(call: Call) -> Iterable[Permission]:
    """A topic with its policy; that of a subscription too."""
    topic = next(filter(None, map(call.text, ("TopicArn", "TargetArn", "ResourceArn"))), "")
    if call.text("SubscriptionArn"):
        topic = call.text("SubscriptionArn").rpartition(":")[0]
    if call.action == "CreateTopic":
        topic = arn(call, call.text("Name"))
    wanted = f"sns:{_BATCHES.get(call.action, call.action)}"
    found = _parse(topic)
    if found is None:
        return [Permission(action=wanted)]
    keys: dict[str, str | list[str]] = {"aws:SourceOwner": call.signer.account_id}
    if call.action == "Subscribe":
        keys |= {"sns:Endpoint": call.text("Endpoint"), "sns:Protocol": call.text("Protocol")}
    existing = lookups.topic(topic) if found.region == call.region else None
    policy = ResourcePolicy(text=existing.policy) if existing else None
    return [
        Permission(action=wanted, resource=topic, owner=found.account, policy=policy, context=keys)
    ]


def of_queues(call: Call) -> Iterable[Permission]:
    """A queue with its policy."""
    wanted = f"sqs:{_BATCHES.get(call.action, call.action)}"
    account, name = call.text("QueueOwnerAWSAccountId"), call.text("QueueName")
    if call.text("QueueUrl"):
        account, _, name = urlsplit(call.text("QueueUrl")).path.strip("/").partition("/")
    found = _parse(arn(call, name, account=account))
    if found is None:
        return [Permission(action=wanted)]
    existing = lookups.queue(found.text)
    policy = ResourcePolicy(text=str(existing.policy or "")) if existing else None
    return [Permission(action=wanted, resource=found.text, owner=found.account, policy=policy)]


def of_functions(call: Call) -> Iterable[Permission]:
    """A function, by name or ARN."""
    wanted = f"lambda:{_FUNCTION_ACTIONS.get(call.action, call.action)}"
    name = str(call.params.get("FunctionName") or "")
    if name and not name.startswith("arn:"):
        name = arn(call, f"function:{name}")
    return [Permission(action=wanted, resource=name or "*")]


@dataclass(frozen=True)
class Arn:
    """An ARN of a topic or queue, taken apart."""

    text: str
    region: str
    account: str


def _parse(text: str) -> Arn | None:
    match = _ARN.match(text)
    return match and Arn(text, match["region"], match["account"])
