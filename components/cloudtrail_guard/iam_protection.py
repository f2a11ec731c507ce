"""The guardrails as IAM policies, for where no service control policy reaches."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from functools import partial
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.inputs.protected import LONGEST, protected_resources
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute, or_assumed, plain_values
from cloudtrail_guard.policies.iam_forms import (
    ACCESS,
    BOUNDARY,
    FORMS,
    MFA,
    RECORD,
    IamForm,
    end_of,
    numbered,
)
from cloudtrail_guard.policies.iam_guardrails import IamPolicies
from cloudtrail_guard.resources.options import child_options


class IamProtectionArgs(TypedDict):
    """The arguments of `IamProtection`."""

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
    trail_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs or patterns of the trails to protect. Default: `*`, every trail."""
    monitoring_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs or patterns of log groups, alarms, event rules, topics, queues and functions to
    protect. Default: none."""
    break_glass_role_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Full ARNs of the roles that the policies let through. At least one."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change bucket and key, but not delete logs. Default: none."""
    groups: NotRequired[Sequence[str]]
    """Names of the IAM groups that must not manage CloudTrail at all. Default: none."""
    users: NotRequired[Sequence[str]]
    """Names of the IAM users that must not manage CloudTrail at all. Default: none."""
    roles: NotRequired[Sequence[str]]
    """Names of the IAM roles that must not manage CloudTrail at all. Default: none."""
    mfa_groups: NotRequired[Sequence[str]]
    """Names of the IAM groups that may manage CloudTrail with MFA only. Default: none."""
    mfa_users: NotRequired[Sequence[str]]
    """Names of the IAM users that may manage CloudTrail with MFA only. Default: none."""
    mfa_roles: NotRequired[Sequence[str]]
    """Names of the IAM roles that may manage CloudTrail with MFA only. Default: none."""
    policy_name: NotRequired[str]
    """Prefix of the policies' names. Default: the component's name."""


class IamProtection(pulumi.ComponentResource):
    """The denies of the guardrails as IAM policies.

    For accounts without Organizations, and for the management account, which service control
    policies never bind. Two policies deny: one harming the record and managing the organization,
    one becoming another identity and silencing alerts; those who have them make and change
    principals only with the boundary. Either becomes several where the lists of exempt roles are
    too long for one. One asks for MFA, for those who manage CloudTrail. One is the
    denies as a permissions boundary, for roles that others create: it exempts no role. They bind
    those who have them, and no one else.
    """

    policy_arn: pulumi.Output[str]
    """ARN of the policy that denies harming the record of events, and managing the organization."""
    access_policy_arn: pulumi.Output[str]
    """ARN of the policy that denies becoming another identity, and silencing alerts."""
    mfa_policy_arn: pulumi.Output[str]
    """ARN of the policy that asks for MFA."""
    boundary_policy_arn: pulumi.Output[str]
    """ARN of the policy to set as a permissions boundary."""

    def __init__(
        self, name: str, args: IamProtectionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make and attach the policies.

        Args:
            name: the component's name.
            args: see `IamProtectionArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: there is no exempt role, or the policies do not fit IAM's quotas.
        """
        super().__init__("cloudtrail-guard:index:IamProtection", name, {}, opts)
        args = checked_inputs(self, args)
        self._protected = protected_resources(args)
        prefix = args.get("policy_name", name)
        # What is not known yet counts with its longest length, so that no policy fails half-way.
        self._assumed = {
            key: or_assumed(value, LONGEST[key]) for key, value in self._protected.items()
        }
        self._policies = _policies(prefix, args)
        # First, so that nothing is registered when one of the policies is too long.
        packings = {
            form: compute(self, partial(form.pack, self._policies), **self._assumed)
            for form in FORMS
        }
        made = {
            form.suffix: [
                self._policy(form, sids, f"{name}{end}", f"{prefix}{end}")
                for end, sids in numbered(form, packing)
            ]
            for form, packing in packings.items()
            if isinstance(packing, list)  # as all that was assumed is known
        }
        for suffix in (RECORD.suffix, ACCESS.suffix):
            for number, policy in enumerate(made[suffix], start=1):
                self._attach(
                    f"{name}{end_of(suffix, number)}",
                    policy,
                    args.get("groups", ()),
                    args.get("users", ()),
                    args.get("roles", ()),
                )
        (mfa,), (boundary,) = made[MFA.suffix], made[BOUNDARY.suffix]
        self._attach(
            f"{name}-mfa",
            mfa,
            args.get("mfa_groups", ()),
            args.get("mfa_users", ()),
            args.get("mfa_roles", ()),
        )
        self.policy_arn = made[RECORD.suffix][0].arn
        self.access_policy_arn = made[ACCESS.suffix][0].arn
        self.mfa_policy_arn = mfa.arn
        self.boundary_policy_arn = boundary.arn
        self.register_outputs(
            {
                "policy_arn": self.policy_arn,
                "access_policy_arn": self.access_policy_arn,
                "mfa_policy_arn": self.mfa_policy_arn,
                "boundary_policy_arn": self.boundary_policy_arn,
            }
        )

    def _policy(
        self, form: IamForm, sids: tuple[str, ...], name: str, title: str
    ) -> "aws.iam.Policy":
        write = partial(form.write, self._policies, sids)
        return aws.iam.Policy(
            name,
            name=title,
            description=form.description,
            policy=compute(self, write, **self._protected),
            opts=child_options(self),
        )

    def _attach(
        self,
        name: str,
        policy: "aws.iam.Policy",
        groups: Sequence[str],
        users: Sequence[str],
        roles: Sequence[str],
    ) -> None:
        opts = child_options(self)
        for group in groups:
            aws.iam.GroupPolicyAttachment(
                f"{name}-group-{group}", group=group, policy_arn=policy.arn, opts=opts
            )
        for user in users:
            aws.iam.UserPolicyAttachment(
                f"{name}-user-{user}", user=user, policy_arn=policy.arn, opts=opts
            )
        for role in roles:
            aws.iam.RolePolicyAttachment(
                f"{name}-role-{role}", role=role, policy_arn=policy.arn, opts=opts
            )


def planned_policy_names(name: str, args: IamProtectionArgs) -> list[str]:
    """The names of the policies that a component makes of plain arguments.

    Raises:
        InvalidValueError: the policies do not fit; the message says by how much.
    """
    prefix = args.get("policy_name", name)
    policies, protected = _policies(prefix, args), plain_values(protected_resources(args))
    return [
        f"{prefix}{end}"
        for form in FORMS
        for end, _ in numbered(form, form.pack(policies, protected))
    ]


def _policies(prefix: str, args: IamProtectionArgs) -> IamPolicies:
    groups = (*args.get("groups", ()), *args.get("mfa_groups", ()))
    return IamPolicies(prefix, f"{prefix}-boundary", tuple(dict.fromkeys(groups)))
