"""What watches in an account: the alert topics, the alarms and the tamper alerts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import (
    AlertTopic,
    TamperAlerts,
    TrailAlarms,
)
from cloudtrail_guard.documents.events import GLOBAL_REGIONS

from stacks.settings import Settings
from stacks.surroundings import Surroundings

if TYPE_CHECKING:
    from cloudtrail_guard import (
        TamperAlertsArgs,
        TrailAlarmsArgs,
    )

PREFIX = "cloudtrail-guard"
"""How the names of topics, alarms and rules begin, so that policies can protect them by name."""


@dataclass(frozen=True)
class Watched:
    """What an account has that can be tampered with.

    Attributes:
        bucket: the log bucket's name, in its own account.
        key_arn: the log key's ARN, in its own account.
        organization: whether the organization's policies are here.
    """

    bucket: pulumi.Input[str] | None = None
    key_arn: pulumi.Input[str] | None = None
    organization: bool = False


def log_group_name(settings: Settings) -> str:
    """The log group of the trail's events."""
    return f"/aws/cloudtrail/{settings.trail_name}"


def alert_topic(
    settings: Settings, around: Surroundings, opts: pulumi.ResourceOptions
) -> AlertTopic:
    """The topic for this region, whose key encrypts the trail's log group too."""
    return AlertTopic(
        f"{PREFIX}-alerts",
        {
            "account_id": around.account,
            "region": around.region,
            "log_group_names": [log_group_name(settings)],
            "subscriptions": settings.alerts.subscriptions(),
        },
        opts=opts,
    )


def trail_alarms(
    settings: Settings,
    topic: AlertTopic,
    *,
    trail: str,
    organization: str | None,
    opts: pulumi.ResourceOptions,
) -> TrailAlarms:
    """The trail's log group and its alarms."""
    args: TrailAlarmsArgs = {
        "trail_arn": trail,
        "log_group_name": log_group_name(settings),
        "retention_days": settings.alarms.retention_days,
        "kms_key_arn": topic.key_arn,
        "alert_topic_arn": topic.topic_arn,
    }
    if organization is not None:
        args["organization_id"] = organization
    return TrailAlarms(PREFIX, args, opts=opts)


def tamper_alerts(
    settings: Settings,
    around: Surroundings,
    topic: AlertTopic,
    watched: Watched,
    opts: pulumi.ResourceOptions,
) -> TamperAlerts:
    """The event rules, with a topic of its own where the organization's events come."""
    args: TamperAlertsArgs = {
        "alert_topic_arn": topic.topic_arn,
        "organization": watched.organization,
        "rule_prefix": PREFIX,
    }
    if watched.bucket is not None:
        args["bucket_name"] = watched.bucket
    if watched.key_arn is not None:
        args["key_arn"] = watched.key_arn
    home = GLOBAL_REGIONS.get(around.partition, around.region)
    if watched.organization and home != around.region:
        elsewhere = AlertTopic(
            f"{PREFIX}-alerts-global",
            {
                "topic_name": f"{PREFIX}-alerts",
                "account_id": around.account,
                "region": home,
                "subscriptions": settings.alerts.subscriptions(),
            },
            opts=opts,
        )
        args["global_alert_topic_arn"] = elsewhere.topic_arn
    return TamperAlerts(PREFIX, args, opts=opts)


def monitoring_patterns(partition: str) -> list[str]:
    """ARNs of everything that watches, in any account and region, for the guardrails."""
    return [
        f"arn:{partition}:events:*:*:rule/{PREFIX}*",
        f"arn:{partition}:sns:*:*:{PREFIX}*",
        f"arn:{partition}:cloudwatch:*:*:alarm:{PREFIX}*",
        f"arn:{partition}:logs:*:*:log-group:/aws/cloudtrail/*",
    ]
