"""The one place that asks AWS, runs the preflight checks of a role, and reports."""

from stacks import lookups
from stacks.context import DeploymentContext, organizational_units
from stacks.lookups import Lookups, answer
from stacks.names import log_bucket_name
from stacks.outputs import SecurityOutputs
from stacks.preflight import access, location, logs, organization, services, trails
from stacks.preflight.findings import Finding, report
from stacks.settings.roles import (
    CommonSettings,
    LogStorageSettings,
    ManagementSettings,
    SecuritySettings,
    StandaloneSettings,
    WorkloadSettings,
)


def preflight_security(context: DeploymentContext[SecuritySettings]) -> None:
    """Run the checks of a security stack.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    report(check_security(context, look_up(context)))


def preflight_management(
    context: DeploymentContext[ManagementSettings], security: SecurityOutputs
) -> None:
    """Run the checks of a management stack.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    report(check_management(context, look_up(context), security))


def preflight_workload(
    context: DeploymentContext[WorkloadSettings], trail: str, security: SecurityOutputs | None
) -> None:
    """Run the checks of a workload stack.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    report(check_workload(context, look_up(context), trail, security))


def preflight_standalone(context: DeploymentContext[StandaloneSettings], trail: str) -> None:
    """Run the checks of a standalone stack.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    report(check_standalone(context, look_up(context), trail))


def look_up(context: DeploymentContext[CommonSettings]) -> Lookups:
    """Ask AWS what the checks need to know."""
    settings, region = context.settings, context.region
    found = Lookups(trails=answer(lookups.list_trails, region))
    if isinstance(settings, LogStorageSettings):
        stored: DeploymentContext[LogStorageSettings] = context  # type: ignore[assignment]
        names = access.exempt_role_names(stored)
        bucket = log_bucket_name(stored)
        existing = isinstance(settings, SecuritySettings) and settings.existing_bucket
        found = Lookups(
            trails=found.trails,
            missing_roles=answer(lookups.missing_roles, region, names),
            existing_bucket=answer(lookups.describe_bucket, region, bucket) if existing else None,
        )
    if isinstance(settings, ManagementSettings):
        root = context.organization.root
        named = [*settings.guardrails.targets, *settings.member_trails.organizational_units]
        units = organizational_units(root) if root and named else ()
        found = Lookups(trails=found.trails, units=units)
    return found


def check_security(context: DeploymentContext[SecuritySettings], found: Lookups) -> list[Finding]:
    """Preflight findings for a security stack."""
    return [
        *location.check_provider(context),
        *access.check_exempt_roles(context),
        *access.check_missing_roles(context, found),
        *location.check_log_account(context),
        *location.check_arns(context),
        *location.check_regions(context),
        *logs.check_bucket_names(context),
        *logs.check_replica_region(context),
        *logs.check_existing_bucket(context, found),
        *services.check_organization_services(context),
        *services.check_control_tower(context, found),
    ]


def check_management(
    context: DeploymentContext[ManagementSettings], found: Lookups, security: SecurityOutputs
) -> list[Finding]:
    """Preflight findings for a management stack.

    Args:
        context: the deployment context.
        found: what AWS answered.
        security: outputs of the security stack, which admits the trail.
    """
    trail = security.trail_arn
    return [
        *location.check_provider(context),
        *organization.check_home(context, trail),
        *organization.check_features(context),
        *organization.check_bucket_account(context, security.account_id),
        *organization.check_targets(context, found.units),
        *trails.check_trail_count(context, found, trail),
        *trails.check_other_organization_trails(found, trail),
        *access.check_deployer_is_free(context),
        *services.check_organization_services(context),
        *services.check_control_tower(context, found),
        *services.check_event_data_store(context),
    ]


def check_workload(
    context: DeploymentContext[WorkloadSettings],
    found: Lookups,
    trail: str,
    security: SecurityOutputs | None,
) -> list[Finding]:
    """Preflight findings for a workload stack.

    Args:
        context: the deployment context.
        found: what AWS answered.
        trail: ARN of the trail that it creates.
        security: outputs of the security stack, if its bucket is to be used.
    """
    own_bucket = [
        *access.check_exempt_roles(context),
        *access.check_missing_roles(context, found),
    ]
    shared_bucket = (
        []
        if security is None
        else [
            *trails.check_admission(trail, security),
            *trails.check_own_bucket_settings(context),
        ]
    )
    return [
        *location.check_provider(context),
        *trails.check_trail_count(context, found, trail),
        *location.check_workload_account(context),
        *(own_bucket if security is None else shared_bucket),
        *trails.check_data_events(context),
    ]


def check_standalone(
    context: DeploymentContext[StandaloneSettings], found: Lookups, trail: str
) -> list[Finding]:
    """Preflight findings for a standalone stack."""
    return [
        *location.check_provider(context),
        *access.check_exempt_roles(context),
        *access.check_missing_roles(context, found),
        *location.check_arns(context),
        *trails.check_trail_count(context, found, trail),
        *access.check_deployer_is_free(context),
        *logs.check_bucket_names(context),
        *logs.check_replica_region(context),
        *services.check_organization_services(context),
        *services.check_control_tower(context, found),
    ]
