"""Monitoring of an account: the alert topics, the alarms and the tamper alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import (
    AlertTopic,
    TamperAlerts,
    TrailAlarms,
)

from stacks.context import DeploymentContext
from stacks.names import (
    ORGANIZATION_TRAIL,
    PREFIX,
    global_region,
    prefix,
    response_log_group,
    trail_log_group,
)
from stacks.settings.roles import MonitoringSettings, TrailContentSettings, TrailNameSettings

if TYPE_CHECKING:
    from cloudtrail_guard import (
        TamperAlertsArgs,
        TrailAlarmsArgs,
    )


@dataclass(frozen=True)
class Monitored:
    """What in an account is monitored for tampering.

    Attributes:
        bucket: the log bucket's name, in its own account.
        key_arn: the log key's ARN, in its own account.
        organization: whether the account is the one that manages the organization's policies.
    """

    bucket: pulumi.Input[str] | None = None
    key_arn: pulumi.Input[str] | None = None
    organization: bool = False


@dataclass(frozen=True)
class Topics:
    """Where alerts go.

    Attributes:
        here: the topic of the stack's region.
        home: the topic of the region that receives global services' events; often the same.
        home_region: that region.
    """

    here: AlertTopic
    home: AlertTopic
    home_region: str

    @property
    def key_arns(self) -> list[pulumi.Input[str]]:
        """ARNs of their keys."""
        topics = [self.here] if self.home is self.here else [self.here, self.home]
        return [topic.alert_key_arn for topic in topics]


def alert_topics(
    context: DeploymentContext[MonitoringSettings],
    *,
    break_glass: Sequence[str],
    deployers: Sequence[str],
    log_groups: Sequence[str] = (),
    global_log_groups: Sequence[str] | None = None,
) -> Topics:
    """The topics, whose keys also encrypt the log groups of their regions.

    Args:
        context: the deployment context.
        break_glass: full ARNs of the roles that may disable and delete the keys.
        deployers: full ARNs of the roles that may change the keys besides.
        log_groups: names of the log groups in this region, in addition to the trail's.
        global_log_groups: names of those in the region of the global services. None: this stack
            sends no alerts from there, so it has no topic of its own there.
    """
    settings = context.settings

    def topic(name: str, region: str, groups: Sequence[str]) -> AlertTopic:
        return AlertTopic(
            name,
            {
                "topic_name": f"{prefix(context)}-alerts",
                "account_id": context.account,
                "region": region,
                "log_group_names": groups,
                "break_glass_role_arns": break_glass,
                "deployer_role_arns": deployers,
                "subscriptions": settings.alerts.subscriptions(),
            },
            opts=context.resource_options,
        )

    home = global_region(context)
    apart = global_log_groups is not None and home != context.region
    together = () if apart else global_log_groups or ()
    has_trail_name = isinstance(settings, TrailNameSettings)
    trail = settings.trail_name if has_trail_name else ORGANIZATION_TRAIL
    own = [trail_log_group(trail), *log_groups, *together]
    here = topic(f"{prefix(context)}-alerts", context.region, own)
    if not apart:
        return Topics(here, here, context.region)
    there = topic(f"{prefix(context)}-alerts-global", home, global_log_groups or ())
    return Topics(here, there, home)


def trail_alarms(
    context: DeploymentContext[TrailContentSettings], topic: AlertTopic, name: str, trail: str
) -> TrailAlarms:
    """A trail's log group and its alarms.

    Args:
        context: the deployment context.
        topic: where the alarms are sent.
        name: the name that the log group is called after.
        trail: the trail's ARN.
    """
    args: TrailAlarmsArgs = {
        "trail_arn": trail,
        "log_group_name": trail_log_group(name),
        "retention_days": context.settings.alarms.retention_days,
        "alert_key_arn": topic.alert_key_arn,
        "alert_topic_arn": topic.alert_topic_arn,
    }
    if context.found_organization is not None:
        args["organization_id"] = context.found_organization.id
    return TrailAlarms(PREFIX, args, opts=context.resource_options)


def tamper_alerts(
    context: DeploymentContext[MonitoringSettings], topics: Topics, monitored: Monitored
) -> TamperAlerts:
    """The event rules, in this region and in the one that receives global services' events."""
    args: TamperAlertsArgs = {
        "alert_topic_arn": topics.here.alert_topic_arn,
        "organization": monitored.organization,
        "rule_prefix": prefix(context),
    }
    if monitored.bucket is not None:
        args["log_bucket_name"] = monitored.bucket
    if monitored.key_arn is not None:
        args["log_key_arn"] = monitored.key_arn
    if topics.home is not topics.here:
        args["global_alert_topic_arn"] = topics.home.alert_topic_arn
    return TamperAlerts(prefix(context), args, opts=context.resource_options)


def monitoring_patterns(partition: str) -> list[str]:
    """ARNs of all monitoring resources, in any account and region, for the guardrails."""
    return [
        f"arn:{partition}:events:*:*:rule/{PREFIX}*",
        f"arn:{partition}:sns:*:*:{PREFIX}*",
        f"arn:{partition}:cloudwatch:*:*:alarm:{PREFIX}*",
        f"arn:{partition}:logs:*:*:log-group:/aws/cloudtrail/*",
        f"arn:{partition}:logs:*:*:log-group:{response_log_group(PREFIX)}*",
        f"arn:{partition}:lambda:*:*:function:{PREFIX}*",
        f"arn:{partition}:sqs:*:*:{PREFIX}*",
    ]


def role_patterns(partition: str) -> list[str]:
    """ARNs of the roles that the stacks name themselves, in any account, for the guardrails."""
    return [f"arn:{partition}:iam::*:role/{PREFIX}*"]
