"""Everything that the preflight checks need to know, looked up at once."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Generic, ParamSpec, TypeVar

import pulumi

from stacks.context import (
    DeploymentContext,
    exempt_role_names,
    organizational_units,
    role_name,
)
from stacks.guardrails import guardrail_targets
from stacks.lookups import queries
from stacks.lookups.found import (
    Deployed,
    FoundBucket,
    FoundKey,
    FoundNames,
    LookupFailedError,
    Lookups,
)
from stacks.lookups.names import find_names
from stacks.lookups.session import AwsClients
from stacks.lookups.state import has_state, read_state
from stacks.names import log_bucket_name
from stacks.planned import Kind, PlannedName
from stacks.settings.roles import (
    CommonSettings,
    LockedBucketSettings,
    LogUseSettings,
    ManagementSettings,
    SecuritySettings,
    TrailContentSettings,
)

P = ParamSpec("P")
T = TypeVar("T")

ADOPTION = "CLOUDTRAIL_GUARD_ADOPTION"
"""Set in the environment of a preview that looks for what can be adopted: names are then taken."""


def look_up(
    context: DeploymentContext[CommonSettings],
    planned: Sequence[PlannedName],
    policies: Mapping[str, Sequence[str]] | None = None,
) -> Lookups:
    """Ask AWS, and the stack's own state.

    Args:
        context: the deployment context.
        planned: the names that the stack creates.
        policies: names of the guardrail policies by type, of a management stack.
    """
    try:
        aws = AwsClients.of_stack(context.region)
    except LookupFailedError as error:
        reason = f"AWS cannot be asked with the provider's credentials ({error}): nothing in the "
        return Lookups(
            roles=None,
            units=units_below_root(context),
            unread=(f"{reason}account is checked beforehand",),
        )
    return _answers(aws, context, planned, policies or {})


def units_below_root(context: DeploymentContext[CommonSettings]) -> tuple[str, ...]:
    """The ids of the organization's OUs, where the settings name any; the provider is asked."""
    settings = context.settings
    if not isinstance(settings, ManagementSettings):
        return ()
    root = context.organization.root
    named = [*settings.guardrails.targets, *settings.member_trails.organizational_units]
    return organizational_units(root) if root and named else ()


def role_names(context: DeploymentContext[CommonSettings]) -> list[str]:
    """Names of the exempt roles that this account should have, and of the one that deploys."""
    names = [
        *(exempt_role_names(context) if isinstance(context.settings, LockedBucketSettings) else ()),  # type: ignore[arg-type]
        *([role_name(context.deployer)] if ":role/" in context.deployer else []),
    ]
    return list(dict.fromkeys(names))


@dataclass(frozen=True, kw_only=True)
class _Existing(Generic[T]):
    """What AWS answered about something that the settings say exists."""

    found: T | None = None
    absent: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()


def _answers(
    aws: AwsClients,
    context: DeploymentContext[CommonSettings],
    planned: Sequence[PlannedName],
    policies: Mapping[str, Sequence[str]],
) -> Lookups:
    """Ask everything at once; Pulumi is asked in this thread, which alone its runtime knows."""
    with ThreadPoolExecutor() as pool:
        trails = pool.submit(queries.answer, queries.list_trails, aws)
        roles = pool.submit(queries.answer, queries.describe_roles, aws, role_names(context))
        identities = pool.submit(_missing_identities, aws, context)
        bucket = pool.submit(_existing_bucket, aws, context)
        key = pool.submit(_existing_key, aws, context)
        archive = pool.submit(_absent_archive, aws, context)
        known, deployed, unread = _state() if has_state() else (False, None, ())
        adopts = pulumi.runtime.is_dry_run() and bool(os.environ.get(ADOPTION))
        where = {"partition": context.partition, "account": context.account}
        new = planned if known and not adopts else ()
        names = pool.submit(find_names, aws, new, deployed, **where)
        targets = _guardrail_targets(context) if known else ()
        attached = pool.submit(attached_by_others, aws, targets, [*policies], deployed)
        units = units_below_root(context)
    others, not_listed = attached.result()
    return Lookups(
        trails=trails.result(),
        roles=roles.result(),
        existing_bucket=bucket.result().found,
        existing_key=key.result().found,
        absent=bucket.result().absent | key.result().absent | archive.result(),
        units=units,
        names=names.result(),
        missing_identities=identities.result(),
        attached=others,
        deployed=deployed,
        unread=(*unread, *bucket.result().unread, *key.result().unread, *not_listed),
    )


