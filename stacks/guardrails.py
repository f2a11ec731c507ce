"""The arguments of the guardrails: what they protect, who is exempt, where they are attached."""

from functools import cache, partial

from cloudtrail_guard import GuardrailsArgs
from cloudtrail_guard.guardrails import PlannedPolicy, planned_policies

from stacks.context import DeploymentContext
from stacks.monitoring import monitoring_patterns, role_patterns
from stacks.names import GUARDRAILS
from stacks.outputs import SecurityOutputs
from stacks.planned_documents import PlannedDocument
from stacks.settings.roles import ManagementSettings


def guardrail_args(
    context: DeploymentContext[ManagementSettings], security: SecurityOutputs
) -> GuardrailsArgs:
    """The arguments, all of which are plain values: the policies are known before they are made."""
    wanted = context.settings.guardrails
    return {
        "log_bucket_name": security.bucket_name,
        "log_key_arn": security.key_arn,
        "further_bucket_names": security.further_bucket_names,
        "further_key_arns": security.further_key_arns,
        "other_key_arns": security.other_key_arns,
        "own_role_arns": [*role_patterns(context.partition), *security.own_role_arns],
        "backup_role_arns": security.backup_role_arns,
        "trail_arns": wanted.trails,
        "monitoring_arns": monitoring_patterns(context.partition),
        "stack_sets": bool(context.settings.member_trails.organizational_units),
        "control_tower": wanted.control_tower,
        "security_services": wanted.security_services,
        "break_glass_role_arns": [
            *exempt_role_arns(context, security),
            *security.replica_break_glass_role_arns,
        ],
        "deployer_role_arns": [
            *security.deployer_role_arns,
            *security.replica_deployer_role_arns,
        ],
        "require_mfa": wanted.require_mfa,
        "target_ids": guardrail_targets(context),
        "policy_size": wanted.policy_size,
        "policies_per_target": wanted.policies_per_target,
        "resource_policies": wanted.resource_policies,
        "organization_id": context.organization.id,
    }


def guardrail_document(
    context: DeploymentContext[ManagementSettings], security: SecurityOutputs
) -> PlannedDocument[dict[str, list[PlannedPolicy]]]:
    """The policies of the guardrails, all together, by policy type."""
    wanted = context.settings.guardrails
    return PlannedDocument(
        lists={
            "guardrails.trails": wanted.trails,
            "guardrails.exemptRoleArns": wanted.exempt_role_arns,
            "breakGlassRoles": security.break_glass_role_arns,
            "deployerRoleArns": security.deployer_role_arns,
            "readers": security.own_role_arns,
        },
        write=cache(partial(planned_policies, GUARDRAILS, guardrail_args(context, security))),
    )


def guardrail_targets(context: DeploymentContext[ManagementSettings]) -> list[str]:
    """Ids of what the policies are attached to: as set, or the organization's root."""
    root = context.organization.root
    return context.settings.guardrails.targets or ([root] if root else [])


def exempt_role_arns(
    context: DeploymentContext[ManagementSettings], security: SecurityOutputs
) -> list[str]:
    """The roles that the denies of trail changes exempt."""
    return [*security.break_glass_role_arns, *context.settings.guardrails.exempt_role_arns]
