"""Stacks that nothing is wrong with, and what the preflight checks find when one thing differs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from stacks.context import DeploymentContext, Organization
from stacks.lookups.found import Lookups
from stacks.outputs import ManagementOutputs, SecurityOutputs
from stacks.preflight.checks import check_management, check_security, check_workload
from stacks.preflight.findings import Finding
from stacks.settings.roles import ManagementSettings, SecuritySettings, WorkloadSettings

SECURITY = "111122223333"
MANAGEMENT = "123456789012"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/SecurityAuditTrail"
WORKLOAD_TRAIL = "arn:aws:cloudtrail:eu-west-1:444455556666:trail/DataAccess"
UNIT = "ou-a1b2-c3d4e5f6"
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"

ORGANIZATION = Organization(
    id="o-a1b2c3d4e5",
    management_account=MANAGEMENT,
    root="r-a1b2",
    accounts=(MANAGEMENT, SECURITY),
    policy_types=(SCP, RCP),
    trusted_services=("cloudtrail.amazonaws.com", STACK_SETS),
)
IN_SECURITY: dict[str, Any] = {
    "account": SECURITY,
    "region": "eu-west-1",
    "partition": "aws",
    "deployer": f"arn:aws:iam::{SECURITY}:role/Deploy",
    "found_organization": Organization(id="o-a1b2c3d4e5", management_account=MANAGEMENT),
}
IN_MANAGEMENT: dict[str, Any] = {
    **IN_SECURITY,
    "account": MANAGEMENT,
    "deployer": f"arn:aws:iam::{MANAGEMENT}:role/Deploy",
    "found_organization": ORGANIZATION,
}
NOTHING = Lookups()
HEARD = {"alerts": {"emails": ["soc@example.com"]}}
"""Alerts that reach someone."""
POLICIES = {SCP: ["protect-cloudtrail-1"], RCP: ["protect-cloudtrail-resources-1"]}


def security(
    here: dict[str, Any] = IN_SECURITY, found: Lookups = NOTHING, **values: Any
) -> list[Finding]:
    """What is found in a security stack with these settings."""
    settings = SecuritySettings.model_validate({"role": "security", **HEARD, **values})
    return check_security(DeploymentContext(settings=settings, **here), found)


def within(**organization: Any) -> dict[str, Any]:
    """In the management account of an organization that differs."""
    return {**IN_MANAGEMENT, "found_organization": replace(ORGANIZATION, **organization)}


def outputs(**values: Any) -> SecurityOutputs:
    """Outputs of the security stack."""
    return SecurityOutputs.model_validate(
        {
            "accountId": SECURITY,
            "bucketName": "org-logs",
            "keyArn": f"arn:aws:kms:eu-west-1:{SECURITY}:key/{'0' * 36}",
            "trailName": "SecurityAuditTrail",
            "trailArn": TRAIL,
            "breakGlassRoleArns": [],
            "deployerRoleArns": [],
            **values,
        }
    )


def management(
    here: dict[str, Any] = IN_MANAGEMENT,
    found: Lookups = NOTHING,
    security_account: str = SECURITY,
    readers: Sequence[str] = (),
    **values: Any,
) -> list[Finding]:
    """What is found in a management stack with these settings."""
    settings = ManagementSettings.model_validate({"role": "management", **HEARD, **values})
    context = DeploymentContext(settings=settings, **here)
    admitted = outputs(accountId=security_account, readerArns=list(readers))
    return check_management(context, replace(found, units=(UNIT,)), admitted, POLICIES)


def workload(
    admitted: SecurityOutputs | None,
    here: dict[str, Any] = IN_SECURITY,
    guardrails: ManagementOutputs | None = None,
    **values: Any,
) -> list[Finding]:
    """What is found in a workload stack with these settings."""
    settings = WorkloadSettings.model_validate({"role": "workload", **values})
    context = DeploymentContext(settings=settings, **here)
    return check_workload(context, NOTHING, WORKLOAD_TRAIL, admitted, guardrails)
