"""A trail's alarms tell somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN, is_true, items
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._monitoring import ALARMS, JOINED_WITH_ALARMS, trail_alarms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for alarm in trail_alarms(stack):
        # Actions that are not known yet are there.
        if not items(alarm.properties.get("alarmActions")):
            yield Violation(
                resource=alarm,
                path="alarmActions",
                problem="is not set: the alarm tells nobody",
                mend="set alarmActions to the ARN of a topic",
            )
        enabled = alarm.properties.get("actionsEnabled")
        if enabled is UNKNOWN:
            yield Undecidable(resource=alarm, path="actionsEnabled")
        elif enabled is not None and not is_true(enabled):
            yield Violation(
                resource=alarm,
                path="actionsEnabled",
                problem="is false: the alarm tells nobody",
                mend="set actionsEnabled to true, or remove it",
            )


RULE = StackRule(
    id="trail-alarm-actions",
    title="An alarm on a trail's events notifies somebody.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=ALARMS,
    joins=JOINED_WITH_ALARMS,
    controls=controls("cloudwatch_alarm_actions_alarm_state_configured", "CloudWatch.15"),
    link="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    rationale=(
        "An alarm without an action, or with its actions switched off, changes its colour in a"
        " console that nobody looks at."
    ),
    mend="Set alarmActions to a topic, and leave actionsEnabled true.",
    good="""\
import pulumi_aws as aws

group = aws.cloudwatch.LogGroup("trail")
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
    cloud_watch_logs_role_arn="arn:aws:iam::111122223333:role/TrailDelivery",
)
aws.cloudwatch.LogMetricFilter(
    "trail-changes",
    log_group_name=group.name,
    pattern=(
        "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) ||"
        " ($.eventName = DeleteTrail) || ($.eventName = StartLogging) ||"
        " ($.eventName = StopLogging) }"
    ),
    metric_transformation={"name": "TrailChanges", "namespace": "CIS", "value": "1"},
)
topic = aws.sns.Topic("alarms", kms_master_key_id="alias/alarms")
aws.cloudwatch.MetricAlarm(
    "trail-changes",
    metric_name="TrailChanges",
    namespace="CIS",
    comparison_operator="GreaterThanOrEqualToThreshold",
    evaluation_periods=1,
    period=300,
    statistic="Sum",
    threshold=1,
    alarm_actions=[topic.arn],
)
""",
    bad="""\
import pulumi_aws as aws

group = aws.cloudwatch.LogGroup("trail")
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
    cloud_watch_logs_role_arn="arn:aws:iam::111122223333:role/TrailDelivery",
)
aws.cloudwatch.LogMetricFilter(
    "trail-changes",
    log_group_name=group.name,
    pattern=(
        "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) ||"
        " ($.eventName = DeleteTrail) || ($.eventName = StartLogging) ||"
        " ($.eventName = StopLogging) }"
    ),
    metric_transformation={"name": "TrailChanges", "namespace": "CIS", "value": "1"},
)
topic = aws.sns.Topic("alarms", kms_master_key_id="alias/alarms")
aws.cloudwatch.MetricAlarm(
    "trail-changes",
    metric_name="TrailChanges",
    namespace="CIS",
    comparison_operator="GreaterThanOrEqualToThreshold",
    evaluation_periods=1,
    period=300,
    statistic="Sum",
    threshold=1,
    alarm_actions=[topic.arn],
    actions_enabled=False,
)
""",
    check=_check,
)
