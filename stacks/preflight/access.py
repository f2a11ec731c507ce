"""Whether the exempt roles exist where they can be used, and never lock out the deployer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from cloudtrail_guard.arns import is_permission_set, parse_arn, stands_for
from cloudtrail_guard.policies.document import many, parse_document, statements_of

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns, role_key, role_name
from stacks.lookups.found import FoundRole, Lookups
from stacks.names import PREFIX
from stacks.preflight.findings import Finding
from stacks.settings import NAMESPACE
from stacks.settings.roles import (
    CommonSettings,
    DeployerSettings,
    LockedBucketSettings,
    TrailContentSettings,
)

KEY = "aws:kms/key:Key"
EXISTS = FoundRole(trust={})
"""A role that was not looked up, because it is of another account."""


def check_exempt_roles(context: DeploymentContext[LockedBucketSettings]) -> Iterator[Finding]:
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
    if not _is_among(context.deployer, break_glass_arns(context)):
        yield from check_deployers(context)


def check_deployers(context: DeploymentContext[DeployerSettings]) -> Iterator[Finding]:
    """The role that deploys is among those that may."""
    if not _is_among(context.deployer, deployer_arns(context)):
        yield Finding(
            f"{NAMESPACE}:deployerRoleArns does not include {context.deployer}, which deploys now: "
            "a preview works, but what the stack protects will deny its changes",
            fatal=False,
        )


def _is_among(role: str, arns: Iterable[str]) -> bool:
    return any(stands_for(arn, role) for arn in arns)


def check_suffixes(context: DeploymentContext[DeployerSettings]) -> Iterator[Finding]:
    """No exempt role is lost when IAM Identity Center makes it again, under another name."""
    settings = context.settings
    exempt = {"deployerRoleArns": deployer_arns(context)}
    if isinstance(settings, LockedBucketSettings):
        exempt["breakGlassRoles"] = break_glass_arns(context)  # type: ignore[arg-type]
    for key, arns in exempt.items():
        for arn in arns:
            if (pattern := _PERMISSION_SET_SUFFIX.sub(r"\1*", arn)) != arn:
                yield Finding(
                    f"{NAMESPACE}:{key}: IAM Identity Center made {arn}, and makes another one, "
                    "which is not exempt, when the permission set is assigned to the account "
                    f"again; name {pattern}",
                    fatal=False,
                )


_PERMISSION_SET_SUFFIX = re.compile(
    r"(:role/aws-reserved/sso\.amazonaws\.com/(?:[^/]+/)?AWSReservedSSO_.+_)[0-9a-f]+$"
)


def check_deployed_keys(
    context: DeploymentContext[DeployerSettings], found: Lookups
) -> Iterator[Finding]:
    """The deployed keys let this role change their policies, if those are to change."""
    resources = found.deployed.resources if found.deployed else ()
    for each in resources:
        if each.type != KEY:
            continue
        exempt = _exempt_from(str(each.properties.get("policy") or ""))
        if (
            not exempt
            or _is_among(context.deployer, exempt)
            or exempt.issuperset(deployer_arns(context))
        ):
            continue
        yield Finding(
            f"key {each.name} is deployed so that only {', '.join(sorted(exempt))} may change its "
            f"policy, and you deploy as {context.deployer}: deploy once with one of them, and with "
            f"{NAMESPACE}:deployerRoleArns naming every role that deploys"
        )
        return


def _exempt_from(policy: str) -> frozenset[str]:
    """The principals that a key's policy lets change it; none if it denies that to no one."""
    statements = statements_of(parse_document(policy)) if policy else []
    deny = next((each for each in statements if each.get("Sid") == "DenyKeyTampering"), {})
    condition = cast("Mapping[str, Mapping[str, str | list[str]]]", deny.get("Condition", {}))
    arns = [test.get("aws:PrincipalArn", []) for test in condition.values()]
    return frozenset(arn for value in arns for arn in many(value))


def check_missing_roles(
    context: DeploymentContext[LockedBucketSettings], found: Lookups
) -> Iterator[Finding]:
    """An exemption for a role that does not exist is one for anyone who can create it."""
    exempt = {
        "breakGlassRoles": context.settings.break_glass_roles,
        "deployerRoleArns": context.settings.deployer_role_arns,
    }
    for key, roles in exempt.items():
        for role in roles:
            name = role_key(role)
            if found.roles.get(name, EXISTS) is not None:
                continue
            if is_permission_set(role):
                yield Finding(
                    f"{NAMESPACE}:{key}: account {context.account} has no role {role}: assign the "
                    "permission set to the account, or correct its name; Identity Center's region "
                    "is part of the path, as * or by name, unless it is us-east-1",
                    fatal=False,
                )
            else:
                yield Finding(
                    f"{NAMESPACE}:{key}: account {context.account} has no role {name}, so anyone "
                    "who may create a role of that name is exempt; create it, for trusted people "
                    f"only, with aws iam create-role --role-name {name} "
                    "--assume-role-policy-document file://trust.json",
                    fatal=False,
                )


