"""An SCP's exemptions are principals by their full ARN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.subjects.guardrails import POLICIES, no_guardrail_may

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Statement

_FULL: Final = re.compile(r"^arn:[a-z0-9-]+:(iam|sts)::[0-9]{12}:[a-z-]+/[^*?]+$")


def _exempts_by_pattern(statement: Statement) -> bool:
    return any(
        isinstance(value, str) and not _FULL.match(value)
        for condition in statement.conditions_on("aws:principalarn")
        if "not" in condition.operator
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
        " full ARN, with the account, names one role."
    ),
    remediation="Name each exempt role by its full ARN, account and path included.",
    check=no_guardrail_may(
        _exempts_by_pattern,
        where="Condition",
        problem="exempts principals by a pattern: a role of that name can be made in any account",
        remediation="name each exempt role by its full ARN, without wildcards",
    ),
)
