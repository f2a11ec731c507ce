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
    FoundRole,
    FoundTrail,
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
    MonitoringSettings,
    SecuritySettings,
    TrailContentSettings,
    WorkloadSettings,
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
class _Answer(Generic[T]):
    """What AWS answered, if it was asked.

    Attributes:
        found: its answer.
        absent: whether what was asked for does not exist.
        unread: what it did not answer, and so is not checked.
    """

    found: T | None = None
    absent: bool = False
    unread: tuple[str, ...] = ()


def _ask(
    unchecked: str, ask: Callable[P, T | None], *args: P.args, **kwargs: P.kwargs
) -> _Answer[T]:
    """Ask AWS.

    Args:
        unchecked: what is not checked if AWS does not answer, as a sentence.
        ask: the question; its answer is None if there is no such thing.
        args: what it is asked with.
        kwargs: what it is asked with by name.
    """
    try:
        found = ask(*args, **kwargs)
    except LookupFailedError as error:
        return _Answer(unread=(f"{unchecked}: {error}",))
    return _Answer(found=found, absent=found is None)


def _answers(
    aws: AwsClients,
    context: DeploymentContext[CommonSettings],
    planned: Sequence[PlannedName],
    policies: Mapping[str, Sequence[str]],
) -> Lookups:
    """Ask everything at once; Pulumi is asked in this thread, which alone its runtime knows."""
    with ThreadPoolExecutor() as pool:
        trails = pool.submit(_trails, aws, context)
        roles = pool.submit(_roles, aws, context)
        identities = pool.submit(_identities, aws, context)
        bucket = pool.submit(_existing_bucket, aws, context)
        key = pool.submit(_existing_key, aws, context)
        archive = pool.submit(_archive, aws, context)
        known, deployed, unread = _state() if has_state() else (False, None, ())
        adopts = pulumi.runtime.is_dry_run() and bool(os.environ.get(ADOPTION))
        where = {"partition": context.partition, "account": context.account}
        new = planned if known and not adopts else ()
        names = pool.submit(find_names, aws, new, deployed, **where)
        targets = _guardrail_targets(context) if known else ()
        attached = pool.submit(attached_by_others, aws, targets, [*policies], deployed)
        units = units_below_root(context)
    others, not_listed = attached.result()
    existing = {
        "existingBucket": bucket.result(),
        "existingKeyArn": key.result(),
        "replica.archive": archive.result(),
    }
    answers = (trails.result(), roles.result(), identities.result(), *existing.values())
    return Lookups(
        trails=trails.result().found or (),
        roles=roles.result().found or {},
        existing_bucket=bucket.result().found,
        existing_key=key.result().found,
        absent=frozenset(setting for setting, each in existing.items() if each.absent),
        units=units,
        names=names.result(),
        missing_identities=identities.result().found or (),
        attached=others,
        deployed=deployed,
        unread=(*unread, *(text for each in answers for text in each.unread), *not_listed),
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


def _trails(
    aws: AwsClients, context: DeploymentContext[CommonSettings]
) -> _Answer[tuple[FoundTrail, ...]]:
    """The trails, where the stack makes one, or services that Control Tower may have."""
    settings = context.settings
    if not (
        isinstance(settings, TrailContentSettings | WorkloadSettings)
        or (isinstance(settings, MonitoringSettings) and settings.security_services.any)
    ):
        return _Answer()
    unchecked = (
        f"the trails of {context.region} cannot be listed, so their quota is not checked, and not "
        "whether the organization or Control Tower has one"
    )
    return _ask(unchecked, queries.list_trails, aws)


def _roles(
    aws: AwsClients, context: DeploymentContext[CommonSettings]
) -> _Answer[dict[str, FoundRole | None]]:
    unchecked = (
        f"whether account {context.account} has the exempt roles, and whom they trust, cannot be "
        "read: let the deploying role call iam:GetRole, and iam:ListRoles for patterns of "
        "permission sets"
    )
    return _ask(unchecked, queries.describe_roles, aws, role_names(context))


def _existing_bucket(
    aws: AwsClients, context: DeploymentContext[CommonSettings]
) -> _Answer[FoundBucket]:
    settings = context.settings
    if not isinstance(settings, SecuritySettings) or not settings.existing_bucket:
        return _Answer()
    name = log_bucket_name(context)  # type: ignore[arg-type]
    unchecked = f"the bucket {name} cannot be read, so it is not checked"
    return _ask(unchecked, queries.describe_bucket, aws, name)


def _existing_key(aws: AwsClients, context: DeploymentContext[CommonSettings]) -> _Answer[FoundKey]:
    """One of another account or region only its owner can read."""
    settings = context.settings
    here = f":{context.region}:{context.account}:"
    if not isinstance(settings, SecuritySettings) or here not in settings.existing_key_arn:
        return _Answer()
    arn = settings.existing_key_arn
    return _ask(
        f"the key {arn} cannot be read, so it is not checked", queries.describe_key, aws, arn
    )


def _archive(aws: AwsClients, context: DeploymentContext[CommonSettings]) -> _Answer[PlannedName]:
    """The bucket of the archive, which S3 has in whatever account."""
    settings = context.settings
    archive = settings.replica.archive if isinstance(settings, LogUseSettings) else None
    if archive is None:
        return _Answer()
    bucket = PlannedName(kind=Kind.BUCKET, name=archive.bucket_name, region=archive.region)
    where = {"partition": context.partition, "account": context.account}
    names = find_names(aws, [bucket], None, **where)
    if names.unread:
        reason = names.unread[0][1]
        return _Answer(unread=(f"whether S3 has the bucket {bucket.name} is not known: {reason}",))
    return _Answer(absent=names == FoundNames())


def _identities(
    aws: AwsClients, context: DeploymentContext[CommonSettings]
) -> _Answer[tuple[tuple[str, str], ...]]:
    """The IAM identities of the settings that do not exist."""
    settings = context.settings
    if not isinstance(settings, TrailContentSettings):
        return _Answer()
    wanted = settings.iam_protection.model_dump(by_alias=True)
    unchecked = "whether the account has the identities of iamProtection cannot be read"
    return _ask(unchecked, queries.missing_identities, aws, wanted)


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
