"""Which checks a stack of each role has, over what AWS answered."""

from collections.abc import Mapping, Sequence

import pulumi

from stacks.context import DeploymentContext
from stacks.lookups.found import Lookups
from stacks.outputs import ManagementOutputs, SecurityOutputs
from stacks.preflight import (
    access,
    alerts,
    existing,
    location,
    logs,
    names,
    organization,
    services,
    trails,
)
from stacks.preflight.findings import Finding
from stacks.settings.roles import (
    ArchiveSettings,
    CommonSettings,
    ManagementSettings,
    SecuritySettings,
    StandaloneSettings,
    WorkloadSettings,
)


def _everywhere(context: DeploymentContext[CommonSettings], found: Lookups) -> list[Finding]:
    return [
        *location.check_provider(context),
        *names.check_names_are_free(context, pulumi.get_stack(), found.names),
        *access.check_trust(context, found),
        *(Finding(text, fatal=False) for text in found.unread),
    ]


def check_security(context: DeploymentContext[SecuritySettings], found: Lookups) -> list[Finding]:
    """Preflight findings for a security stack."""
    return [
        *_everywhere(context, found),
        *access.check_exempt_roles(context),
        *access.check_missing_roles(context, found),
        *access.check_break_glass_trust(context, found),
        *access.check_suffixes(context),
        *access.check_deployed_keys(context, found),
        *location.check_log_account(context, found),
        *location.check_arns(context),
        *location.check_regions(context),
        *alerts.check_recipients(context),
        *existing.check_existing_bucket(context, found),
        *existing.check_existing_key(context, found),
        *logs.check_bucket_names(context),
        *logs.check_replica_region(context),
        *logs.check_archive(context, found),
        *names.check_replica_stays(context, found),
        *logs.check_overwritten(context, found),
        *services.check_organization_services(context),
        *services.check_control_tower(context, found),
    ]


def check_archive(context: DeploymentContext[ArchiveSettings], found: Lookups) -> list[Finding]:
    """Preflight findings for an archive stack."""
    return [
        *_everywhere(context, found),
        *access.check_exempt_roles(context),
        *access.check_missing_roles(context, found),
        *access.check_break_glass_trust(context, found),
        *access.check_suffixes(context),
        *access.check_deployed_keys(context, found),
        *location.check_log_account(context, found),
        *location.check_archive_account(context),
        *location.check_arns(context),
        *alerts.check_recipients(context),
    ]


def check_management(
    context: DeploymentContext[ManagementSettings],
    found: Lookups,
    security: SecurityOutputs,
    policies: Mapping[str, Sequence[str]],
) -> list[Finding]:
    """Preflight findings for a management stack.

    Args:
        context: the deployment context.
        found: what AWS answered.
        security: outputs of the security stack, which admits the trail.
        policies: names of the guardrail policies, by type.
    """
    trail = security.trail_arn
    return [
        *_everywhere(context, found),
        *alerts.check_recipients(context),
        *organization.check_home(context, trail),
        *organization.check_features(context),
        *organization.check_bucket_account(context, security.account_id),
        *organization.check_targets(context, found.units),
        *organization.check_attachments(context, found, policies),
        *trails.check_trail_count(context, found, trail),
        *trails.check_other_organization_trails(found, trail),
        *access.check_deployers(context),
        *access.check_suffixes(context),
        *access.check_deployed_keys(context, found),
        *access.check_identities(found),
        *access.check_deployer_is_free(context, found),
        *organization.check_readers(context, security.reader_arns),
        *services.check_organization_services(context),
        *services.check_control_tower(context, found),
        *services.check_event_data_store(context),
    ]


def check_workload(
    context: DeploymentContext[WorkloadSettings],
    found: Lookups,
    trail: str,
    security: SecurityOutputs | None,
    management: ManagementOutputs | None,
) -> list[Finding]:
    """Preflight findings for a workload stack.

    Args:
        context: the deployment context.
        found: what AWS answered.
        trail: ARN of the trail that it creates.
        security: outputs of the security stack, if its bucket is to be used.
        management: outputs of the management stack, if there is one.
    """
    own_bucket = [
        *access.check_exempt_roles(context),
        *access.check_missing_roles(context, found),
        *access.check_suffixes(context),
        *access.check_deployed_keys(context, found),
        *location.check_arns(context),
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
        *_everywhere(context, found),
        *trails.check_trail_count(context, found, trail),
        *location.check_workload_account(context),
        *(own_bucket if security is None else shared_bucket),
        *trails.check_exemption(context, trail, management),
        *trails.check_data_events(context),
    ]


def check_standalone(
    context: DeploymentContext[StandaloneSettings], found: Lookups, trail: str
) -> list[Finding]:
    """Preflight findings for a standalone stack."""
    return [
        *_everywhere(context, found),
        *access.check_exempt_roles(context),
        *access.check_missing_roles(context, found),
        *access.check_suffixes(context),
        *access.check_deployed_keys(context, found),
        *location.check_arns(context),
        *alerts.check_recipients(context),
        *trails.check_trail_count(context, found, trail),
        *access.check_identities(found),
        *access.check_deployer_is_free(context, found),
        *logs.check_bucket_names(context),
        *logs.check_replica_region(context),
        *logs.check_archive(context, found),
        *names.check_replica_stays(context, found),
        *services.check_organization_services(context),
        *services.check_control_tower(context, found),
    ]
