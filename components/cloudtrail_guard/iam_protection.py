"""The guardrails as IAM policies, for where no service control policy reaches."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NotRequired, TypeAlias, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard import quotas
from cloudtrail_guard.guardrails import LONGEST
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute, or_assumed
from cloudtrail_guard.policies.document import Statement, document, to_json
from cloudtrail_guard.policies.guardrails import mfa_statement
from cloudtrail_guard.policies.iam_guardrails import (
    IamPolicies,
    boundary_statements,
    iam_access_statements,
    iam_record_statements,
)
from cloudtrail_guard.policies.protected import ProtectedResources
from cloudtrail_guard.resources.options import child_options

ALLOW_THE_REST: Statement = {
    "Sid": "AllowEverythingElse",
    "Effect": "Allow",
    "Action": "*",
    "Resource": "*",
}
"""A permissions boundary without an Allow would allow nothing; it grants nothing by itself."""


Writer: TypeAlias = Callable[[IamPolicies, dict[str, Any]], str]
"""Makes one of the policies of plain inputs."""


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
    principals only with the boundary. One asks for MFA, for those who manage CloudTrail. One is the
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
            ArgumentError: there is no exempt role, or a policy does not fit IAM's quota.
        """
        super().__init__("cloudtrail-guard:index:IamProtection", name, {}, opts)
        args = checked_inputs(self, args)
        self._protected = {
            "bucket": args["log_bucket_name"],
            "key_arn": args.get("log_key_arn"),
            "further_buckets": args.get("further_bucket_names", ()),
            "further_keys": args.get("further_key_arns", ()),
            "other_keys": args.get("other_key_arns", ()),
            "own_roles": args.get("own_role_arns", ()),
            "trails": args.get("trail_arns", ("*",)),
            "monitoring": args.get("monitoring_arns", ()),
            "break_glass": args["break_glass_role_arns"],
            "deployers": args.get("deployer_role_arns", ()),
        }
        prefix = args.get("policy_name", name)
        # What is not known yet counts with its longest length, so that no policy fails half-way.
        self._assumed = {
            key: or_assumed(value, LONGEST[key]) for key, value in self._protected.items()
        }
        groups = (*args.get("groups", ()), *args.get("mfa_groups", ()))
        self._policies = IamPolicies(prefix, f"{prefix}-boundary", tuple(dict.fromkeys(groups)))
        # First, so that nothing is registered when one of the policies is too long.
        for write in (_record, _access, _mfa, _boundary):
            compute(self, partial(write, self._policies), **self._assumed)
        policy = self._policy(name, prefix, "Denies tampering with CloudTrail", _record)
        access = self._policy(
            f"{name}-access",
            f"{prefix}-access",
            "Denies what leads to tampering with CloudTrail",
            _access,
        )
        mfa = self._policy(
            f"{name}-mfa", f"{prefix}-mfa", "Asks for MFA to manage CloudTrail", _mfa
        )
        boundary = self._policy(
            f"{name}-boundary",
            f"{prefix}-boundary",
            "Permissions boundary: anything but tampering with CloudTrail",
            _boundary,
        )
        for label, each in ((name, policy), (f"{name}-access", access)):
            self._attach(
                label, each, args.get("groups", ()), args.get("users", ()), args.get("roles", ())
            )
        self._attach(
            f"{name}-mfa",
            mfa,
            args.get("mfa_groups", ()),
            args.get("mfa_users", ()),
            args.get("mfa_roles", ()),
        )
        self.policy_arn = policy.arn
        self.access_policy_arn = access.arn
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
        self,
        name: str,
        title: str,
        description: str,
        write: Callable[[IamPolicies, dict[str, Any]], str],
    ) -> aws.iam.Policy:
        return aws.iam.Policy(
            name,
            name=title,
            description=description,
            policy=compute(self, partial(write, self._policies), **self._protected),
            opts=child_options(self),
        )

    def _attach(
        self,
        name: str,
        policy: aws.iam.Policy,
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


def _record(_: IamPolicies, values: dict[str, Any]) -> str:
    protected = ProtectedResources(**values)
    return _checked(iam_record_statements(protected), protected)


def _access(policies: IamPolicies, values: dict[str, Any]) -> str:
    protected = ProtectedResources(**values)
    return _checked(iam_access_statements(protected, policies), protected)


def _mfa(_: IamPolicies, values: dict[str, Any]) -> str:
    return _checked([mfa_statement(ProtectedResources(**values))])


def _boundary(policies: IamPolicies, values: dict[str, Any]) -> str:
    protected = ProtectedResources(**values)
    return _checked([ALLOW_THE_REST, *boundary_statements(protected, policies)], protected)


def _checked(statements: list[Statement], optional: ProtectedResources | None = None) -> str:
    text = to_json(document(statements))
    parts = optional and {
        "monitoring_arns": optional.monitoring,
        "own_role_arns": optional.own_roles,
        "other_key_arns": optional.other_keys,
    }
    listed = ", ".join(name for name, values in (parts or {}).items() if values)
    quotas.MANAGED_POLICY.check(text, f"; leave out an optional part: {listed}" if listed else "")
    return text
