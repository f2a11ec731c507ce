"""The management stack: the organization trail, its guardrails and alarms."""

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

from stacks.checks import CLOUDTRAIL, check_management
from stacks.outputs import Outputs, SecurityOutputs, read_security
from stacks.report import report
from stacks.response import POLICY_FUNCTION, TRAIL_FUNCTION, response_log_group, tamper_response
from stacks.services import check_services, security_services
from stacks.settings import Settings
from stacks.surroundings import Surroundings, discover, organizational_units
from stacks.watch import (
    PREFIX,
    Watched,
    alert_topics,
    monitoring_patterns,
    tamper_alerts,
    trail_alarms,
)


def deploy(settings: Settings) -> Outputs:
    """Deploy the stack over the security stack."""
    security = read_security(settings)
    around = discover(settings)
    root = around.organization.root
    named = [*settings.guardrails.targets, *settings.member_trails.organizational_units]
    report(
        [
            *check_management(
                settings,
                around,
                trail=security.trail_arn,
                security_account=security.account_id,
                units=organizational_units(root) if root and named else (),
            ),
            *check_services(settings, around),
        ]
    )
    opts = pulumi.ResourceOptions(protect=settings.protect)
    trail_args = _trail(settings, security)
    topics = alert_topics(
        settings,
        around,
        opts,
        log_groups=[response_log_group(TRAIL_FUNCTION)],
        global_log_groups=[response_log_group(POLICY_FUNCTION)],
    )
    outputs: Outputs = {"alertTopicArn": topics.here.alert_topic_arn}
    if settings.alarms.enabled:
        alarms = trail_alarms(
            settings,
            topics.here,
            trail=security.trail_arn,
            organization=around.organization.id,
            opts=opts,
        )
        trail_args["log_group_arn"] = alarms.log_group_arn
        trail_args["delivery_role_arn"] = alarms.delivery_role_arn
        outputs["logGroupArn"] = alarms.log_group_arn
    first = _trusted_access(settings, opts)
    trail = Trail(
        "organization",
        trail_args,
        opts=pulumi.ResourceOptions(protect=settings.protect, depends_on=first),
    )
    targets = settings.guardrails.targets or ([root] if root else [])
    guardrails = _guardrails(settings, security, around, targets, opts)
    protection = IamProtection(PREFIX, _iam_protection(settings, security, around), opts=opts)
    if settings.tamper_alerts:
        tamper_alerts(settings, topics, Watched(organization=True), opts)
    if settings.tamper_response.enabled:
        tamper_response(settings, topics, trail, guardrails, targets)
    if settings.member_trails.organizational_units:
        _member_trails(settings, security, opts)
    security_services(settings)
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
        "boundaryPolicyArn": protection.boundary_policy_arn,
        "organizationId": around.organization.id,
    }


def _trail(settings: Settings, security: SecurityOutputs) -> TrailArgs:
    access_logs = security.access_log_bucket_name
    return {
        "trail_name": security.trail_name,
        "log_bucket_name": security.bucket_name,
        "log_key_arn": security.key_arn,
        "organization": True,
        "data_events": {
            **settings.data_events.args(),
            "log_bucket_names": [access_logs] if access_logs else [],
        },
        "network_activity_sources": settings.network_activity,
        "insight_types": settings.insights,
    }


def _trusted_access(settings: Settings, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Let CloudTrail into the organization, for good: others may have come to rely on it."""
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


def _guardrails(
    settings: Settings,
    security: SecurityOutputs,
    around: Surroundings,
    targets: list[str],
    opts: pulumi.ResourceOptions,
) -> Guardrails:
    wanted = settings.guardrails
    return Guardrails(
        "protect-cloudtrail",
        {
            "log_bucket_name": security.bucket_name,
            "log_key_arn": security.key_arn,
            "further_bucket_names": security.further_bucket_names,
            "further_key_arns": security.further_key_arns,
            "trail_arns": wanted.trails,
            "monitoring_arns": monitoring_patterns(around.partition),
            "stack_sets": bool(settings.member_trails.organizational_units),
            "security_services": wanted.security_services,
            "break_glass_role_arns": [*security.break_glass_role_arns, *wanted.exempt_role_arns],
            "deployer_role_arns": security.deployer_role_arns,
            "require_mfa": wanted.require_mfa,
            "target_ids": targets,
            "policy_size": wanted.policy_size,
            "policies_per_target": wanted.policies_per_target,
            "resource_policies": wanted.resource_policies,
            "organization_id": around.organization.id,
        },
        opts=opts,
    )


def _iam_protection(
    settings: Settings, security: SecurityOutputs, around: Surroundings
) -> IamProtectionArgs:
    return {
        "log_bucket_name": security.bucket_name,
        "log_key_arn": security.key_arn,
        "further_bucket_names": security.further_bucket_names,
        "further_key_arns": security.further_key_arns,
        "monitoring_arns": monitoring_patterns(around.partition),
        "break_glass_role_arns": security.break_glass_role_arns,
        "deployer_role_arns": [around.deployer, *security.deployer_role_arns],
        "groups": settings.iam_protection.groups,
        "users": settings.iam_protection.users,
        "roles": settings.iam_protection.roles,
        "mfa_groups": settings.iam_protection.mfa_groups,
        "mfa_users": settings.iam_protection.mfa_users,
        "mfa_roles": settings.iam_protection.mfa_roles,
    }


def _member_trails(
    settings: Settings, security: SecurityOutputs, opts: pulumi.ResourceOptions
) -> MemberTrails:
    access_logs = security.access_log_bucket_name
    return MemberTrails(
        f"{PREFIX}-member-trails",
        {
            "trail_name": settings.member_trails.name,
            "log_bucket_name": security.bucket_name,
            "log_key_arn": security.key_arn,
            "organizational_unit_ids": settings.member_trails.organizational_units,
            "data_events": {
                **settings.member_trails.data_events.args(),
                "log_bucket_names": [access_logs] if access_logs else [],
            },
        },
        opts=opts,
    )
