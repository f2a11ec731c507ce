"""A log key's deletion can be called off for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, whole_number
from cloudtrail_guard_policies.subjects.log_keys import JOINED_WITH_KEYS, KEYS, log_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_DAYS = integer("minimumDays", "The shortest waiting period, in days.", default=30, minimum=7)


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    for key, _ in log_keys(stack):
        value = key.properties.get("deletionWindowInDays")
        days = whole_number(value)
        if value is UNKNOWN:
            yield Undecidable(resource=key, path="deletionWindowInDays")
        elif days is not None and days < settings[_DAYS]:
            yield Violation(
                resource=key,
                path="deletionWindowInDays",
                problem=f"is shorter than {settings[_DAYS]} days",
                remediation=f"set deletionWindowInDays to {settings[_DAYS]} or more",
            )


RULE = StackRule(
    id="log-key-deletion-window",
    title="A key that encrypts log files is deleted only after a long waiting period.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    rationale=(
        "A deleted key takes with it every log file that it encrypted. The waiting period, 7 to"
        " 30 days, is the time in which somebody can notice and cancel. AWS waits 30 days unless"
        " deletionWindowInDays says otherwise."
    ),
    remediation="Set deletionWindowInDays to 30, or leave it out.",
    check=_check,
    parameters=(_DAYS,),
)
