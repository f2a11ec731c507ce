"""A trail sends its events to CloudWatch Logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import ResourceRule, Violation
from framework.values import is_blank
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._trails import NATIVE_TRAIL, TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings


def _check(trail: Resource, _settings: Settings) -> Iterator[Finding]:
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
                mend=f"set {path} to the ARN of {what}",
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
        "Log files in a bucket tell what happened to whoever looks. Metric filters and alarms work"
        " on CloudWatch Logs, within minutes. CloudTrail needs both the log group and a role that"
        " may write to it. Ingestion costs by the gigabyte, so the rule is an advisory."
    ),
    mend="Set cloudWatchLogsGroupArn to a log group and cloudWatchLogsRoleArn to a role.",
    good="""\
import json

import pulumi_aws as aws

group = aws.cloudwatch.LogGroup("trail", retention_in_days=365)
role = aws.iam.Role(
    "trail",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
)
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
    cloud_watch_logs_role_arn=role.arn,
)
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=_check,
)
