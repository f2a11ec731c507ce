"""The service control policies that protect trail, bucket and key."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard._arguments import ArgumentError, compute, or_assumed
from cloudtrail_guard._children import child_options
from cloudtrail_guard.documents import (
    ProtectedResources,
    pack_statements,
    quotas,
    scp_statements,
    select_statements,
    to_json,
)

_LONGEST_ARN = "arn:aws-us-gov:iam::111122223333:role/" + "r" * 64

LONGEST: Mapping[str, object] = {
    "bucket": "b" * 63,
    "key_arn": _LONGEST_ARN,
    "trails": (_LONGEST_ARN,),
    "break_glass": (_LONGEST_ARN,),
    "deployers": (_LONGEST_ARN,),
}
"""Stands for what is not known yet when statements are packed."""


class GuardrailsArgs(TypedDict):
    """The arguments of `Guardrails`."""

    bucket_name: pulumi.Input[str]
    """The log bucket's name."""
    key_arn: NotRequired[pulumi.Input[str]]
    """The log key's ARN. Default: no key is protected."""
    trail_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs or patterns of the trails to protect. Default: `*`, every trail in every account."""
    break_glass_role_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Full ARNs of the roles that the guardrails let through. At least one."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change bucket and key, but not delete logs. Default: none."""
    target_ids: Sequence[pulumi.Input[str]]
    """Where the policies are attached: ids of the root (`r-...`), of OUs (`ou-...`) or accounts."""
    policy_name: NotRequired[str]
    """Prefix of the policies' names. Default: the component's name."""
    policy_size: NotRequired[int]
    """The most characters that one policy may have. Default: 5120, which AWS grants everybody."""
    policies_per_target: NotRequired[int]
    """The most SCPs that these guardrails may attach to a target. Default: 4, which leaves room
    for `FullAWSAccess` in the quota of 5."""


class Guardrails(pulumi.ComponentResource):
    """SCPs that deny stopping, blinding or deleting trail, log bucket and key.

    In as few policies as the quotas allow, attached to a root, to OUs or accounts. They bind every
    principal of the member accounts but the exempt roles. The management account is beyond any SCP.
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
        if not args["target_ids"]:
            raise ArgumentError(
                f"Guardrails {name!r}: target_ids is empty, so the policies would protect nothing; "
                "name the root (r-...), OUs (ou-...) or accounts"
            )
        protected = _protected(args)
        prefix = args.get("policy_name", name)
        policies = [
            aws.organizations.Policy(
                f"{name}-{number}",
                name=f"{prefix}-{number}",
                description=f"Protects CloudTrail: {', '.join(sids)}",
                type="SERVICE_CONTROL_POLICY",
                content=compute(self, _content, sids=sids, size=_size(args), **protected),
                opts=child_options(self),
            )
            for number, sids in enumerate(self._packing(args, protected), start=1)
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
        self.policy_ids = pulumi.Output.all(*(policy.id for policy in policies))
        self.policy_documents = pulumi.Output.all(*(policy.content for policy in policies))
        self.register_outputs(
            {"policy_ids": self.policy_ids, "policy_documents": self.policy_documents}
        )

    def _packing(
        self, args: GuardrailsArgs, protected: Mapping[str, object]
    ) -> list[tuple[str, ...]]:
        """Which statements go into which policy.

        How many policies there are must be known in preview, so values that are not known yet
        count with their longest length; the finished documents are checked again.
        """

        def pack(values: dict[str, Any]) -> list[tuple[str, ...]]:
            return pack_statements(
                scp_statements(ProtectedResources(**values)),
                size=_size(args),
                most=args.get("policies_per_target", quotas.SCPS_PER_TARGET - 1),
            )

        assumed = {name: or_assumed(value, LONGEST[name]) for name, value in protected.items()}
        packing = compute(self, pack, **assumed)
        if isinstance(packing, list):
            return packing
        raise AssertionError("the assumed values are all plain")


def _protected(args: GuardrailsArgs) -> dict[str, object]:
    return {
        "bucket": args["bucket_name"],
        "key_arn": args.get("key_arn"),
        "trails": args.get("trail_arns", ("*",)),
        "break_glass": args["break_glass_role_arns"],
        "deployers": args.get("deployer_role_arns", ()),
    }


def _size(args: GuardrailsArgs) -> int:
    return int(args.get("policy_size", quotas.SCP_SIZE))


def _content(values: dict[str, Any]) -> str:
    sids, size = values.pop("sids"), values.pop("size")
    policy = select_statements(scp_statements(ProtectedResources(**values)), sids)
    quotas.scp(size).check(policy)
    return to_json(policy)
