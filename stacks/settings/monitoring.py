"""Settings that are objects: alarms, alerts and the tamper response."""

from typing import Annotated

from cloudtrail_guard import AlarmThresholdArgs, SubscriptionArgs
from cloudtrail_guard.detection.metric_filters import ALARMS
from cloudtrail_guard.trail_alarms import RETENTION_DAYS
from pydantic import AfterValidator, Field

from stacks.settings import identifiers
from stacks.settings.base import Group


class AlertSettings(Group):
    """Where alarms and tamper alerts are sent."""

    emails: list[identifiers.Email] = Field(default=[])
    """Email addresses, each of which must confirm the subscription."""
    https_endpoints: list[identifiers.HttpsUrl] = Field(default=[])
    """URLs, each of which must confirm the subscription."""
    queue_arns: list[identifiers.QueueArn] = Field(default=[])
    """SQS queues."""
    log_file_hours: Annotated[int, Field(ge=1, le=24)] = 1
    """After how many hours without a log file an alarm rings, in the log bucket's account."""
    digest_hours: Annotated[int, Field(ge=1, le=24)] = 2
    """After how many hours without a digest an alarm rings, in the log bucket's account."""

    def subscriptions(self) -> list[SubscriptionArgs]:
        """As a component's argument."""
        return [
            *({"protocol": "email", "endpoint": each} for each in self.emails),
            *({"protocol": "https", "endpoint": each} for each in self.https_endpoints),
            *({"protocol": "sqs", "endpoint": each} for each in self.queue_arns),
        ]


def _offered_by_cloudwatch(days: int) -> int:
    if days not in RETENTION_DAYS:
        raise ValueError(f"must be one of {', '.join(map(str, RETENTION_DAYS))}")
    return days


def _an_alarm(name: str) -> str:
    if name not in ALARMS:
        raise ValueError(f"must be one of {', '.join(ALARMS)}")
    return name


class ThresholdSettings(Group):
    """When one alarm rings."""

    alarm: Annotated[str, AfterValidator(_an_alarm)]
    """The alarm's name, without the prefix."""
    count: Annotated[int, Field(ge=1)]
    """How many events within five minutes make it ring."""

    def args(self) -> AlarmThresholdArgs:
        """As a component's argument."""
        return {"alarm": self.alarm, "count": self.count}


class AlarmSettings(Group):
    """The trail's log group, and the alarms on it."""

    enabled: bool = True
    """Whether the log group and its alarms are created."""
    retention_days: Annotated[int, AfterValidator(_offered_by_cloudwatch)] = 365
    """How long the log group keeps events."""
    thresholds: list[ThresholdSettings] = Field(default=[])
    """Alarms that ring at more than one event within five minutes: alarm, count."""


class ResponseSettings(Group):
    """The Lambda function that undoes tampering."""

    enabled: bool = False
    """Whether the function is created."""
    dry_run: bool = True
    """Whether it only reports what it would do."""
