"""Rules, targets and buses: what moto takes that AWS rejects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from moto.backends import get_backend

from sandbox.aws.call import AwsError
from sandbox.aws.event_buses import policy_of, set_policy
from sandbox.aws.patches.events.patterns import PatternError, check
from sandbox.aws.patches.registry import patch
from sandbox.aws.patches.store import kept_once
from sandbox.aws.policy_grammar import RESOURCE_POLICY, GrammarError, parse

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

LONGEST: Final = 2_048
"""Characters of a pattern
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)."""


@dataclass
class Rules:
    """Whether there was ever a rule: without one, moto's part need not be loaded."""

    exist: bool = False


@patch(
    "events",
    "PutRule",
    "moto takes any JSON for a pattern",
    limit="how complex a pattern may be is not checked",
)
def put_rule(call: Call) -> None:
    """Check a rule's pattern."""
    kept_once(Rules).exist = True
    pattern = call.text("EventPattern")
    if not pattern:
        return
    if len(pattern) > LONGEST:
        raise AwsError(
            "LimitExceededException",
            f"The event pattern has {len(pattern)} characters; the limit is {LONGEST}.",
        )
    try:
        check(json.loads(pattern))
    except (PatternError, ValueError) as error:
        raise AwsError("InvalidEventPatternException", str(error)) from None


@patch(
    "events",
    "PutTargets",
    "moto takes a bus of another account or region without a role",
    limit="whether targets exist is not checked",
)
def put_targets(call: Call) -> None:
    """Check that a bus elsewhere comes with a role."""
    here = f":{call.region}:{call.signer.account_id}:"
    for target in call.params.get("Targets") or []:
        arn = str(target.get("Arn"))
        if ":event-bus/" in arn and here not in arn and not target.get("RoleArn"):
            message = f"RoleArn is required for target {arn}."
            raise AwsError("ValidationException", message)


@patch("events", "PutPermission", "moto adds the statements of a policy to those that are there")
def put_permission(call: Call) -> Answer | None:
    """Replace a bus's policy; statements by account are moto's."""
    policy = call.text("Policy")
    if not policy:
        return None
    try:
        parse(policy, RESOURCE_POLICY)
    except GrammarError as error:
        raise AwsError("ValidationException", f"Invalid policy: {error}") from None
    bus = _bus(call, call.text("EventBusName"))
    set_policy(bus, policy)
    return {}


@patch("events", "RemovePermission", "moto removes statements, and not a policy as a whole")
def remove_permission(call: Call) -> Answer | None:
    """Remove a bus's policy."""
    bus = _bus(call, call.text("EventBusName"))
    if not call.flag("RemoveAllPermissions") or not policy_of(bus):
        return None
    set_policy(bus, "")
    return {}


@patch("events", "DescribeEventBus", "moto makes a policy of the statements that it keeps")
def describe_event_bus(call: Call) -> Answer | None:
    """Describe a bus with its policy."""
    bus = _bus(call, call.text("Name"))
    policy = policy_of(bus)
    if not policy:
        return None
    answer = {"Arn": bus.arn, "Name": bus.name, "Policy": policy}
    return answer | ({"Description": bus.description} if bus.description else {})


@patch("events", "UpdateEventBus", "moto lacks this operation", limit="the description alone")
def update_event_bus(call: Call) -> Answer:
    """Change a bus's description."""
    bus = _bus(call, call.text("Name"))
    bus.description = call.text("Description")
    return {"Arn": bus.arn, "Name": bus.name, "Description": bus.description}


def _bus(call: Call, name: str) -> Any:  # noqa: ANN401 - moto's
    backend = get_backend("events")[call.signer.account_id][call.region]
    return backend.describe_event_bus(name.rpartition("/")[2] or "default")
