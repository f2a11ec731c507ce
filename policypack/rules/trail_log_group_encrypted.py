"""A trail's log group is encrypted with a KMS key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Violation
from framework.values import is_blank
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._examples import log_group
from rules._monitoring import JOINED_WITH_GROUPS, LOG_GROUPS, trail_log_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for group in trail_log_groups(stack):
        # A key that is not known yet is made in the same program: it counts as set.
        if is_blank(group.properties.get("kmsKeyId")):
            yield Violation(
                resource=group,
                path="kmsKeyId",
                problem="is not set: whoever may read log groups reads the trail's events",
                mend="set kmsKeyId to the ARN of a key that CloudWatch Logs may use",
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
        "The log group holds what the log files hold. Without a key of its own, whoever may read"
        " log groups in the account reads it; with one, reading takes permission on the key as"
        " well."
    ),
    mend="Set kmsKeyId to the ARN of a key that CloudWatch Logs may use.",
    good=log_group(
        ', kms_key_id="arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"'
    ),
    bad=log_group(),
    check=_check,
)
