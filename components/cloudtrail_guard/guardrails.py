"""The organization policies that protect trail, bucket and key."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard import quotas
from cloudtrail_guard.inputs.protected import LONGEST, protected_logs, protected_resources
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute, or_assumed
from cloudtrail_guard.policies.document import Statement, to_json
from cloudtrail_guard.policies.guardrails import mfa_statement, scp_statements
from cloudtrail_guard.policies.packing import pack_statements, select_statements
from cloudtrail_guard.policies.protected import ProtectedResources
from cloudtrail_guard.policies.resource_guardrails import rcp_statements
from cloudtrail_guard.resources.options import child_options

OPTIONAL: Mapping[str, str] = {
    "ProtectServiceRoles": "stack_sets, control_tower",
    "ProtectOwnRoles": "own_role_arns",
    "ProtectCloudTrailMonitoring": "monitoring_arns",
    "ProtectSecurityServices": "security_services",
    "RequireMfaForCloudTrail": "require_mfa",
}
"""The input without which a statement is left out, by Sid."""

SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"


class GuardrailsArgs(TypedDict):
    """The arguments of `Guardrails`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name."""
    log_key_arn: NotRequired[pulumi.Input[str]]
    """The log key's ARN. Default: no key is protected."""
    further_bucket_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of further buckets with logs, such as a replica. Default: none."""
    further_key_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of their keys. Default: none."""
    other_key_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the keys of alerts, feed and query results. Default: none."""
    own_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs or patterns of the roles that are made beside the logs, such as those of readers,
    replication and the tamper response. Default: none."""
    backup_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles with which AWS Backup copies the log bucket. Default: none."""
    trail_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs or patterns of the trails to protect. Default: `*`, every trail in every account."""
    monitoring_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs or patterns of log groups, alarms, event rules, topics, queues and functions to
    protect. Default: none."""
    stack_sets: NotRequired[pulumi.Input[bool]]
    """Whether CloudFormation StackSets may manage the member accounts' own trails, as
    `MemberTrails` needs it where every trail is protected. Default: false."""
    control_tower: NotRequired[pulumi.Input[bool]]
    """Whether AWS Control Tower may manage the trails and security services of member accounts with
    its role `AWSControlTowerExecution`, which break-glass alone may then make. Default: false."""
    security_services: NotRequired[pulumi.Input[bool]]
    """Whether Config, GuardDuty, Security Hub and Access Analyzer are protected. Default: false."""
    break_glass_role_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Full ARNs of the roles that the guardrails let through. At least one."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change bucket and key, but not delete logs. Default: none."""
    require_mfa: NotRequired[bool]
    """Whether even the break-glass roles need multi-factor authentication. Their sessions must then
    come from an IAM user's MFA: not from another role, nor from IAM Identity Center.
    Default: false."""
    target_ids: Sequence[pulumi.Input[str]]
    """Where the policies are attached: ids of the root (`r-...`), of OUs (`ou-...`) or accounts."""
    policy_name: NotRequired[str]
    """Prefix of the policies' names. Default: the component's name."""
    policy_size: NotRequired[int]
    """AWS's quota on one SCP, in characters. Default: 10240, the quota of every organization since
    15 May 2026."""
    policies_per_target: NotRequired[int]
    """AWS's quota on the SCPs of one target, `FullAWSAccess` included. Default: 10, the quota of
    every organization since 15 May 2026. The guardrails use one less."""
    resource_policies: NotRequired[bool]
    """Whether bucket and key are protected by resource control policies (RCPs) as well, which
    hold for principals of every account. Needs `organization_id`. Default: false."""
    organization_id: NotRequired[pulumi.Input[str]]
    """The organization's id, `o-...`, for the RCPs."""


