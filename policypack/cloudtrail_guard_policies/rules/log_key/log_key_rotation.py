"""A log key is rotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_keys import JOINED_WITH_KEYS, KEYS, log_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for key, _ in log_keys(stack):
        value = key.properties.get("enableKeyRotation")
        if value is UNKNOWN:
            yield Undecidable(resource=key, path="enableKeyRotation")
        elif not is_true(value):
            yield Violation(
                resource=key,
                path="enableKeyRotation",
                problem="is not true: the key is never rotated",
                remediation="set enableKeyRotation to true",
            )


RULE = StackRule(
    id="log-key-rotation",
    title="A key that encrypts log files is rotated every year.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS,
    joins=JOINED_WITH_KEYS,
    controls=controls("kms_cmk_rotation_enabled", "KMS.4"),
    link="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    rationale=(
        "Rotation gives the key new key material every year, and keeps the old for decryption."
        " What one set of key material encrypts, and what its loss would expose, stays bounded."
        " It is off unless it is set."
    ),
    remediation="Set enableKeyRotation to true.",
    check=_check,
    corrections={each: {"enableKeyRotation": True} for each in KEYS},
)