def _state() -> tuple[bool, Deployed | None, tuple[str, ...]]:
    """Whether the state could be read, what it has, and what is not checked without it."""
    try:
        return True, read_state(), ()
    except LookupFailedError as error:
        text = (
            f"the stack's state cannot be read ({error}): whether names are taken, and whether "
            "the stack stays where it is deployed, is not checked"
        )
        return False, None, (text,)


def _existing_bucket(
    aws: AwsClients, context: DeploymentContext[CommonSettings]
) -> _Existing[FoundBucket]:
    settings = context.settings
    if not isinstance(settings, SecuritySettings) or not settings.existing_bucket:
        return _Existing()
    name = log_bucket_name(context)  # type: ignore[arg-type]
    return _existing("existingBucket", f"the bucket {name}", queries.describe_bucket, aws, name)


def _existing_key(
    aws: AwsClients, context: DeploymentContext[CommonSettings]
) -> _Existing[FoundKey]:
    """One of another account or region only its owner can read."""
    settings = context.settings
    here = f":{context.region}:{context.account}:"
    if not isinstance(settings, SecuritySettings) or here not in settings.existing_key_arn:
        return _Existing()
    arn = settings.existing_key_arn
    return _existing("existingKeyArn", f"the key {arn}", queries.describe_key, aws, arn)


def _absent_archive(aws: AwsClients, context: DeploymentContext[CommonSettings]) -> frozenset[str]:
    """The setting, if S3 has no such bucket in any account."""
    settings = context.settings
    archive = settings.replica.archive if isinstance(settings, LogUseSettings) else None
    if archive is None:
        return frozenset()
    name = PlannedName(kind=Kind.BUCKET, name=archive.bucket_name, region=archive.region)
    where = {"partition": context.partition, "account": context.account}
    nowhere = find_names(aws, [name], None, **where) == FoundNames()
    return frozenset({"replica.archive"} if nowhere else ())


def _existing(
    setting: str, what: str, ask: Callable[P, T | None], *args: P.args, **kwargs: P.kwargs
) -> _Existing[T]:
    try:
        found = ask(*args, **kwargs)
    except LookupFailedError as error:
        return _Existing(unread=(f"{what} cannot be read, so it is not checked: {error}",))
    return _Existing(found=found, absent=frozenset({setting} if found is None else ()))


def _missing_identities(
    aws: AwsClients, context: DeploymentContext[CommonSettings]
) -> tuple[tuple[str, str], ...]:
    settings = context.settings
    if not isinstance(settings, TrailContentSettings):
        return ()
    wanted = settings.iam_protection.model_dump(by_alias=True)
    return queries.answer(queries.missing_identities, aws, wanted) or ()


def _guardrail_targets(context: DeploymentContext[CommonSettings]) -> Sequence[str]:
    if not isinstance(context.settings, ManagementSettings):
        return ()
    return guardrail_targets(context)  # type: ignore[arg-type]


def attached_by_others(
    aws: AwsClients, targets: Sequence[str], policy_types: Sequence[str], deployed: Deployed | None
) -> tuple[dict[tuple[str, str], tuple[str, ...]], list[str]]:
    """The policies of others that are attached to targets, and what could not be read.

    Args:
        aws: clients of the management account.
        targets: ids of roots, OUs and accounts.
        policy_types: the types of policies.
        deployed: the stack's own resources, whose policies are left out.

    Returns:
        Names by target and type, and a text for each of them that is not known.
    """
    own = {
        str(each.properties.get("name"))
        for each in (deployed.resources if deployed else ())
        if each.type == "aws:organizations/policy:Policy"
    }

    def names_or_reason(each: tuple[str, str]) -> tuple[str, ...] | str:
        target, policy_type = each
        try:
            return queries.attached_policies(aws, target, policy_type)
        except LookupFailedError as error:
            return (
                f"the policies of type {policy_type} of target {target} cannot be listed, so "
                f"whether it has room for the guardrails is not checked: {error}"
            )

    asked = list(product(targets, policy_types))
    answers = list(zip(asked, queries.side_by_side(names_or_reason, asked), strict=True))
    found = {
        each: tuple(name for name in names if name not in own)
        for each, names in answers
        if not isinstance(names, str)
    }
    return found, [reason for _, reason in answers if isinstance(reason, str)]
