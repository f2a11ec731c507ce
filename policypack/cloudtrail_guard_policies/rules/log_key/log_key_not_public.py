"""A log key is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.iam.callers import admits_anyone
from cloudtrail_guard_policies.rules.checks import no_statement_may
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_keys import (
    JOINED_WITH_KEYS,
    KEY_POLICIES,
    KEYS,
    log_keys,
)

if TYPE_CHECKING:
    from cloudtrail_guard_policies.iam.documents import Statement


def _problem(statement: Statement) -> str | None:
    if admits_anyone(statement):
        return "allows callers of any account: no condition limits them to fixed values"
    return None


RULE = StackRule(
    id="log-key-not-public",
    title="A log key's policy grants nothing to everybody.",
    severity=Severity.CRITICAL,
    level=EnforcementLevel.MANDATORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls=controls("kms_key_not_publicly_accessible"),
    link="https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
    rationale=(
        "A statement for everybody without a condition that fixes the callers lets any principal"
        " of any account use the key: to decrypt log files that leaked, to schedule the key's"
        " deletion, or to change its policy."
    ),
    remediation="Name principals, or add a condition such as kms:CallerAccount.",
    check=no_statement_may(
        log_keys,
        _problem,
        remediation="name the principals, or add a condition such as kms:CallerAccount",
    ),
)
