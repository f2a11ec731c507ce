"""The alarms that auditors ask for, made of the trail's own events."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.detection.cis_metric_filters import BEYOND_CIS
from cloudtrail_guard.detection.event_patterns import SILENCE
from cloudtrail_guard.detection.metric_filters import (
    ALARMS,
    BREAK_GLASS_USE,
    METRIC_FILTERS,
    TOPIC_CHANGES,
    WATCHING,
    break_glass_pattern,
    topic_changes_pattern,
)
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.alerts import delivery_policy, delivery_trust_policy
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.options import child_options, keep_generated_name

RETENTION_DAYS = (365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""What CloudWatch Logs offers from a year on, in days
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html)."""


HOUR = 3600


class AlarmThresholdArgs(TypedDict):
    """When an alarm rings."""

    alarm: pulumi.Input[str]
    """The metric's name, such as `UnauthorizedApiCalls`."""
    count: pulumi.Input[int]
    """How many events within five minutes make it ring: 1 or more."""


class TrailAlarmsArgs(TypedDict):
    """The arguments of `TrailAlarms`."""

    trail_arn: pulumi.Input[str]
    """ARN of the trail that delivers its events; built from names, as it is made afterwards."""
    organization_id: NotRequired[pulumi.Input[str]]
    """The organization's id, `o-...`, if it is an organization trail."""
    log_group_name: NotRequired[pulumi.Input[str]]
    """The log group's name. Default: `/aws/cloudtrail/` and the component's name."""
    retention_days: NotRequired[pulumi.Input[int]]
    """How long events stay in the log group: 365 days or more. Default: 365."""
    alert_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the log group; its policy must let CloudWatch Logs use it."""
    alert_topic_arn: pulumi.Input[str]
    """ARN of the topic that is notified when an alarm goes off."""
    thresholds: NotRequired[Sequence[AlarmThresholdArgs]]
    """When alarms ring that ring too often. Default: all at the first event."""
    watched_names: NotRequired[Sequence[str]]
    """How the names of topics of alerts begin, changes of which are alarmed of: of all accounts
    whose events the log group has. Default: the component's name."""
    break_glass_role_arns: NotRequired[Sequence[pulumi.Input[str]]]
    """ARNs of the roles each use of which is alarmed of, in any region. Default: none."""
    namespace: NotRequired[str]
    """Namespace of the metrics. Default: `CloudTrailGuard`."""


@dataclass(frozen=True)
class _Metric:
    """A metric: its name, what its alarm says, and the patterns that count for it."""

    name: str
    about: str
    patterns: Sequence[pulumi.Input[str]]


