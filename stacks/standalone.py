"""The standalone stack: everything in one account, without Organizations."""

import pulumi
from cloudtrail_guard import IamProtection, Trail, TrailArgs
from cloudtrail_guard.arns import trail_arn

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns, resolve
from stacks.destination import Destination, own_destination
from stacks.logs import Logs, named_role_arns, use_logs
from stacks.monitoring import (
    Monitored,
    Topics,
    alert_topics,
    monitoring_patterns,
    role_patterns,
    tamper_alerts,
    trail_alarms,
)
from stacks.names import PREFIX
from stacks.outputs import Outputs
from stacks.preflight.run import preflight_standalone
from stacks.services import security_services
from stacks.settings.roles import StandaloneSettings


def deploy(settings: StandaloneSettings) -> Outputs:
    """Deploy key, bucket, trail, alarms, and the guardrails as IAM policies."""
    context = resolve(settings)
    arn = trail_arn(context.partition, context.region, context.account, settings.trail_name)
    preflight_standalone(context, arn)
    destination = own_destination(context, arn)
    topics = alert_topics(
        context, break_glass=break_glass_arns(context), deployers=deployer_arns(context)
    )
    trail_args = _trail(settings, destination)
    if settings.alarms.enabled:
        alarms = trail_alarms(context, topics.here, settings.trail_name, arn)
        trail_args["log_group_arn"] = alarms.log_group_arn
        trail_args["delivery_role_arn"] = alarms.delivery_role_arn
    if settings.tamper_alerts:
        monitored = Monitored(bucket=destination.bucket, key_arn=destination.key_arn)
        tamper_alerts(context, topics, monitored)
    trail = Trail("account", trail_args, opts=context.resource_options)
    logs = Logs(bucket=destination.bucket, key_arn=destination.key_arn, trails=[arn])
    uses = use_logs(context, logs)
    protection = _protection(context, destination, uses, topics)
    security_services(context)
    return {
        **uses,
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


def _trail(settings: StandaloneSettings, destination: Destination) -> TrailArgs:
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
    context: DeploymentContext[StandaloneSettings],
    destination: Destination,
    uses: Outputs,
    topics: Topics,
) -> IamProtection:
    return IamProtection(
        PREFIX,
        {
            "log_bucket_name": destination.bucket,
            "log_key_arn": destination.key_arn,
            "further_bucket_names": _output(uses, "replicaBucketName"),
            "further_key_arns": _output(uses, "replicaKeyArn"),
            "other_key_arns": [
                *topics.key_arns,
                *_output(uses, "logFeedKeyArn"),
                *_output(uses, "queryResultsKeyArn"),
            ],
            "own_role_arns": [*role_patterns(context.partition), *named_role_arns(context)],
            "monitoring_arns": monitoring_patterns(context.partition),
            "break_glass_role_arns": break_glass_arns(context),
            "deployer_role_arns": deployer_arns(context),
            **context.settings.iam_protection.args(),
        },
        opts=context.resource_options,
    )


def _output(uses: Outputs, name: str) -> list[pulumi.Input[str]]:
    """An output of the log uses, if there is such a use."""
    return [uses[name]] if name in uses else []
