"""A trail's log group keeps events long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.parameters import integer
from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._examples import log_group
from rules._monitoring import JOINED_WITH_GROUPS, LOG_GROUPS, trail_log_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings

_DAYS = integer("retentionDays", "For how many days events must be kept.", default=365, minimum=1)


def _check(stack: Stack, settings: Settings) -> Iterator[Finding]:
    for group in trail_log_groups(stack):
        days = group.properties.get("retentionInDays")
        if days is UNKNOWN:
            yield Undecidable(resource=group, path="retentionInDays")
        elif isinstance(days, int) and 0 < days < settings[_DAYS]:
            yield Violation(
                resource=group,
                path="retentionInDays",
                problem=f"is shorter than {settings[_DAYS]} days",
                mend=f"set retentionInDays to {settings[_DAYS]} or more",
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
    mend="Set retentionInDays to 365 or more, or leave it out.",
    good=log_group(", retention_in_days=365"),
    bad=log_group(", retention_in_days=30"),
    check=_check,
    parameters=(_DAYS,),
)