class Guardrails(pulumi.ComponentResource):
    """Organization policies that deny stopping, blinding or deleting trail, log bucket and key.

    Service control policies bind every principal of the member accounts but the exempt roles;
    resource control policies bind every principal that accesses bucket and key. Both in as few
    policies as the quotas allow, attached to a root, to OUs or accounts. Neither binds the
    management account.
    """

    policy_ids: pulumi.Output[list[str]]
    """The ids (`p-...`) of the policies."""
    policy_documents: pulumi.Output[list[str]]
    """The policies as JSON, in the same order."""

    def __init__(
        self, name: str, args: GuardrailsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make and attach the policies.

        Args:
            name: the component's name.
            args: see `GuardrailsArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: there is no exempt role or no target, or the statements do not fit the
                quotas; the message says by how much.
        """
        super().__init__("cloudtrail-guard:index:Guardrails", name, {}, opts)
        args = checked_inputs(self, args)
        self._check(name, args)
        policies = self._make(name, args, _service_policies(args))
        if args.get("resource_policies", False):
            policies += self._make(f"{name}-resources", args, _resource_policies(args))
        self.policy_ids = pulumi.Output.all(*(policy.id for policy in policies))
        self.policy_documents = pulumi.Output.all(*(policy.content for policy in policies))
        self.register_outputs(
            {"policy_ids": self.policy_ids, "policy_documents": self.policy_documents}
        )

    def _check(self, name: str, args: GuardrailsArgs) -> None:
        if not args["target_ids"]:
            raise ArgumentError(
                f"Guardrails {name!r}: target_ids is empty, so the policies would protect nothing; "
                "name the root (r-...), OUs (ou-...) or accounts"
            )
        if args.get("resource_policies", False) and "organization_id" not in args:
            raise ArgumentError(
                f"Guardrails {name!r}: resource_policies need organization_id (o-...): they keep "
                "everybody outside it away"
            )

    def _make(
        self, name: str, args: GuardrailsArgs, kind: "PolicyKind"
    ) -> "list[aws.organizations.Policy]":
        """Make the policies of one kind and attach each of them to every target."""
        own = self.pulumi_resource_name
        prefix = args.get("policy_name", own) + name.removeprefix(own)
        policies = [
            aws.organizations.Policy(
                f"{name}-{number}",
                name=f"{prefix}-{number}",
                description=f"Protects CloudTrail: {', '.join(sids)}",
                type=kind.type,
                content=compute(self, kind.content, sids=sids, **kind.inputs),
                opts=child_options(self),
            )
            for number, sids in enumerate(self._packing(kind), start=1)
        ]
        for number, policy in enumerate(policies, start=1):
            for position, target in enumerate(args["target_ids"], start=1):
                label = target if isinstance(target, str) else str(position)
                aws.organizations.PolicyAttachment(
                    f"{name}-{number}-{label}",
                    policy_id=policy.id,
                    target_id=target,
                    opts=child_options(self),
                )
        return policies

    def _packing(self, kind: "PolicyKind") -> list[tuple[str, ...]]:
        """Which statements go into which policy.

        How many policies there are must be known in preview, so values that are not known yet
        count with their longest length; the finished documents are checked again.
        """
        assumed = {name: or_assumed(value, LONGEST[name]) for name, value in kind.inputs.items()}
        packing = compute(self, kind.pack, **assumed)
        if isinstance(packing, list):
            return packing
        raise AssertionError("the assumed values are all plain")


@dataclass(frozen=True, kw_only=True)
class PlannedPolicy:
    """A policy of the guardrails, before it is made.

    Attributes:
        name: its name.
        size: its size, in characters.
        limit: the quota on it.
    """

    name: str
    size: int
    limit: int


def planned_policies(name: str, args: GuardrailsArgs) -> dict[str, list[PlannedPolicy]]:
    """The policies that a component makes of plain arguments, by policy type.

    Raises:
        InvalidValueError: the statements do not fit the quotas; the message says by how much.
    """
    kinds = {"": _service_policies(args)}
    if args.get("resource_policies", False):
        kinds["-resources"] = _resource_policies(args)
    prefix = args.get("policy_name", name)
    return {
        kind.type: [
            PlannedPolicy(
                name=f"{prefix}{suffix}-{number}",
                size=len(kind.content({**kind.inputs, "sids": sids})),
                limit=kind.quota.limit,
            )
            for number, sids in enumerate(kind.pack(dict(kind.inputs)), start=1)
        ]
        for suffix, kind in kinds.items()
    }


@dataclass(frozen=True)
class PolicyKind:
    """One kind of organization policy: its statements, and how much fits.

    Attributes:
        type: the policy type's name in Organizations.
        statements: makes the statements of plain inputs.
        inputs: the inputs, perhaps not known yet.
        quota: the quota on one policy, and on the policies of a target.
    """

    type: str
    statements: Callable[..., list[Statement]]
    inputs: Mapping[str, object]
    quota: quotas.Quota

    def pack(self, values: dict[str, Any]) -> list[tuple[str, ...]]:
        """Spread the statements over policies."""
        return pack_statements(
            self.statements(**values),
            size=self.quota.limit,
            # One belongs to AWS's own FullAWSAccess or RCPFullAWSAccess, which every target has.
            most=(self.quota.per_target or 1) - 1,
            what=self.quota.what,
            optional=OPTIONAL,
        )

    def content(self, values: dict[str, Any]) -> str:
        """The text of the policy that holds these Sids."""
        sids = values.pop("sids")
        policy = select_statements(self.statements(**values), sids)
        self.quota.check(to_json(policy))
        return to_json(policy)


def _service_policies(args: GuardrailsArgs) -> PolicyKind:
    return PolicyKind(
        type=SERVICE_CONTROL_POLICY,
        statements=_scp_statements,
        inputs={
            **protected_resources(args),
            "stack_sets": args.get("stack_sets", False),
            "control_tower": args.get("control_tower", False),
            "security_services": args.get("security_services", False),
            "require_mfa": args.get("require_mfa", False),
        },
        quota=replace(
            quotas.SCP,
            limit=int(args.get("policy_size", quotas.SCP.limit)),
            per_target=int(args.get("policies_per_target", quotas.SCP.per_target or 1)),
        ),
    )


def _resource_policies(args: GuardrailsArgs) -> PolicyKind:
    return PolicyKind(
        type=RESOURCE_CONTROL_POLICY,
        statements=_rcp_statements,
        inputs={**protected_logs(args), "organization": args.get("organization_id")},
        quota=quotas.RCP,
    )


def _scp_statements(*, require_mfa: bool, **protected: Any) -> list[Statement]:  # noqa: ANN401
    resources = ProtectedResources(**protected)
    return [*scp_statements(resources), *([mfa_statement(resources)] if require_mfa else [])]


def _rcp_statements(*, organization: str, **protected: Any) -> list[Statement]:  # noqa: ANN401
    return rcp_statements(ProtectedResources(**protected), organization)
