"""The one place that runs the look-ups and the preflight checks of a stack, and reports."""

from collections.abc import Sequence

import pulumi
from cloudtrail_guard import IamProtectionArgs

from stacks.context import DeploymentContext
from stacks.guardrails import exempt_role_arns, guardrail_document
from stacks.lookups.found import Lookups
from stacks.lookups.run import look_up
from stacks.names import PREFIX
from stacks.outputs import ManagementOutputs, SecurityOutputs
from stacks.planned import Kind, PlannedName
from stacks.planned_documents import PlannedDocument, iam_document, use_documents
from stacks.planned_names import (
    archive_names,
    management_names,
    security_names,
    standalone_names,
    workload_names,
)
from stacks.preflight import names, organization
from stacks.preflight.checks import (
    check_archive,
    check_management,
    check_security,
    check_standalone,
    check_workload,
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
