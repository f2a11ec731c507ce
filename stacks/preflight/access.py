"""Whether the exempt roles exist where they can be used, and never lock out the deployer."""

from collections.abc import Iterator

from cloudtrail_guard.arns import parse_arn

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns
from stacks.lookups.found import Lookups
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import LogStorageSettings, TrailContentSettings


def check_exempt_roles(context: DeploymentContext[LogStorageSettings]) -> Iterator[Finding]:
    """The exempt roles are of the account that has the bucket."""
    settings = context.settings
    for arn in break_glass_arns(context):
        if parse_arn(arn).account != context.account:
            yield Finding(
                f"{NAMESPACE}:breakGlassRoles: {arn} is not a role of this account "
                f"{context.account}: only its own roles can reach bucket and key through IAM"
            )
    for arn in settings.deployer_role_arns:
        if parse_arn(arn).account != context.account:
            yield Finding(
                f"{NAMESPACE}:deployerRoleArns: {arn} is not a role of this account "
                f"{context.account}, so it cannot deploy this stack"
            )
    if context.deployer not in (*deployer_arns(context), *break_glass_arns(context)):
        yield Finding(
            f"{NAMESPACE}:deployerRoleArns does not include {context.deployer}, which deploys now: "
            "a preview works, but bucket and key will deny its changes",
            fatal=False,
        )


def check_missing_roles(
    context: DeploymentContext[LogStorageSettings], found: Lookups
) -> Iterator[Finding]:
    """An exemption for a role that does not exist is one for anyone who can create it."""
    if found.missing_roles is None:
        yield Finding(
            f"whether account {context.account} has the roles of {NAMESPACE}:breakGlassRoles "
            "cannot be read: let the deploying role call iam:GetRole",
            fatal=False,
        )
        return
    exempt = {
        "breakGlassRoles": context.settings.break_glass_roles,
        "deployerRoleArns": context.settings.deployer_role_arns,
    }
    for key, roles in exempt.items():
        for role in roles:
            name = role.rsplit("/", maxsplit=1)[-1]
            if name in found.missing_roles:
                yield Finding(
                    f"{NAMESPACE}:{key}: account {context.account} has no role {name}, so anyone "
                    "who may create a role of that name is exempt; create it, for trusted people "
                    f"only, with aws iam create-role --role-name {name} "
                    "--assume-role-policy-document file://trust.json",
                    fatal=False,
                )


def check_identities(found: Lookups) -> Iterator[Finding]:
    """The groups, users and roles that get IAM policies exist."""
    for key, name in found.missing_identities:
        kind = key.removeprefix("mfa").lower().removesuffix("s")
        yield Finding(
            f"{NAMESPACE}:iamProtection.{key}: this account has no {kind} {name}; create it first, "
            "or leave it out"
        )


def check_deployer_is_free(context: DeploymentContext[TrailContentSettings]) -> Iterator[Finding]:
    """The IAM policies are not attached to the very role that has to manage the trail."""
    wanted = context.settings.iam_protection
    role = parse_arn(context.deployer).resource.rsplit("/", maxsplit=1)[-1]
    for key, names in {"roles": wanted.roles, "users": wanted.users}.items():
        if role in names:
            yield Finding(
                f"{NAMESPACE}:iamProtection.{key} includes {role}, which deploys this stack: it "
                "could no longer change the trail; leave it out"
            )
