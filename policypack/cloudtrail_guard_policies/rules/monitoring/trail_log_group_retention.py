"""A trail's log group keeps events long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, whole_number
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.monitoring import (
    JOINED_WITH_GROUPS,
    LOG_GROUPS,
    trail_log_groups,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_DAYS = integer("retentionDays", "For how many days events must be kept.", default=365, minimum=1)


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    for group in trail_log_groups(stack):
        value = group.properties.get("retentionInDays")
        days = whole_number(value)
        if value is UNKNOWN:
            yield Undecidable(resource=group, path="retentionInDays")
        elif days is not None and 0 < days < settings[_DAYS]:
            yield Violation(
                resource=group,
                path="retentionInDays",
                problem=f"is shorter than {settings[_DAYS]} days",
                remediation=f"set retentionInDays to {settings[_DAYS]} or more",
            )


RULE = StackRule(
    id="trail-log-group-retention",
    title="The log group that a trail sends events to keeps them for a year or more.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=LOG_GROUPS,
    joins=JOINED_WITH_GROUPS,
    controls=controls(
        "cloudwatch_log_group_retention_policy_specific_days_enabled", "CloudWatch.16"
    ),
    link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    rationale=(
        "Queries in CloudWatch Logs see only what the group still keeps, and intrusions are often"
        " found months later. Without retentionInDays, or with 0, events never expire."
    ),
    remediation="Set retentionInDays to 365 or more, or leave it out.",
    check=_check,
    parameters=(_DAYS,),
)