def check_trust(context: DeploymentContext[CommonSettings], found: Lookups) -> Iterator[Finding]:
    """An exempt role that a whole account may assume is an exemption of that account."""
    assumed = {
        name: principals
        for name, role in found.roles.items()
        if role is not None and (principals := wide_principals(role.trust))
    }
    if not assumed:
        return
    deployer = role_name(context.deployer)
    listed = "; ".join(
        f"{name}{' (which deploys)' if name == deployer else ''} by {', '.join(principals)}"
        for name, principals in assumed.items()
    )
    yield Finding(
        f"roles that the denies exempt may be assumed by others: {listed}. Those become exempt "
        "with one call. Name single roles or users in their trust policies (aws iam "
        "update-assume-role-policy, as break-glass once the guardrails are attached), and deploy "
        f"with a role of its own: {NAMESPACE}:deployerRoleArns",
        fatal=False,
    )


def check_break_glass_trust(
    context: DeploymentContext[LockedBucketSettings], found: Lookups
) -> Iterator[Finding]:
    """Someone but the deploying roles may become break-glass: the guardrails deny it to those."""
    deployers = [arn for arn in deployer_arns(context) if arn not in break_glass_arns(context)]
    for arn in break_glass_arns(context):
        role = found.roles.get(role_key(arn))
        trusted = list(_trusted(role.trust)) if role is not None else []
        if trusted and all(_is_among(each, deployers) for each in trusted):
            yield Finding(
                f"{NAMESPACE}:breakGlassRoles: {arn} trusts {', '.join(trusted)} alone, which "
                "deploys, and the guardrails deny deploying roles to assume it: no one could, in "
                "an emergency; name another role or user in its trust policy, as well",
                fatal=False,
            )


def _trusted(trust: Mapping[str, object]) -> Iterator[str]:
    """The principals of every kind that a trust policy admits, as they are written."""
    for statement in statements_of(trust) if trust else []:
        if statement.get("Effect") == "Allow":
            principal = statement.get("Principal") or []
            if isinstance(principal, dict):
                for values in cast("Mapping[str, object]", principal).values():
                    yield from many(values)
            else:
                yield from many(principal)


def wide_principals(trust: Mapping[str, object]) -> list[str]:
    """Those whom a trust policy admits and who are more than one role, user or workload.

    A statement with a condition on `aws:PrincipalArn` names single ones in another way.
    """
    statements = statements_of(trust) if trust else []
    return [
        wide
        for statement in statements
        if statement.get("Effect") == "Allow"
        and "aws:principalarn" not in str(statement.get("Condition")).lower()
        for principal in _aws_principals(statement.get("Principal"))
        if (wide := _wide(principal))
    ]


def _wide(principal: str) -> str | None:
    account = _ACCOUNT.fullmatch(principal)
    if account:
        return f"all of account {account[1]} whom its IAM policies let"
    return "anyone" if principal == "*" else None


_ACCOUNT = re.compile(r"(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?")


def _aws_principals(principal: object) -> Sequence[str]:
    if isinstance(principal, dict):
        return _aws_principals(cast("Mapping[str, object]", principal).get("AWS", []))
    return many(principal or [])


def check_identities(found: Lookups) -> Iterator[Finding]:
    """The groups, users and roles that get IAM policies exist."""
    for key, name in found.missing_identities:
        kind = key.removeprefix("mfa").lower().removesuffix("s")
        yield Finding(
            f"{NAMESPACE}:iamProtection.{key}: this account has no {kind} {name}; create it first, "
            "or leave it out"
        )


def check_deployer_is_free(
    context: DeploymentContext[TrailContentSettings], found: Lookups
) -> Iterator[Finding]:
    """The IAM policies are not attached to the very role that has to manage the trail."""
    wanted = context.settings.iam_protection
    role = role_name(context.deployer)
    own = found.roles.get(role)
    if own is not None and own.boundary and own.boundary.endswith(f":policy/{PREFIX}-boundary"):
        yield Finding(
            f"{context.deployer}, which deploys this stack, has the permissions boundary "
            f"{own.boundary}: it could change nothing here; take it off, it is for roles that "
            "others create"
        )
    for key, names in {"roles": wanted.roles, "users": wanted.users}.items():
        if role in names:
            yield Finding(
                f"{NAMESPACE}:iamProtection.{key} includes {role}, which deploys this stack: it "
                "could no longer change the trail; leave it out"
            )
