"""A log key is enabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.subjects.log_keys import JOINED_WITH_KEYS, KEYS, log_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for key, _ in log_keys(stack):
        value = key.properties.get("isEnabled")
        if value is UNKNOWN:
            yield Undecidable(resource=key, path="isEnabled")
        elif value is not None and not is_true(value):
            yield Violation(
                resource=key,
                path="isEnabled",
                problem="is false: CloudTrail can deliver no log files",
                remediation="set isEnabled to true, or remove it",
            )


RULE = StackRule(
    id="log-key-enabled",
    title="A key that encrypts log files is enabled.",
    severity=Severity.CRITICAL,
    level=EnforcementLevel.MANDATORY,
    types=KEYS,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
    rationale=(
        "While its key is disabled, CloudTrail cannot encrypt, so it delivers no log files, and"
        " those that are there cannot be decrypted. A key is enabled unless isEnabled says"
        " otherwise."
    ),
    remediation="Set isEnabled to true, or leave it out.",
    check=_check,
)
