"""A trail's topics are encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Violation
from framework.values import is_blank
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._monitoring import JOINED_WITH_TOPICS, TOPICS, trail_topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for topic in trail_topics(stack):
        key = topic.properties.get("kmsMasterKeyId")
        if is_blank(key) or (isinstance(key, str) and key.endswith("alias/aws/sns")):
            state = "is the key that AWS manages for SNS" if key else "is not set"
            yield Violation(
                resource=topic,
                path="kmsMasterKeyId",
                problem=f"{state}: notifications are not encrypted, or do not arrive",
                mend="set kmsMasterKeyId to a customer managed key that admits the sender",
            )


RULE = StackRule(
    id="trail-topic-encrypted",
    title="A topic that a trail or its alarms notify is encrypted with a KMS key.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=TOPICS,
    joins=JOINED_WITH_TOPICS,
    controls=controls("sns_topics_kms_encryption_at_rest_enabled", "SNS.1"),
    link="https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    rationale=(
        "Notifications say what an investigator looks for, and where log files lie. Encryption"
        " needs a customer managed key: the policy of alias/aws/sns admits neither CloudWatch"
        " alarms nor CloudTrail."
    ),
    mend="Set kmsMasterKeyId to a customer managed key.",
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
topic = aws.sns.Topic("alarms")
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
    check=_check,
)
