"""The standalone stack: everything in one account, without Organizations."""

from collections.abc import Sequence

import pulumi
from cloudtrail_guard import IamProtection, IamProtectionArgs, Trail, TrailArgs
from cloudtrail_guard.arns import trail_arn
from cloudtrail_guard.policies.bucket_guard import LOG_PREFIX

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns, resolve
from stacks.destination import Destination, own_destination, own_documents
from stacks.logs import Logs, further_keys, named_role_arns, replica, use_logs
from stacks.monitoring import (
    Monitored,
    Topics,
    alert_bus,
    alert_topics,
    delivery_alarms,
    monitoring_patterns,
    role_patterns,
    tamper_alerts,
    trail_alarms,
)
from stacks.names import (
    PREFIX,
    alert_bus_arn,
    global_region,
    log_bucket_name,
    replica_bucket_name,
)
from stacks.outputs import Outputs
from stacks.planned_documents import planned_key, planned_uses
from stacks.preflight.run import preflight_standalone
from stacks.services import security_services
from stacks.settings.roles import StandaloneSettings


def deploy(settings: StandaloneSettings) -> Outputs:
    """Deploy key, bucket, trail, alarms, and the guardrails as IAM policies."""
    context = resolve(settings)
    arn = trail_arn(context.partition, context.region, context.account, settings.trail_name)
    key = planned_key(context)
    planned = Destination(log_bucket_name(context), key, [])
    protection_args = _protection(context, planned, planned_uses(context), [key])
    preflight_standalone(context, arn, own_documents(context, arn), protection_args)
    destination = own_destination(context, arn)
    topics = alert_topics(
        context, break_glass=break_glass_arns(context), deployers=deployer_arns(context)
    )
    trail_args = _trail(context, destination)
    if settings.alarms.enabled:
        alarms = trail_alarms(
            context,
            topics.here,
            settings.trail_name,
            arn,
            break_glass=break_glass_arns(context),
        )
        trail_args["log_group_arn"] = alarms.log_group_arn
        trail_args["delivery_role_arn"] = alarms.delivery_role_arn
    logs = Logs(bucket=destination.bucket, key_arn=destination.key_arn, trails=[arn])
    used = use_logs(context, logs)
    uses = used.outputs
    opts = pulumi.ResourceOptions(protect=settings.protect, depends_on=used.receivers)
    trail = Trail("account", trail_args, opts=opts)
    if settings.tamper_alerts:
        _watch(context, topics, logs, uses)
    protection = IamProtection(
        PREFIX,
        _protection(context, destination, uses, topics.key_arns),
        opts=context.resource_options,
    )
    return {
        **uses,
        **security_services(context),
        "trailArn": trail.trail_arn,
        "trailName": trail.trail_name,
        "bucketName": destination.bucket,
        "keyArn": destination.key_arn,
        "alertTopicArn": topics.here.alert_topic_arn,
        "policyArn": protection.policy_arn,
        "accessPolicyArn": protection.access_policy_arn,
        "mfaPolicyArn": protection.mfa_policy_arn,
        "boundaryPolicyArn": protection.boundary_policy_arn,
    }


def _watch(
    context: DeploymentContext[StandaloneSettings], topics: Topics, logs: Logs, uses: Outputs
) -> None:
    """Watch the account; events of other regions come by a bus."""
    copy = replica(uses)
    regions = {global_region(context), context.settings.replica.there or context.region}
    elsewhere = regions != {context.region}
    buses = [alert_bus(context, topics.here)] if elsewhere else []
    monitored = Monitored(
        bucket=logs.bucket,
        key_arns=[logs.key_arn, *further_keys(uses)],
        exempt_roles=[*break_glass_arns(context), *deployer_arns(context)],
        break_glass=break_glass_arns(context),
        replica=copy,
        bus=alert_bus_arn(context) if elsewhere else None,
    )
    tamper_alerts(context, topics, monitored, after=buses)
    delivery_alarms(context, topics.here, logs.bucket, f"{LOG_PREFIX}/{context.account}")


def _trail(context: DeploymentContext[StandaloneSettings], destination: Destination) -> TrailArgs:
    settings = context.settings
    replicas = [replica_bucket_name(context)] if settings.replica.there else []
    return {
        "trail_name": settings.trail_name,
        "log_bucket_name": destination.bucket,
        "log_key_arn": destination.key_arn,
        "data_events": {
            **settings.data_events.args(),
            "log_bucket_names": [*destination.access_logs, *replicas],
        },
        "network_activity_sources": settings.network_activity,
        "watch_log_files": settings.tamper_alerts,
        "replica_bucket_names": replicas,
        "insight_types": settings.insights,
    }


def _protection(
    context: DeploymentContext[StandaloneSettings],
    destination: Destination,
    uses: Outputs,
    alert_keys: Sequence[pulumi.Input[str]],
) -> IamProtectionArgs:
    return {
        "log_bucket_name": destination.bucket,
        "log_key_arn": destination.key_arn,
        "further_bucket_names": _output(uses, "replicaBucketName"),
        "further_key_arns": _output(uses, "replicaKeyArn"),
        "other_key_arns": [
            *alert_keys,
            *_output(uses, "logFeedKeyArn"),
            *_output(uses, "queryResultsKeyArn"),
        ],
        "own_role_arns": [*role_patterns(context.partition), *named_role_arns(context)],
        "monitoring_arns": monitoring_patterns(context.partition),
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        **context.settings.iam_protection.args(),
    }


def _output(uses: Outputs, name: str) -> list[pulumi.Input[str]]:
    """An output of the log uses, if there is such a use."""
    return [uses[name]] if name in uses else []
