"""Everything that the preflight checks need to know, looked up at once."""

import os
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import ParamSpec, TypeVar

import pulumi

from stacks.context import (
    DeploymentContext,
    exempt_role_names,
    organizational_units,
    role_name,
)
from stacks.guardrails import guardrail_targets
from stacks.lookups import queries
from stacks.lookups.found import Deployed, FoundNames, LookupFailedError, Lookups
from stacks.lookups.names import find_names
from stacks.lookups.session import AwsClients
from stacks.lookups.state import has_state, read_state
from stacks.names import log_bucket_name
from stacks.planned import PlannedName
from stacks.settings.roles import (
    CommonSettings,
    LogStorageSettings,
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
    return _Questions(aws, context).answers(planned, policies or {})


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
        *(exempt_role_names(context) if isinstance(context.settings, LogStorageSettings) else ()),  # type: ignore[arg-type]
        *([role_name(context.deployer)] if ":role/" in context.deployer else []),
    ]
    return list(dict.fromkeys(names))


class _Questions:
    """The questions of one stack, and what could not be answered."""

    def __init__(self, aws: AwsClients, context: DeploymentContext[CommonSettings]) -> None:
        self._aws = aws
        self._context = context
        self._unread: list[str] = []

    def answers(
        self, planned: Sequence[PlannedName], policies: Mapping[str, Sequence[str]]
    ) -> Lookups:
        context, aws = self._context, self._aws
        known, deployed = self._state() if has_state() else (False, None)
        absent: set[str] = set()
        bucket = key = None
        settings = context.settings
        if isinstance(settings, SecuritySettings):
            if settings.existing_bucket:
                name = log_bucket_name(context)  # type: ignore[arg-type]
                bucket, missing = self._existing(
                    f"the bucket {name}", queries.describe_bucket, aws, name
                )
                absent |= {"existingBucket"} if missing else set()
            own_key = f":{context.region}:{context.account}:" in settings.existing_key_arn
            if own_key:
                arn = settings.existing_key_arn
                key, missing = self._existing(f"the key {arn}", queries.describe_key, aws, arn)
                absent |= {"existingKeyArn"} if missing else set()
        return Lookups(
            trails=queries.answer(queries.list_trails, aws),
            roles=queries.answer(queries.describe_roles, aws, role_names(context)),
            existing_bucket=bucket,
            existing_key=key,
            absent=frozenset(absent),
            units=units_below_root(context),
            names=self._names(planned, deployed) if known else FoundNames(),
            missing_identities=self._missing_identities(),
            attached=self._attached(policies, deployed) if known else {},
            deployed=deployed,
            unread=tuple(self._unread),
        )

    def _state(self) -> tuple[bool, Deployed | None]:
        """Whether the state could be read, and what it has."""
        try:
            return True, read_state()
        except LookupFailedError as error:
            self._unread.append(
                f"the stack's state cannot be read ({error}): whether names are taken, and whether "
                "the stack stays where it is deployed, is not checked"
            )
            return False, None

    def _existing(
        self, what: str, ask: Callable[P, T | None], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T | None, bool]:
        """What exists, and whether it certainly does not."""
        try:
            found = ask(*args, **kwargs)
        except LookupFailedError as error:
            self._unread.append(f"{what} cannot be read, so it is not checked: {error}")
            return None, False
        return found, found is None

    def _names(self, planned: Sequence[PlannedName], deployed: Deployed | None) -> FoundNames:
        if pulumi.runtime.is_dry_run() and os.environ.get(ADOPTION):
            return FoundNames()
        context = self._context
        return find_names(
            self._aws, planned, deployed, partition=context.partition, account=context.account
        )

    def _missing_identities(self) -> tuple[tuple[str, str], ...]:
        settings = self._context.settings
        if not isinstance(settings, TrailContentSettings):
            return ()
        wanted = settings.iam_protection.model_dump(by_alias=True)
        return queries.answer(queries.missing_identities, self._aws, wanted) or ()

    def _attached(
        self, policies: Mapping[str, Sequence[str]], deployed: Deployed | None
    ) -> dict[tuple[str, str], tuple[str, ...]]:
        if not isinstance(self._context.settings, ManagementSettings):
            return {}
        targets = guardrail_targets(self._context)  # type: ignore[arg-type]
        found, unread = attached_by_others(self._aws, targets, [*policies], deployed)
        self._unread += unread
        return found


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
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    unread: list[str] = []
    for target, policy_type in product(targets, policy_types):
        try:
            names = queries.attached_policies(aws, target, policy_type)
        except LookupFailedError as error:
            unread.append(
                f"the policies of type {policy_type} of target {target} cannot be listed, so "
                f"whether it has room for the guardrails is not checked: {error}"
            )
            continue
        found[target, policy_type] = tuple(name for name in names if name not in own)
    return found, unread
