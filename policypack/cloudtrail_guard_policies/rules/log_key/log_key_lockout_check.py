"""A log key's policy is checked for a lock-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.subjects.log_keys import (
    JOINED_WITH_KEYS,
    KEY_POLICIES,
    KEYS,
    log_keys,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_PROPERTY = "bypassPolicyLockoutSafetyCheck"


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for key, documents in log_keys(stack):
        for resource in {
            each.urn: each for each in (key, *(d.resource for d in documents))
        }.values():
            value = resource.properties.get(_PROPERTY)
            if value is UNKNOWN:
                yield Undecidable(resource=resource, path=_PROPERTY)
            elif is_true(value):
                yield Violation(
                    resource=resource,
                    path=_PROPERTY,
                    problem="is true: a wrong policy can make the key unmanageable for good",
                    remediation=f"set {_PROPERTY} to false, or remove it",
                )


RULE = StackRule(
    id="log-key-lockout-check",
    title="A key's policy is not set past the check that somebody can still change it.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
    rationale=(
        "KMS rejects a key policy that would keep the caller from changing it again. Past that"
        " check, one wrong statement makes the key unmanageable for good: not even the root user"
        " can repair it, and AWS Support must be asked."
    ),
    remediation="Set bypassPolicyLockoutSafetyCheck to false, or leave it out.",
    check=_check,
)
