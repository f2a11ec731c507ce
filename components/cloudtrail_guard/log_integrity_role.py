"""The role of the job that proves logs to be whole."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.readers import LogSource, integrity_policy
from cloudtrail_guard.policies.trust import (
    oidc_statement,
    principals_statement,
    trust_policy,
)
from cloudtrail_guard.resources.role import role_with_policy

DEFAULT_AUDIENCE = "sts.amazonaws.com"


class OidcTrustArgs(TypedDict):
    """Identities of an OpenID Connect provider, such as jobs of GitHub Actions."""

    provider_arn: pulumi.Input[str]
    """The provider's ARN, `...:oidc-provider/token.actions.githubusercontent.com`."""
    subjects: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Whom their tokens name, in full: `repo:owner/name:ref:refs/heads/main`. No wildcards."""
    audience: NotRequired[pulumi.Input[str]]
    """What their tokens are meant for. Default: `sts.amazonaws.com`."""


class LogIntegrityRoleArgs(TypedDict):
    """The arguments of `LogIntegrityRole`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name."""
    log_key_arn: pulumi.Input[str]
    """ARN of the key that encrypts the logs."""
    trail_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    """ARNs of the trails whose logs are checked."""
    member_trail_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Names of trails of any account whose logs are checked as well. Default: none."""
    trusted_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the roles, users or accounts that may assume it. No wildcards. Default: none."""
    oidc: NotRequired[OidcTrustArgs]
    """Jobs that may assume it. Default: none."""
    role_name: NotRequired[str]
    """The role's name. Default: the component's name."""


class LogIntegrityRole(pulumi.ComponentResource):
    """A role that reads logs, digests and CloudTrail's public keys, and changes nothing.

    In the log bucket's account, for a scheduled job that proves the logs to be whole. At least one
    of `trusted_arns` and `oidc` says who may assume it.
    """

    role_arn: pulumi.Output[str]
    """The role's ARN, known once its policy is in place."""

    def __init__(
        self, name: str, args: LogIntegrityRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the role.

        Args:
            name: the component's name.
            args: see `LogIntegrityRoleArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: no principal may assume it, or one is named by a pattern.
        """
        super().__init__("cloudtrail-guard:index:LogIntegrityRole", name, {}, opts)
        args = checked_inputs(self, args)
        if not args.keys() & {"trusted_arns", "oidc"}:
            raise ArgumentError(
                f"LogIntegrityRole {name!r}: no principal may assume it: give trusted_arns or oidc"
            )
        trust = compute(self, _trust, principals=args.get("trusted_arns"), oidc=args.get("oidc"))
        permissions = compute(
            self,
            lambda values: to_json(integrity_policy(LogSource(**values))),
            bucket=args["log_bucket_name"],
            key_arn=args["log_key_arn"],
            trails=args["trail_arns"],
            member_trails=args.get("member_trail_names", ()),
        )
        self.role_arn = role_with_policy(
            self,
            f"{name}-role",
            role_name=args.get("role_name", name),
            description="Proves CloudTrail logs to be whole",
            trust=trust,
            permissions=permissions,
        )
        self.register_outputs({"role_arn": self.role_arn})


def _trust(values: dict[str, Any]) -> str:
    principals, oidc = values["principals"], values["oidc"]
    return to_json(
        trust_policy(
            [
                *([] if principals is None else [principals_statement(principals)]),
                *([] if oidc is None else [_jobs(**oidc)]),
            ]
        )
    )


def _jobs(
    provider_arn: str, subjects: Sequence[str], audience: str = DEFAULT_AUDIENCE
) -> Mapping[str, object]:
    return oidc_statement(provider_arn, audience=audience, subjects=subjects)
