"""The management stack: the organization trail, its guardrails and alarms."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
from cloudtrail_guard import (
    EventDataStore,
    Guardrails,
    IamProtection,
    IamProtectionArgs,
    MemberTrails,
    Trail,
    TrailArgs,
)

from stacks.context import DeploymentContext, deployer_arns, resolve
from stacks.guardrails import exempt_role_arns, guardrail_args, guardrail_targets
from stacks.monitoring import (
    Monitored,
    alert_topics,
    monitoring_patterns,
    role_patterns,
    tamper_alerts,
    trail_alarms,
)
from stacks.names import (
    GUARDRAILS,
    MEMBER_TRAILS,
    ORGANIZATION_TRAIL,
    POLICY_FUNCTION,
    PREFIX,
    TRAIL_FUNCTION,
    global_region,
    response_log_group,
)
from stacks.outputs import Outputs, SecurityOutputs, read_security
from stacks.planned_documents import planned_key
from stacks.preflight.organization import CLOUDTRAIL
from stacks.preflight.run import preflight_management
from stacks.response import tamper_response
from stacks.services import security_services
from stacks.settings.roles import ManagementSettings


def deploy(settings: ManagementSettings) -> Outputs:
    """Deploy the stack over the security stack."""
    security = read_security(settings)
    context = resolve(settings)
    preflight_management(context, security, planned_protection(context, security))
    trail_args = _trail(settings, security)
    topics = alert_topics(
        context,
        break_glass=exempt_role_arns(context, security),
        deployers=deployer_arns(context),
        log_groups=[response_log_group(TRAIL_FUNCTION)],
        global_log_groups=[response_log_group(POLICY_FUNCTION)],
    )
    outputs: Outputs = {"alertTopicArn": topics.here.alert_topic_arn}
    if settings.alarms.enabled:
        alarms = trail_alarms(
            context,
            topics.here,
            ORGANIZATION_TRAIL,
            security.trail_arn,
            break_glass=security.break_glass_role_arns,
        )
        trail_args["log_group_arn"] = alarms.log_group_arn
        trail_args["delivery_role_arn"] = alarms.delivery_role_arn
        outputs["logGroupArn"] = alarms.log_group_arn
    trail = Trail(
        "organization",
        trail_args,
        opts=pulumi.ResourceOptions(protect=settings.protect, depends_on=_trusted_access(context)),
    )
    targets = guardrail_targets(context)
    guardrails = Guardrails(
        GUARDRAILS, guardrail_args(context, security), opts=context.resource_options
    )
    protection = IamProtection(
        PREFIX,
        _iam_protection(context, security, topics.key_arns),
        opts=context.resource_options,
    )
    if settings.tamper_alerts:
        monitored = Monitored(
            # Calls on another account's key that are refused are recorded in the caller's alone.
            key_arns=[security.key_arn, *security.further_key_arns],
            organization=True,
            exempt_roles=[context.deployer, *exempt_role_arns(context, security)],
            bus=security.alert_bus_arn,
        )
        tamper_alerts(context, topics, monitored)
    if settings.tamper_response.enabled:
        tamper_response(settings, topics, trail, guardrails, targets)
    if settings.member_trails.organizational_units:
        _member_trails(context, security)
    outputs |= security_services(context)
    if settings.event_data_store.enabled:
        store = EventDataStore(
            PREFIX,
            {
                "organization": True,
                "retention_days": settings.event_data_store.retention_days,
                "protect": settings.protect,
            },
        )
        outputs["eventDataStoreArn"] = store.store_arn
    return {
        **outputs,
        "trailArn": trail.trail_arn,
        "trailName": trail.trail_name,
        "homeRegion": trail.home_region,
        "guardrailPolicyIds": guardrails.policy_ids,
        "guardrailTargets": targets,
        "guardrailTrails": settings.guardrails.trails,
        "guardrailExemptRoleArns": exempt_role_arns(context, security),
        "boundaryPolicyArn": protection.boundary_policy_arn,
        "organizationId": context.organization.id,
    }


def _trail(settings: ManagementSettings, security: SecurityOutputs) -> TrailArgs:
    return {
        "trail_name": security.trail_name,
        "log_bucket_name": security.bucket_name,
        "log_key_arn": security.key_arn,
        "organization": True,
        "data_events": {
            **settings.data_events.args(),
            "log_bucket_names": [
                *security.access_log_bucket_names,
                *security.further_bucket_names,
            ],
        },
        "network_activity_sources": settings.network_activity,
        "watch_log_files": settings.tamper_alerts,
        "replica_bucket_names": security.further_bucket_names,
        "insight_types": settings.insights,
    }


def _trusted_access(context: DeploymentContext[ManagementSettings]) -> list[pulumi.Resource]:
    """Enable CloudTrail's trusted access, for good: other trails may have come to need it."""
    settings, opts = context.settings, context.resource_options
    if not settings.manage_trusted_access:
        return []
    access = aws.organizations.AwsServiceAccess(
        "cloudtrail-access",
        service_principal=CLOUDTRAIL,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(retain_on_delete=True)),
    )
    if not settings.delegated_administrator:
        return [access]
    delegate = aws.cloudtrail.OrganizationDelegatedAdminAccount(
        "cloudtrail-administrator",
        account_id=settings.delegated_administrator,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[access])),
    )
    return [access, delegate]


def planned_protection(
    context: DeploymentContext[ManagementSettings], security: SecurityOutputs
) -> IamProtectionArgs:
    """The arguments of the guardrails as IAM policies, before there are keys of alerts."""
    topics = 1 if global_region(context) == context.region else 2
    return _iam_protection(context, security, [planned_key(context)] * topics)


def _iam_protection(
    context: DeploymentContext[ManagementSettings],
    security: SecurityOutputs,
    alert_keys: Sequence[pulumi.Input[str]],
) -> IamProtectionArgs:
    return {
        "log_bucket_name": security.bucket_name,
        "log_key_arn": security.key_arn,
        "further_bucket_names": security.further_bucket_names,
        "further_key_arns": security.further_key_arns,
        "other_key_arns": [*alert_keys, *security.other_key_arns],
        # IAM acts on roles of its own account alone: those of the security stack are not here.
        "own_role_arns": role_patterns(context.partition),
        "monitoring_arns": monitoring_patterns(context.partition),
        "break_glass_role_arns": security.break_glass_role_arns,
        "deployer_role_arns": [*deployer_arns(context), *security.deployer_role_arns],
        **context.settings.iam_protection.args(),
    }


def _member_trails(
    context: DeploymentContext[ManagementSettings], security: SecurityOutputs
) -> MemberTrails:
    wanted = context.settings.member_trails
    return MemberTrails(
        MEMBER_TRAILS,
        {
            "trail_name": wanted.name,
            "log_bucket_name": security.bucket_name,
            "log_key_arn": security.key_arn,
            "organizational_unit_ids": wanted.organizational_units,
            "data_events": {
                **wanted.data_events.args(),
                "log_bucket_names": security.access_log_bucket_names,
            },
        },
        opts=context.resource_options,
    )
