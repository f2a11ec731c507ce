"""A trail's log group is encrypted with a KMS key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Violation
from cloudtrail_guard_policies.engine.values import is_blank
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


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for group in trail_log_groups(stack):
        # A key that is not known yet is made in the same program: it counts as set.
        if is_blank(group.properties.get("kmsKeyId")):
            yield Violation(
                resource=group,
                path="kmsKeyId",
                problem="is not set: every reader of log groups can read the trail's events",
                remediation="set kmsKeyId to the ARN of a key that CloudWatch Logs may use",
            )


RULE = StackRule(
    id="trail-log-group-encrypted",
    title="The log group that a trail sends events to is encrypted with a KMS key.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=LOG_GROUPS,
    joins=JOINED_WITH_GROUPS,
    controls=controls("cloudwatch_log_group_kms_encryption_enabled"),
    link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    rationale=(
        "The log group holds what the log files hold. Without a key of its own, every principal"
        " that may read log groups in the account reads it; with one, reading takes permission on"
        " the key as well."
    ),
    remediation="Set kmsKeyId to the ARN of a key that CloudWatch Logs may use.",
    check=_check,
)