class TrailAlarms(pulumi.ComponentResource):
    """The log group of a trail, with the metric filters and alarms of the CIS benchmark over it.

    Further filters of our own match what those 15 miss, and one alarm rings when no event came for
    an hour: without events no other alarm can.

    The trail takes `log_group_arn` and `delivery_role_arn`. The log group of an organization trail
    has the events of all its accounts, so one set of alarms covers all of them.
    """

    log_group_arn: pulumi.Output[str]
    """The log group's ARN with `:*` at its end, the form that a trail takes."""
    delivery_role_arn: pulumi.Output[str]
    """ARN of the role that CloudTrail delivers with."""
    alarm_names: pulumi.Output[list[str]]
    """The names of the alarms."""

    def __init__(
        self, name: str, args: TrailAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make log group, role, filters and alarms.

        Args:
            name: the component's name.
            args: see `TrailAlarmsArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: the retention is none that CloudWatch Logs offers, or below a year; a
                threshold is of no alarm, or below 1; a name or ARN is too long for a filter.
        """
        super().__init__("cloudtrail-guard:index:TrailAlarms", name, {}, opts)
        args = checked_inputs(self, args)
        self._args = args
        log_group_name = args.get("log_group_name", f"/aws/cloudtrail/{name}")
        # First, so that nothing is registered when a threshold or a name does not fit.
        compute(
            self,
            lambda values: [_threshold(each, **values) for each in ALARMS],
            thresholds=args.get("thresholds", ()),
        )
        metrics = self._metrics(name)
        group = aws.cloudwatch.LogGroup(
            f"{name}-log-group",
            name=log_group_name,
            retention_in_days=compute(self, _retention, days=args.get("retention_days", 365)),
            kms_key_id=args["alert_key_arn"],
            opts=child_options(self),
        )
        delivery = self._delivery_role(name, log_group_name)
        alarms = [self._alarm(name, group, each) for each in metrics]
        alarms.append(self._silence(name, group))
        self.log_group_arn = group.arn.apply(lambda arn: f"{arn}:*")
        self.delivery_role_arn = delivery
        self.alarm_names = pulumi.Output.all(*(alarm.name for alarm in alarms))
        self.register_outputs(
            {
                "log_group_arn": self.log_group_arn,
                "delivery_role_arn": self.delivery_role_arn,
                "alarm_names": self.alarm_names,
            }
        )

    def _delivery_role(self, name: str, log_group: pulumi.Input[str]) -> pulumi.Output[str]:
        location = caller_location(self)
        role = aws.iam.Role(
            f"{name}-delivery",
            description="CloudTrail delivers events to CloudWatch Logs with it",
            assume_role_policy=compute(
                self,
                lambda values: to_json(delivery_trust_policy(values["trail"])),
                trail=self._args["trail_arn"],
            ),
            opts=keep_generated_name(child_options(self)),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-delivery",
            role=role.name,
            policy=compute(
                self,
                lambda values: to_json(delivery_policy(location, **values)),
                log_group=log_group,
                organization=self._args.get("organization_id"),
            ),
            opts=keep_generated_name(child_options(self)),
        )
        # Through the policy: CloudTrail rejects a role that may not deliver yet.
        return pulumi.Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))

    def _metrics(self, name: str) -> list[_Metric]:
        """The metrics, each of one filter, or of one for each role."""
        topics = compute(
            self,
            lambda values: topic_changes_pattern(values["names"]),
            names=self._args.get("watched_names", [name]),
        )
        uses = [
            compute(self, lambda values: break_glass_pattern(values["role"]), role=role)
            for role in self._args.get("break_glass_role_arns", ())
        ]
        return [
            *(_Metric(each.name, each.about, [each.pattern]) for each in METRIC_FILTERS),
            *(
                _Metric(metric, f"{BEYOND_CIS}: {WATCHING[metric]}", patterns)
                for metric, patterns in ((TOPIC_CHANGES, [topics]), (BREAK_GLASS_USE, uses))
                if patterns
            ),
        ]

    def _alarm(
        self, name: str, group: "aws.cloudwatch.LogGroup", metric: _Metric
    ) -> "aws.cloudwatch.MetricAlarm":
        namespace = self._args.get("namespace", "CloudTrailGuard")
        for number, pattern in enumerate(metric.patterns, start=1):
            title = metric.name if number == 1 else f"{metric.name}-{number}"
            aws.cloudwatch.LogMetricFilter(
                f"{name}-{title}",
                name=title,
                log_group_name=group.name,
                pattern=pattern,
                metric_transformation={
                    "name": metric.name,
                    "namespace": namespace,
                    "value": "1",
                    "default_value": "0",
                },
                opts=child_options(self),
            )
        threshold = compute(
            self,
            lambda values: _threshold(metric.name, values["thresholds"]),
            thresholds=self._args.get("thresholds", ()),
        )
        return aws.cloudwatch.MetricAlarm(
            f"{name}-{metric.name}",
            name=f"{name}-{metric.name}",
            alarm_description=metric.about,
            metric_name=metric.name,
            namespace=namespace,
            statistic=compute(
                self, lambda values: _statistic(values["threshold"]), threshold=threshold
            ),
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=threshold,
            # Silence is normal here, as long as the log group gets events: see _silence.
            treat_missing_data="notBreaching",
            alarm_actions=[self._args["alert_topic_arn"]],
            opts=child_options(self),
        )

    def _silence(self, name: str, group: "aws.cloudwatch.LogGroup") -> "aws.cloudwatch.MetricAlarm":
        """The alarm for a log group without events.

        Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
        """
        return aws.cloudwatch.MetricAlarm(
            f"{name}-{SILENCE}",
            name=f"{name}-{SILENCE}",
            alarm_description=(
                "The log group gets no events: no alarm on them can ring. The trail was stopped, "
                "sent elsewhere, or may not deliver"
            ),
            namespace="AWS/Logs",
            metric_name="IncomingLogEvents",
            dimensions={"LogGroupName": group.name},
            statistic="Sum",
            period=HOUR,
            evaluation_periods=1,
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data="breaching",
            alarm_actions=[self._args["alert_topic_arn"]],
            opts=child_options(self),
        )


def _statistic(threshold: int) -> str:
    """How the points of a metric are taken together.

    The first event is a maximum: who may call PutMetricData, which is a data event, could keep a
    sum down with negative values
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html).
    """
    return "Maximum" if threshold == 1 else "Sum"


def _threshold(metric: str, thresholds: Sequence[Mapping[str, Any]]) -> int:
    counts = {str(each["alarm"]): int(each["count"]) for each in thresholds}
    for alarm, count in counts.items():
        if alarm not in ALARMS:
            raise InvalidValueError(
                f"thresholds name the alarm {alarm!r}, which is not one of {', '.join(ALARMS)}"
            )
        if count < 1:
            raise InvalidValueError(f"the threshold of {alarm} must be 1 or more, and is {count}")
    return counts.get(metric, 1)


def _retention(values: dict[str, Any]) -> int:
    days = int(values["days"])
    if days not in RETENTION_DAYS:
        raise InvalidValueError(
            f"retention_days = {days} must be one of {', '.join(map(str, RETENTION_DAYS))}: what "
            "CloudWatch Logs offers from a year on, which CIS and PCI DSS ask for"
        )
    return days
