"""Alarms that ring when the log bucket gets no log files, or no digests."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.resources.options import child_options

HOUR = 3600
MOST_HOURS = 24
"""An alarm after more than a day would be none."""


class DeliveryAlarmsArgs(TypedDict):
    """The arguments of `DeliveryAlarms`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name, in this account and region."""
    log_file_prefix: str
    """What the keys of log files begin with that come every hour: of one account, such as
    `AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/`."""
    digest_prefix: str
    """What the keys of digest files begin with: the same with `CloudTrail-Digest/`."""
    alert_topic_arn: pulumi.Input[str]
    """ARN of the topic that is notified."""
    log_file_hours: NotRequired[pulumi.Input[int]]
    """How long there may be no log file, in hours: 1 to 24. Default: 1."""
    digest_hours: NotRequired[pulumi.Input[int]]
    """How long there may be no digest, which CloudTrail writes every hour: 1 to 24. Default: 2."""
    alarm_prefix: NotRequired[str]
    """How the names of alarms and metrics begin. Default: the component's name."""


class DeliveryAlarms(pulumi.ComponentResource):
    """Dead-man alarms on the log bucket: its request metrics say what was put.

    They are in the bucket's account, so who stops the trail in another account cannot silence
    them. S3 bills request metrics like custom metrics
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudwatch-monitoring.html), and does not
    say whether they count requests that it refused.
    """

    alarm_names: pulumi.Output[list[str]]
    """The names of the alarms."""

    def __init__(
        self, name: str, args: DeliveryAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make metrics and alarms.

        Args:
            name: the component's name.
            args: see `DeliveryAlarmsArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: the hours are not from 1 to 24.
        """
        super().__init__("cloudtrail-guard:index:DeliveryAlarms", name, {}, opts)
        args = checked_inputs(self, args)
        self._args = args
        self._title = args.get("alarm_prefix", name)
        alarms = [
            self._alarm(
                name,
                "log-files",
                args["log_file_prefix"],
                args.get("log_file_hours", 1),
                "No log file was delivered: the trail is stopped, redirected or refused",
            ),
            self._alarm(
                name,
                "digests",
                args["digest_prefix"],
                args.get("digest_hours", 2),
                "No digest was delivered: log file validation is off, or the trail is stopped",
            ),
        ]
        self.alarm_names = pulumi.Output.all(*(alarm.name for alarm in alarms))
        self.register_outputs({"alarm_names": self.alarm_names})

    def _alarm(
        self, name: str, kind: str, prefix: str, hours: pulumi.Input[int], why: str
    ) -> "aws.cloudwatch.MetricAlarm":
        title = f"{self._title}-{kind}"
        bucket = self._args["log_bucket_name"]
        metric = aws.s3.BucketMetric(
            f"{name}-{kind}",
            name=title,
            bucket=bucket,
            filter={"prefix": prefix},
            opts=child_options(self),
        )
        return aws.cloudwatch.MetricAlarm(
            f"{name}-{kind}",
            name=title,
            alarm_description=why,
            namespace="AWS/S3",
            metric_name="PutRequests",
            dimensions={"BucketName": bucket, "FilterId": metric.name},
            statistic="Sum",
            period=HOUR,
            evaluation_periods=compute(
                self, lambda values: _hours(kind, values["hours"]), hours=hours
            ),
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data="breaching",
            alarm_actions=[self._args["alert_topic_arn"]],
            opts=child_options(self),
        )


def _hours(kind: str, hours: int) -> int:
    if not 1 <= hours <= MOST_HOURS:
        raise InvalidValueError(
            f"the hours without {kind.replace('-', ' ')} must be from 1 to {MOST_HOURS}, and are "
            f"{hours}"
        )
    return hours
