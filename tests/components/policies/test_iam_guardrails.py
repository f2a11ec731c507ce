from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, cast

import pytest
from cloudtrail_guard import quotas
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import OPERATIONS, Document
from cloudtrail_guard.policies.document import Statement, document, to_json
from cloudtrail_guard.policies.guardrails import ProtectedResources, scp_statements
from cloudtrail_guard.policies.iam_guardrails import (
    IamPolicies,
    boundary_statements,
    iam_access_statements,
    iam_record_statements,
    iam_statements,
)

from tests.components.conftest import BREAK_GLASS, DEPLOYER

POLICIES = IamPolicies("guard", "guard-boundary", ("Developers", "Administrators"))


@pytest.fixture
def everything(protected: ProtectedResources) -> ProtectedResources:
    """All that a stack protects, with names as long as they usually are."""
    return replace(
        protected,
        bucket="aws-cloudtrail-logs-111122223333",
        further_buckets=("aws-cloudtrail-logs-111122223333-replica",),
        further_keys=(f"{protected.key_arn}2",),
        deployers=(DEPLOYER, "arn:aws:iam::111122223333:role/OrganizationAccountAccessRole"),
        monitoring=(
            "arn:aws:events:*:*:rule/cloudtrail-guard*",
            "arn:aws:sns:*:*:cloudtrail-guard*",
            "arn:aws:cloudwatch:*:*:alarm:cloudtrail-guard*",
            "arn:aws:logs:*:*:log-group:/aws/cloudtrail/*",
            "arn:aws:logs:*:*:log-group:/aws/lambda/cloudtrail-guard*",
            "arn:aws:lambda:*:*:function:cloudtrail-guard*",
            "arn:aws:sqs:*:*:cloudtrail-guard*",
        ),
        other_keys=tuple(f"{protected.key_arn}{number}" for number in range(5)),
        own_roles=(
            "arn:aws:iam::*:role/cloudtrail-guard*",
            "arn:aws:iam::111122223333:role/CloudTrailLogIntegrity",
            "arn:aws:iam::111122223333:role/CloudTrailReader",
        ),
    )


def listed(statement: Statement, name: str) -> list[str]:
    value = statement[name]
    return [value] if isinstance(value, str) else cast("list[str]", value)


def denied(statements: Sequence[Statement]) -> Iterator[tuple[str, str, Any]]:
    """Every action, resource and condition of the statements."""
    for statement in statements:
        for action in listed(statement, "Action"):
            for resource in listed(
                statement, "Resource" if "Resource" in statement else "NotResource"
            ):
                yield action, resource, statement["Condition"]


def matches(pattern: str, value: str) -> bool:
    return fnmatchcase(value, pattern)


def test_an_iam_policy_denies_what_the_service_control_policies_deny(
    everything: ProtectedResources,
) -> None:
    ours = list(denied(iam_statements(everything, POLICIES)))

    missing = [
        (action, resource)
        for action, resource, condition in denied(scp_statements(everything))
        if not any(
            matches(a, action) and matches(r, resource) and c == condition for a, r, c in ours
        )
    ]

    assert missing == []


def test_every_operation_that_the_table_gives_to_iam_policies_is_denied(
    everything: ProtectedResources,
) -> None:
    all_of_it = replace(
        everything,
        break_glass=(BREAK_GLASS, "arn:aws:iam::111122223333:user/break-glass"),
        security_services=True,
    )
    patterns = {action for action, _, _ in denied(iam_statements(all_of_it, POLICIES))}

    missing = [
        each.action
        for each in OPERATIONS
        if Document.IAM in each.denied_in
        and not any(matches(pattern, each.action) for pattern in patterns)
    ]

    assert missing == []


def test_policies_and_boundary_fit_with_a_replica_five_keys_and_all_monitoring(
    everything: ProtectedResources,
) -> None:
    allow = {"Sid": "AllowEverythingElse", "Effect": "Allow", "Action": "*", "Resource": "*"}

    for statements in (
        iam_record_statements(everything),
        iam_access_statements(everything, POLICIES),
        [allow, *boundary_statements(everything, POLICIES)],
    ):
        quotas.MANAGED_POLICY.check(to_json(document(statements)))


def test_the_policies_protect_themselves(protected: ProtectedResources) -> None:
    found = {str(s["Sid"]): s for s in iam_statements(protected, POLICIES)}
    exempt = {"aws:PrincipalArn": [BREAK_GLASS, DEPLOYER]}

    assert ("iam:CreatePolicyVersion", "arn:aws:iam::*:policy/guard*") in {
        (action, resource) for action, resource, _ in denied(list(found.values()))
    }
    assert found["ProtectGuardrailAttachments"]["Action"] == [
        "iam:DetachGroupPolicy",
        "iam:DetachRolePolicy",
        "iam:DetachUserPolicy",
    ]
    assert found["ProtectGuardrailAttachments"]["Condition"] == {
        "ArnNotLike": exempt,
        "ArnLike": {"iam:PolicyARN": "arn:aws:iam::*:policy/guard*"},
    }
    assert found["ProtectBoundaries"]["Condition"] == {
        "ArnNotLike": exempt,
        "ArnLike": {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/guard*"},
    }


def test_whom_a_policy_or_the_boundary_binds_makes_no_principal_without_the_boundary(
    protected: ProtectedResources,
) -> None:
    boundary = {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/guard-boundary"}
    exempt = {"aws:PrincipalArn": [BREAK_GLASS, DEPLOYER]}

    for statements, condition in (
        (iam_access_statements(protected, POLICIES), {**exempt, **boundary}),
        (boundary_statements(protected, POLICIES), boundary),
    ):
        deny = next(s for s in statements if s["Sid"] == "RequireBoundary")
        assert {"iam:CreateRole", "iam:CreateUser", "iam:UpdateAssumeRolePolicy"} <= set(
            listed(deny, "Action")
        )
        assert deny["Condition"] == {"ArnNotLike": condition}


def test_no_one_leaves_a_group_that_has_the_policies(protected: ProtectedResources) -> None:
    ours = list(denied(iam_access_statements(protected, POLICIES)))

    for action in ("iam:RemoveUserFromGroup", "iam:DeleteGroup", "iam:UpdateGroup"):
        for group in ("group/Developers", "group/staff/Developers", "group/Administrators"):
            arn = f"arn:aws:iam::111122223333:{group}"
            assert any(matches(a, action) and matches(r, arn) for a, r, _ in ours)
    others = "arn:aws:iam::111122223333:group/Others"
    assert not any(matches(r, others) for a, r, _ in ours if a.startswith("iam:") and r != "*")


def test_the_boundary_exempts_no_one(protected: ProtectedResources) -> None:
    assert "aws:PrincipalArn" not in to_json(document(boundary_statements(protected, POLICIES)))


def test_without_break_glass_there_is_no_iam_policy(protected: ProtectedResources) -> None:
    with pytest.raises(InvalidValueError, match="no break-glass role"):
        iam_statements(replace(protected, break_glass=()), POLICIES)
