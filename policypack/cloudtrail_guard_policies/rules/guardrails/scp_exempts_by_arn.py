"""An SCP's exemptions are principals by their full ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.iam.callers import is_pattern_of_principals
from cloudtrail_guard_policies.subjects.guardrails import POLICIES, no_guardrail_may

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Document, Statement


def _exempts_by_pattern(statement: Statement, _document: Document) -> bool:
    return any(
        isinstance(value, str) and is_pattern_of_principals(value)
        for condition in statement.conditions_on("aws:principalarn")
        if condition.negative
        for value in condition.values
    )


RULE = ResourceRule(
    id="scp-exempts-by-arn",
    title="An SCP that protects CloudTrail exempts principals by their full ARN alone.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=POLICIES,
    controls={},
    link="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn",
    rationale=(
        "An exemption for a role of some name in any account is an invitation: a principal that"
        " may make roles in a member account makes one of that name and is past the guardrail. A"
        " full ARN, with the account, names one role. A pattern is as good for roles that AWS alone"
        " can create, such as Identity Center's below role/aws-reserved/, in one named account."
    ),
    remediation="Name each exempt role by its full ARN, account and path included.",
    check=no_guardrail_may(
        _exempts_by_pattern,
        where="Condition",
        problem="exempts principals by a pattern: others can create a role that matches it",
        remediation="name each exempt role by its full ARN, without wildcards",
    ),
)
