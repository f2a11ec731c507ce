"""Settings that are objects: alarms, alerts and the tamper response."""

from typing import Annotated

from cloudtrail_guard import SubscriptionArgs
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


class AlarmSettings(Group):
    """The trail's log group, and the alarms on it."""

    enabled: bool = True
    """Whether the log group and its alarms are created."""
    retention_days: Annotated[int, AfterValidator(_offered_by_cloudwatch)] = 365
    """How long the log group keeps events."""


class ResponseSettings(Group):
    """The Lambda function that undoes tampering."""

    enabled: bool = False
    """Whether the function is created."""
    dry_run: bool = True
    """Whether it only reports what it would do."""
