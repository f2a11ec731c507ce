"""A trail sends its events to CloudWatch Logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule, Violation
from cloudtrail_guard_policies.engine.values import is_blank
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.trails import NATIVE_TRAIL, TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
    native = trail.type == NATIVE_TRAIL
    wanted = {
        "cloudWatchLogsLogGroupArn" if native else "cloudWatchLogsGroupArn": "a log group",
        "cloudWatchLogsRoleArn": "a role that CloudTrail may assume to write to it",
    }
    # A group or role that is not known yet is made in the same program: it counts as set.
    for path, what in wanted.items():
        if is_blank(trail.properties.get(path)):
            yield Violation(
                resource=trail,
                path=path,
                problem="is not set: no metric filter or alarm can see the events",
                remediation=f"set {path} to the ARN of {what}",
            )


RULE = ResourceRule(
    id="cloudtrail-cloudwatch-logs",
    title="A CloudTrail trail sends its events to CloudWatch Logs.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls=controls("cloudtrail_cloudwatch_logging_enabled", "CloudTrail.5"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    rationale=(
        "Log files in a bucket show what happened only when they are read. Metric filters and"
        " alarms work on CloudWatch Logs, within minutes. CloudTrail needs both the log group and a"
        " role that may write to it. Ingestion costs by the gigabyte, so the rule is an advisory."
    ),
    remediation="Set cloudWatchLogsGroupArn to a log group and cloudWatchLogsRoleArn to a role.",
    check=_check,
)
