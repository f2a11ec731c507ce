"""Delivery: what CloudTrail records comes to the default bus, and rules send it on, at once.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
and https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from moto.backends import get_backend

from sandbox.aws import event_buses, lookups
from sandbox.aws.enforcement import Permission, ResourcePolicy, may_service, role_may
from sandbox.aws.enforcement.services.kms import on_key
from sandbox.aws.patches.events.matching import matches
from sandbox.aws.patches.events.rules import Rules
from sandbox.aws.patches.store import kept_once

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE: Final = "events.amazonaws.com"
_DETAIL_TYPES: Final = {
    "AwsApiCall": "AWS API Call via CloudTrail",
    "AwsServiceEvent": "AWS Service Event via CloudTrail",
}
_READS: Final = re.compile(r"^(Describe|Get|List)")
_ALL: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_VARIABLE: Final = re.compile(r"<([\w.-]+)>")


@dataclass
class Failures:
    """What could not be delivered: the target and why. AWS tells it to a dead-letter queue only."""

    found: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


@dataclass(frozen=True)
class _Rule:
    """A rule that matched, and the event."""

    arn: str
    account: str
    region: str
    event: Mapping[str, Any]


def deliver(account_id: str, record: Mapping[str, Any]) -> None:
    """Send a record of CloudTrail to the default bus of an account, in the record's region.

    Args:
        account_id: the account.
        record: the event record; one of another type than API calls and service events is not
            sent.
    """
    kind = _DETAIL_TYPES.get(str(record["eventType"]))
    if kind is None:
        return
    emit(
        account_id,
        {
            "detail-type": kind,
            "source": f"aws.{str(record['eventSource']).partition('.')[0]}",
            "time": record["eventTime"],
            "region": record["awsRegion"],
            "resources": [],
            "detail": record,
        },
    )


def emit(account_id: str, event: Mapping[str, Any]) -> None:
    """Send an event of a service to the default bus of an account, in the event's region.

    Args:
        account_id: the account.
        event: the event, without what EventBridge adds.
    """
    if not kept_once(Rules).exist:
        return
    made = {"version": "0", "id": str(uuid.uuid4()), "account": account_id, **event}
    _match(account_id, str(event["region"]), "default", made)


def _match(account_id: str, region: str, bus: str, event: Mapping[str, Any]) -> None:
    found = event_buses.bus(account_id, region, bus)
    for rule in list(found.rules.values()) if found else []:
        pattern = rule.event_pattern.get_pattern()
        if pattern and _admits(rule.state, event) and matches(pattern, event):
            matched = _Rule(rule.arn, account_id, region, event)
            for target in list(rule.targets):
                _send(matched, target)


def _admits(state: str, event: Mapping[str, Any]) -> bool:
    """Whether a rule in this state gets an event: most get no read-only ones."""
    if state == "DISABLED":
        return False
    detail = event["detail"]
    is_read = _READS.match(str(detail.get("eventName", ""))) is not None
    return state == _ALL or not is_read or detail.get("eventCategory") == "Data"


def _send(rule: _Rule, target: Mapping[str, Any]) -> None:
    arn = str(target["Arn"])
    service = arn.split(":")[2]
    problem = ""
    if service == "sns":
        problem = _publish(rule, target, arn)
    elif service == "events":
        problem = _forward(rule, target, arn)
    if problem:
        kept_once(Failures).found.append((arn, problem))


def _publish(rule: _Rule, target: Mapping[str, Any], arn: str) -> str:
    """Publish to a topic; why not, if its policy or its key refuses."""
    account, region = arn.split(":")[4], arn.split(":")[3]
    topic = get_backend("sns")[account][region].topics.get(arn)
    if topic is None or region != rule.region:
        return "the topic is not in the rule's region"
    publish = Permission(
        action="sns:Publish",
        resource=arn,
        owner=account,
        policy=ResourcePolicy(text=topic.policy),
    )
    if not _may(rule, publish):
        return "the topic's policy does not allow it"
    if topic.kms_master_key_id:
        key = lookups.key(topic.kms_master_key_id, account_id=account, region=region)
        context = {"kms:EncryptionContext:aws:sns:topicArn": arn}
        for action in ("kms:GenerateDataKey", "kms:Decrypt"):
            if key is None or not _may(rule, on_key(key, action, context)):
                return f"the topic's key does not allow {action}"
    message = transformed(rule.event, target)
    if message is None:
        return "what the transformer makes of the event is no JSON"
    topic.publish(message)
    return ""


def _forward(rule: _Rule, target: Mapping[str, Any], arn: str) -> str:
    """Put the event on another bus; why not, if the role or the bus's policy refuses."""
    _, _, _, region, account, resource = arn.split(":", 5)
    bus = resource.partition("/")[2]
    found = event_buses.bus(account, region, bus)
    if found is None:
        return "there is no such bus"
    role = lookups.role(str(target.get("RoleArn", "")))
    elsewhere = account != rule.account
    if role is None:
        return "there is no such role"
    policy = event_buses.policy_of(found)
    put = Permission(
        action="events:PutEvents",
        resource=arn,
        owner=account,
        policy=ResourcePolicy(text=policy) if policy else None,
        context={"aws:SourceArn": rule.arn, "aws:SourceAccount": rule.account},
    )
    trust = ResourcePolicy(text=str(role.assume_role_policy_document))
    trusted = Permission(
        action="sts:AssumeRole", resource=role.arn, owner=rule.account, policy=trust
    )
    if not _may(rule, trusted):
        return "the role does not trust EventBridge"
    if (elsewhere and not policy) or not role_may(role, put, rule.region):
        return "the role, or the bus's policy, does not allow it"
    _match(account, region, bus, rule.event)
    return ""


def _may(rule: _Rule, permission: Permission) -> bool:
    return may_service(SERVICE, permission, source_arn=rule.arn, account_id=rule.account)


def transformed(event: Mapping[str, Any], target: Mapping[str, Any]) -> str | None:
    """What a topic gets: the event, or what the target's transformer makes of it; None if no JSON.

    A variable whose path finds nothing is left out, and no value is escaped
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
    """
    transformer = target.get("InputTransformer")
    if transformer is None:
        return str(target.get("Input") or json.dumps(event))
    paths: Mapping[str, str] = transformer.get("InputPathsMap") or {}
    values = {name: _at(path, event) for name, path in paths.items()}
    text: str = transformer["InputTemplate"]
    filled = _VARIABLE.sub(lambda match: _as_text(values.get(match[1])), text)
    try:
        read = json.loads(filled)
    except ValueError:
        return None
    return read if isinstance(read, str) else filled


def _at(path: str, event: Mapping[str, Any]) -> object:
    found: Any = event
    for name in path.removeprefix("$.").split("."):
        found = cast("Mapping[str, Any]", found).get(name) if isinstance(found, dict) else None
    return found


def _as_text(value: object) -> str:
    if value is None:
        return ""
    # Of an object or a list within a text EventBridge drops the quotes.
    return value if isinstance(value, str) else json.dumps(value).replace('"', "")
