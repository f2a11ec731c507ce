"""Monitoring of an account: the alert topics and bus, the alarms and the tamper alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import (
    AlertBus,
    AlertTopic,
    DeliveryAlarms,
    TamperAlerts,
    TrailAlarms,
)
from cloudtrail_guard.resources.forwarding import forwarding_prefix

from stacks.context import DeploymentContext
from stacks.names import (
    ALARM_LOG_GROUPS,
    ALERT_BUS,
    ORGANIZATION_TRAIL,
    PREFIX,
    global_region,
    prefix,
    response_log_group,
    trail_log_group,
)
from stacks.settings.roles import (
    AlertingSettings,
    LogUseSettings,
    TrailContentSettings,
    TrailNameSettings,
)

if TYPE_CHECKING:
    from cloudtrail_guard import (
        AlertBusArgs,
        TamperAlertsArgs,
        TrailAlarmsArgs,
    )


@dataclass(frozen=True, kw_only=True)
class Monitored:
    """What in an account is monitored for tampering.

    Attributes:
        bucket: the log bucket's name, in its own account.
        key_arns: ARNs of the keys of logs and alerts, the log key first.
        organization: whether the account is the one that manages the organization's policies.
        member: whether it is a member account, whose leaving is watched.
        exempt_roles: ARNs of the roles that policies exempt.
        break_glass: ARNs of the roles whose use is reported.
        replica: name of the replica and ARN of its key, if there is one.
        bus: ARN of the event bus that alerts are forwarded to, if there is one.
    """

    bucket: pulumi.Input[str] | None = None
    key_arns: Sequence[pulumi.Input[str]] = ()
    organization: bool = False
    member: bool = False
    exempt_roles: Sequence[str] = ()
    break_glass: Sequence[str] = ()
    replica: tuple[pulumi.Input[str], pulumi.Input[str]] | None = None
    bus: str | None = None


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
    context: DeploymentContext[AlertingSettings],
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
    context: DeploymentContext[TrailContentSettings],
    topic: AlertTopic,
    name: str,
    trail: str,
    *,
    break_glass: Sequence[str],
) -> TrailAlarms:
    """A trail's log group and its alarms.

    Args:
        context: the deployment context.
        topic: where the alarms are sent.
        name: the name that the log group is called after.
        trail: the trail's ARN.
        break_glass: ARNs of the roles each use of which is alarmed of.
    """
    args: TrailAlarmsArgs = {
        "trail_arn": trail,
        "log_group_name": trail_log_group(name),
        "retention_days": context.settings.alarms.retention_days,
        "alert_key_arn": topic.alert_key_arn,
        "alert_topic_arn": topic.alert_topic_arn,
        "watched_names": [PREFIX],
        "break_glass_role_arns": break_glass,
        "thresholds": [each.args() for each in context.settings.alarms.thresholds],
    }
    if context.found_organization is not None:
        args["organization_id"] = context.found_organization.id
    return TrailAlarms(PREFIX, args, opts=context.resource_options)


def tamper_alerts(
    context: DeploymentContext[AlertingSettings],
    topics: Topics,
    monitored: Monitored,
    *,
    after: Sequence[pulumi.Resource] = (),
) -> TamperAlerts:
    """The event rules, in this region and in the one that receives global services' events.

    Args:
        context: the deployment context.
        topics: where alerts go.
        monitored: what is monitored.
        after: what must be there first, such as the event bus.
    """
    keys = [*monitored.key_arns, topics.here.alert_key_arn]
    args: TamperAlertsArgs = {
        "alert_topic_arn": topics.here.alert_topic_arn,
        "further_key_arns": keys,
        "organization": monitored.organization,
        "member": monitored.member,
        "exempt_role_arns": monitored.exempt_roles,
        "watched_names": [PREFIX],
        "watched_log_groups": [ALARM_LOG_GROUPS] if has_alarms(context) else [],
        "rule_prefix": prefix(context),
    }
    if monitored.bucket is not None:
        args["log_bucket_name"] = monitored.bucket
    if monitored.break_glass:
        args["break_glass_role_arns"] = monitored.break_glass
    if monitored.bus is not None:
        args["event_bus_arn"] = monitored.bus
    settings = context.settings
    if monitored.replica is not None and isinstance(settings, LogUseSettings):
        args["replica_bucket_name"], args["replica_key_arn"] = monitored.replica
        args["replica_region"] = settings.replica.there
    if topics.home is not topics.here:
        args["global_alert_topic_arn"] = topics.home.alert_topic_arn
        args["global_key_arns"] = [topics.home.alert_key_arn]
    opts = pulumi.ResourceOptions.merge(
        context.resource_options, pulumi.ResourceOptions(depends_on=[*after])
    )
    return TamperAlerts(prefix(context), args, opts=opts)


def has_alarms(context: DeploymentContext[AlertingSettings]) -> bool:
    """Whether the stack makes alarms of a trail's events."""
    settings = context.settings
    return isinstance(settings, TrailContentSettings)


def alert_bus(
    context: DeploymentContext[AlertingSettings], topic: AlertTopic, senders: Sequence[str] = ()
) -> AlertBus:
    """The event bus that tampering is forwarded to from other accounts and regions.

    Args:
        context: the deployment context.
        topic: where what comes is sent.
        senders: ids of the other accounts.
    """
    args: AlertBusArgs = {
        "alert_topic_arn": topic.alert_topic_arn,
        "sender_rule_prefix": forwarding_prefix(PREFIX),
    }
    if senders:
        args["sender_account_ids"] = senders
    return AlertBus(ALERT_BUS, args, opts=context.resource_options)


def delivery_alarms(
    context: DeploymentContext[AlertingSettings],
    topic: AlertTopic,
    bucket: pulumi.Input[str],
    logs: str,
) -> DeliveryAlarms:
    """The alarms that ring when the log bucket gets no files.

    Args:
        context: the deployment context.
        topic: where the alarms are sent.
        bucket: the log bucket's name.
        logs: what the keys of an account's files begin with that has events every hour.
    """
    alerts = context.settings.alerts
    return DeliveryAlarms(
        prefix(context),
        {
            "log_bucket_name": bucket,
            "log_file_prefix": f"{logs}/CloudTrail/",
            "digest_prefix": f"{logs}/CloudTrail-Digest/",
            "alert_topic_arn": topic.alert_topic_arn,
            "log_file_hours": alerts.log_file_hours,
            "digest_hours": alerts.digest_hours,
        },
        opts=context.resource_options,
    )


def monitoring_patterns(partition: str) -> list[str]:
    """ARNs of all monitoring resources, in any account and region, for the guardrails."""
    return [
        f"arn:{partition}:events:*:*:rule/{PREFIX}*",
        f"arn:{partition}:events:*:*:event-bus/{PREFIX}*",
        f"arn:{partition}:sns:*:*:{PREFIX}*",
        f"arn:{partition}:cloudwatch:*:*:alarm:{PREFIX}*",
        f"arn:{partition}:logs:*:*:log-group:{ALARM_LOG_GROUPS}*",
        f"arn:{partition}:logs:*:*:log-group:{response_log_group(PREFIX)}*",
        f"arn:{partition}:lambda:*:*:function:{PREFIX}*",
        f"arn:{partition}:sqs:*:*:{PREFIX}*",
    ]


def role_patterns(partition: str) -> list[str]:
    """ARNs of the roles that the stacks name themselves, in any account, for the guardrails."""
    return [f"arn:{partition}:iam::*:role/{PREFIX}*"]
