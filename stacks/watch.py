"""What watches in an account: the alert topics, the alarms and the tamper alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import (
    AlertTopic,
    TamperAlerts,
    TrailAlarms,
)
from cloudtrail_guard.detection.event_rules import GLOBAL_REGIONS

from stacks.settings import Settings
from stacks.surroundings import Surroundings

if TYPE_CHECKING:
    from cloudtrail_guard import (
        TamperAlertsArgs,
        TrailAlarmsArgs,
    )

PREFIX = "cloudtrail-guard"
"""How the names of topics, alarms and rules begin, so that policies can protect them by name."""


def prefix(settings: Settings) -> str:
    """How the names of one stack begin: two stacks may share an account."""
    return f"{PREFIX}-logs" if settings.role == "security" else PREFIX


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


@dataclass(frozen=True)
class Topics:
    """Where alerts go.

    Attributes:
        here: the topic of the stack's region.
        home: the topic of the region where the events of global services come; often the same.
        home_region: that region.
    """

    here: AlertTopic
    home: AlertTopic
    home_region: str


def log_group_name(settings: Settings) -> str:
    """The log group of the trail's events."""
    return f"/aws/cloudtrail/{settings.trail_name}"


def alert_topics(
    settings: Settings,
    around: Surroundings,
    opts: pulumi.ResourceOptions,
    *,
    log_groups: Sequence[str] = (),
    global_log_groups: Sequence[str] | None = None,
) -> Topics:
    """The topics, whose keys encrypt log groups of their regions too.

    Args:
        settings: the stack's settings.
        around: where it is deployed.
        opts: resource options of the topics.
        log_groups: names of the log groups here, beside the trail's.
        global_log_groups: names of those in the region of the global services. None: nothing of
            this stack is told there, so it has no topic of its own.
    """

    def topic(name: str, region: str, groups: Sequence[str]) -> AlertTopic:
        return AlertTopic(
            name,
            {
                "topic_name": f"{prefix(settings)}-alerts",
                "account_id": around.account,
                "region": region,
                "log_group_names": groups,
                "subscriptions": settings.alerts.subscriptions(),
            },
            opts=opts,
        )

    home = GLOBAL_REGIONS.get(around.partition, around.region)
    apart = global_log_groups is not None and home != around.region
    together = () if apart else global_log_groups or ()
    own = [log_group_name(settings), *log_groups, *together]
    here = topic(f"{prefix(settings)}-alerts", around.region, own)
    if not apart:
        return Topics(here, here, around.region)
    there = topic(f"{prefix(settings)}-alerts-global", home, global_log_groups or ())
    return Topics(here, there, home)


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
        "alert_key_arn": topic.alert_key_arn,
        "alert_topic_arn": topic.alert_topic_arn,
    }
    if organization is not None:
        args["organization_id"] = organization
    return TrailAlarms(PREFIX, args, opts=opts)


def tamper_alerts(
    settings: Settings, topics: Topics, watched: Watched, opts: pulumi.ResourceOptions
) -> TamperAlerts:
    """The event rules, here and where the events of global services come."""
    args: TamperAlertsArgs = {
        "alert_topic_arn": topics.here.alert_topic_arn,
        "organization": watched.organization,
        "rule_prefix": prefix(settings),
    }
    if watched.bucket is not None:
        args["log_bucket_name"] = watched.bucket
    if watched.key_arn is not None:
        args["log_key_arn"] = watched.key_arn
    if topics.home is not topics.here:
        args["global_alert_topic_arn"] = topics.home.alert_topic_arn
    return TamperAlerts(prefix(settings), args, opts=opts)


def monitoring_patterns(partition: str) -> list[str]:
    """ARNs of everything that watches, in any account and region, for the guardrails."""
    return [
        f"arn:{partition}:events:*:*:rule/{PREFIX}*",
        f"arn:{partition}:sns:*:*:{PREFIX}*",
        f"arn:{partition}:cloudwatch:*:*:alarm:{PREFIX}*",
        f"arn:{partition}:logs:*:*:log-group:/aws/cloudtrail/*",
    ]
