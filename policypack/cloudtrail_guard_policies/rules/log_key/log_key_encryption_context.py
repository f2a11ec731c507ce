"""CloudTrail uses a log key for log files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.iam.callers import names_accounts, narrows
from cloudtrail_guard_policies.rules.checks import no_statement_may
from cloudtrail_guard_policies.subjects.log_keys import (
    JOINED_WITH_KEYS,
    KEY_POLICIES,
    KEYS,
    is_for_cloudtrail,
    possible_log_keys,
)

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Statement


_CONTEXT: Final = "kms:encryptioncontext:aws:cloudtrail:arn"


def _problem(statement: Statement) -> str | None:
    if not is_for_cloudtrail(statement):
        return None
    requirements = statement.requirements()
    contexts = [each for each in requirements if each.key == _CONTEXT and "*" not in each.values]
    narrowed = any(narrows(each) for each in requirements)
    if any(names_accounts(each) for each in contexts) or (contexts and narrowed):
        return None
    if narrowed:
        return "lets CloudTrail encrypt anything for the trails it names, not log files alone"
    return "lets CloudTrail encrypt for trails of every account"


RULE = StackRule(
    id="log-key-encryption-context",
    title="A log key's policy lets CloudTrail encrypt log files of named accounts alone.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    rationale=(
        "CloudTrail states the trail's ARN as the encryption context of each log file. A"
        " condition on it binds the grant to trails of named accounts, and so what the key may"
        " encrypt. AWS's own key policy for CloudTrail has it."
    ),
    remediation="Add the condition StringLike kms:EncryptionContext:aws:cloudtrail:arn.",
    check=no_statement_may(
        possible_log_keys,
        _problem,
        remediation="add StringLike kms:EncryptionContext:aws:cloudtrail:arn with the trails",
    ),
)
