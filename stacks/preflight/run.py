"""The one place that runs the look-ups and the preflight checks of a role, and reports."""

from collections.abc import Mapping, Sequence

import pulumi
from cloudtrail_guard import IamProtectionArgs

from stacks.context import DeploymentContext
from stacks.guardrails import exempt_role_arns, guardrail_document
from stacks.lookups.found import Lookups
from stacks.lookups.run import look_up
from stacks.names import (
    PREFIX,
    archive_names,
    management_names,
    security_names,
    standalone_names,
    workload_names,
)
from stacks.outputs import ManagementOutputs, SecurityOutputs
from stacks.planned import Kind, PlannedName
from stacks.planned_documents import PlannedDocument, iam_document, use_documents
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
from stacks.preflight.documents import check_documents
from stacks.preflight.findings import Finding, report
from stacks.settings.roles import (
    ArchiveSettings,
    CommonSettings,
    ManagementSettings,
    SecuritySettings,
    StandaloneSettings,
    WorkloadSettings,
)


def preflight_security(
    context: DeploymentContext[SecuritySettings], documents: Sequence[PlannedDocument[object]]
) -> None:
    """Run the checks of a security stack.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    planned = security_names(context)
    found = look_up(context, planned)
    _report(_stays(context, found, planned) or check_security(context, found), documents)


def preflight_management(
    context: DeploymentContext[ManagementSettings],
    security: SecurityOutputs,
    protection: IamProtectionArgs,
) -> None:
    """Run the checks of a management stack.

    Args:
        context: the deployment context.
        security: outputs of the security stack.
        protection: the arguments of the guardrails as IAM policies.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    # First: how many policies there are decides which names are to be looked up.
    guardrail, identity = guardrail_document(context, security), iam_document(PREFIX, protection)
    report([*check_documents([guardrail, identity])])
    guardrails = guardrail.write()
    pulumi.log.info(organization.room(guardrails))
    policies = {kind: [each.name for each in planned] for kind, planned in guardrails.items()}
    guards = [
        *_policies(
            context,
            Kind.ORGANIZATION_POLICY,
            [name for names in policies.values() for name in names],
        ),
        *_policies(context, Kind.POLICY, identity.write()),
    ]
    forwards = security.alert_bus_arn is not None
    planned = management_names(
        context,
        security.trail_name,
        guards,
        exempt=exempt_role_arns(context, security),
        forwards=forwards,
    )
    found = look_up(context, planned, policies)
    report(_stays(context, found, planned) or check_management(context, found, security, policies))


def preflight_archive(
    context: DeploymentContext[ArchiveSettings], documents: Sequence[PlannedDocument[object]]
) -> None:
    """Run the checks of an archive stack.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    planned = archive_names(context)
    found = look_up(context, planned)
    _report(_stays(context, found, planned) or check_archive(context, found), documents)


def preflight_workload(
    context: DeploymentContext[WorkloadSettings],
    trail: str,
    security: SecurityOutputs | None,
    management: ManagementOutputs | None,
    documents: Sequence[PlannedDocument[object]],
) -> None:
    """Run the checks of a workload stack.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    planned = workload_names(context)
    found = look_up(context, planned)
    _report(
        _stays(context, found, planned)
        or check_workload(context, found, trail, security, management),
        documents,
    )


def preflight_standalone(
    context: DeploymentContext[StandaloneSettings],
    trail: str,
    documents: Sequence[PlannedDocument[object]],
    protection: IamProtectionArgs,
) -> None:
    """Run the checks of a standalone stack.

    Args:
        context: the deployment context.
        trail: ARN of the trail that it creates.
        documents: the policies of its bucket and key.
        protection: the arguments of the guardrails as IAM policies.

    Raises:
        PreflightError: it cannot be deployed here.
    """
    identity = iam_document(PREFIX, protection)
    report([*check_documents([identity])])
    guards = _policies(context, Kind.POLICY, identity.write())
    planned = standalone_names(context, guards)
    found = look_up(context, planned)
    _report(
        _stays(context, found, planned) or check_standalone(context, found, trail),
        [*documents, *use_documents(context)],
    )


def _policies(
    context: DeploymentContext[CommonSettings], kind: Kind, names: Sequence[str]
) -> list[PlannedName]:
    return [PlannedName(kind=kind, name=name, region=context.region) for name in names]


def _report(findings: list[Finding], documents: Sequence[PlannedDocument[object]]) -> None:
    """Report; a document is written only of settings that have no other finding.

    Raises:
        PreflightError: there are fatal findings.
    """
    report(findings)
    report([*check_documents(documents)])


def _stays(
    context: DeploymentContext[CommonSettings], found: Lookups, planned: list[PlannedName]
) -> list[Finding]:
    """Findings about a stack that would leave what it has deployed: no other finding counts."""
    return [
        *names.check_location(context, found.deployed),
        *names.check_renames(context, found.deployed, planned),
    ]


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
        *organization.check_readers(context, context.settings.reader_arns),
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
