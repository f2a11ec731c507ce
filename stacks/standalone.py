"""The standalone stack: all of it in one account, without Organizations."""

import pulumi
from cloudtrail_guard import IamProtection, Trail, TrailArgs
from cloudtrail_guard.arns import trail_arn

from stacks.checks import break_glass_arns, check_standalone, deployer_arns
from stacks.destination import Destination, own_destination
from stacks.logs import Logs, check_logs, use_logs
from stacks.outputs import Outputs
from stacks.report import report
from stacks.services import check_services, security_services
from stacks.settings import Settings
from stacks.surroundings import Surroundings, discover
from stacks.watch import (
    PREFIX,
    Watched,
    alert_topics,
    monitoring_patterns,
    tamper_alerts,
    trail_alarms,
)


def deploy(settings: Settings) -> Outputs:
    """Deploy key, bucket, trail, alarms, and the guardrails as IAM policies."""
    around = discover(settings, needs_organization=False)
    arn = trail_arn(around.partition, around.region, around.account, settings.trail_name)
    report(
        [
            *check_standalone(settings, around, trail=arn),
            *check_logs(settings, around),
            *check_services(settings, around),
        ]
    )
    opts = pulumi.ResourceOptions(protect=settings.protect)
    destination = own_destination(settings, around, arn, None)
    topics = alert_topics(settings, around, opts)
    trail_args = _trail(settings, destination)
    if settings.alarms.enabled:
        alarms = trail_alarms(settings, topics.here, trail=arn, organization=None, opts=opts)
        trail_args["log_group_arn"] = alarms.log_group_arn
        trail_args["delivery_role_arn"] = alarms.delivery_role_arn
    if settings.tamper_alerts:
        watched = Watched(bucket=destination.bucket, key_arn=destination.key_arn)
        tamper_alerts(settings, topics, watched, opts)
    trail = Trail("account", trail_args, opts=opts)
    logs = Logs(
        bucket=destination.bucket, key_arn=destination.key_arn, trails=[arn], organization=None
    )
    used = use_logs(settings, around, logs)
    protection = _protection(settings, around, destination, used, opts)
    security_services(settings)
    return {
        **used,
        "trailArn": trail.trail_arn,
        "trailName": trail.trail_name,
        "bucketName": destination.bucket,
        "keyArn": destination.key_arn,
        "alertTopicArn": topics.here.alert_topic_arn,
        "policyArn": protection.policy_arn,
        "mfaPolicyArn": protection.mfa_policy_arn,
        "boundaryPolicyArn": protection.boundary_policy_arn,
    }


def _trail(settings: Settings, destination: Destination) -> TrailArgs:
    return {
        "trail_name": settings.trail_name,
        "log_bucket_name": destination.bucket,
        "log_key_arn": destination.key_arn,
        "data_events": {
            **settings.data_events.args(),
            "log_bucket_names": destination.access_logs,
        },
        "network_activity_sources": settings.network_activity,
        "insight_types": settings.insights,
    }


def _protection(
    settings: Settings,
    around: Surroundings,
    destination: Destination,
    used: Outputs,
    opts: pulumi.ResourceOptions,
) -> IamProtection:
    wanted = settings.iam_protection
    return IamProtection(
        PREFIX,
        {
            "log_bucket_name": destination.bucket,
            "log_key_arn": destination.key_arn,
            "further_bucket_names": _made(used, "replicaBucketName"),
            "further_key_arns": _made(used, "replicaKeyArn"),
            "monitoring_arns": monitoring_patterns(around.partition),
            "break_glass_role_arns": break_glass_arns(settings, around),
            "deployer_role_arns": deployer_arns(settings, around),
            "groups": wanted.groups,
            "users": wanted.users,
            "roles": wanted.roles,
            "mfa_groups": wanted.mfa_groups,
            "mfa_users": wanted.mfa_users,
            "mfa_roles": wanted.mfa_roles,
        },
        opts=opts,
    )


def _made(used: Outputs, output: str) -> list[pulumi.Input[str]]:
    """An output, if what it is of was made."""
    return [used[output]] if output in used else []
