"""What a stack is deployed into: account, region, deploying role and organization, asked of AWS.

Asked at once and before any resource is registered, so that settings can be held against it, and
so that every policy document is known in preview. Settings can answer instead of AWS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

import pulumi
import pulumi_aws as aws
from cloudtrail_guard.arns import partition_of_region

from stacks.live import (
    LiveBucket,
    LiveError,
    LiveTrail,
    describe_bucket,
    list_trails,
    missing_roles,
)
from stacks.settings import Settings, log_bucket_name

P = ParamSpec("P")
T = TypeVar("T")


class SurroundingsError(pulumi.RunError):
    """AWS did not answer what must be known; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Organization:
    """The organization as the stack's account sees it.

    Attributes:
        id: ``o-...``.
        management_account: the management account's id.
        root: the root's id, ``r-...``; None where only the management account is told.
        accounts: ids of all accounts; empty where only the management account is told.
        policy_types: policy types that are enabled on the root; None where that is not told.
        trusted_services: service principals with trusted access; None where that is not told.
        all_features: whether the organization has more than consolidated billing.
    """

    id: str
    management_account: str
    root: str | None = None
    accounts: tuple[str, ...] = ()
    policy_types: tuple[str, ...] | None = None
    trusted_services: tuple[str, ...] | None = None
    all_features: bool = True

    def trusts(self, service: str) -> bool:
        """Whether a service has trusted access, or AWS does not tell."""
        return self.trusted_services is None or service in self.trusted_services


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where a stack is deployed, and by whom.

    Attributes:
        account: the account's 12-digit id.
        region: the provider's region.
        partition: the AWS partition.
        deployer: full ARN of the role or user that deploys.
        found_organization: the account's organization, if it was asked for.
        trails: the trails that count in the region; None where AWS does not tell.
        existing_bucket: what the log bucket is like, if it is there already and not the stack's;
            None where AWS does not tell, or there is none.
        missing_roles: names of exempt roles that the account lacks; None where AWS does not tell.
    """

    account: str
    region: str
    partition: str
    deployer: str
    found_organization: Organization | None
    trails: tuple[LiveTrail, ...] | None = None
    missing_roles: tuple[str, ...] | None = ()
    existing_bucket: LiveBucket | None = None

    @property
    def organization(self) -> Organization:
        """The account's organization.

        Raises:
            SurroundingsError: it was not asked for.
        """
        if self.found_organization is None:
            raise SurroundingsError("this stack works without an organization")
        return self.found_organization


def discover(settings: Settings, *, needs_organization: bool = True) -> Surroundings:
    """Ask AWS for what the settings do not say.

    Args:
        settings: what they say is not asked for.
        needs_organization: whether to ask for the account's organization.

    Raises:
        SurroundingsError: the account is in no organization, or may not ask about it.
    """
    caller = _ask("who deploys", aws.get_caller_identity)
    region = _ask("the region", aws.get_region).region
    session = _ask("the deploying role", partial(aws.iam.get_session_context, arn=caller.arn))
    return Surroundings(
        account=caller.account_id,
        region=region,
        partition=settings.partition or partition_of_region(region),
        deployer=session.issuer_arn,
        found_organization=_organization(settings) if needs_organization else None,
        trails=_told(list_trails, region),
        missing_roles=_told(missing_roles, region, _exempt_roles(settings, caller.account_id)),
        existing_bucket=_told(describe_bucket, region, log_bucket_name(settings, caller.account_id))
        if settings.existing_bucket
        else None,
    )


def organizational_units(root: str) -> tuple[str, ...]:
    """The ids of every OU below a root, however deep."""
    list_units = aws.organizations.get_organizational_unit_descendant_organizational_units
    found = _ask("the organization's OUs", partial(list_units, parent_id=root))
    return tuple(child.id for child in found.childrens)


def _exempt_roles(settings: Settings, account: str) -> list[str]:
    """Names, without the path, of the exempt roles that this account should have."""
    return [
        role.rsplit("/", maxsplit=1)[-1]
        for role in (*settings.break_glass_roles, *settings.deployer_role_arns)
        if not role.startswith("arn:") or f"::{account}:role/" in role
    ]


def _told(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    try:
        return ask(*args, **kwargs)
    except LiveError:
        return None


def _ask(what: str, call: Callable[[], T]) -> T:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - a failed invoke raises a bare Exception
        raise SurroundingsError(f"AWS does not tell {what}: {error}") from None


def _organization(settings: Settings) -> Organization:
    try:
        live = _ask("the organization", aws.organizations.get_organization)
    except SurroundingsError as error:
        if settings.organization_id and settings.management_account_id:
            return Organization(
                id=settings.organization_id,
                management_account=settings.management_account_id,
                root=settings.root_id or None,
            )
        raise SurroundingsError(
            f"{error}. Let the deploying role call organizations:DescribeOrganization, or set "
            "cloudtrail-guard:organizationId and cloudtrail-guard:managementAccountId"
        ) from None
    # A member account is told of no root, and of nothing that is set for the whole organization.
    told = bool(live.roots)
    return Organization(
        id=settings.organization_id or live.id,
        management_account=settings.management_account_id or live.master_account_id,
        root=settings.root_id or (live.roots[0].id if live.roots else None),
        accounts=tuple(account.id for account in live.accounts),
        policy_types=tuple(live.enabled_policy_types) if told else None,
        trusted_services=tuple(live.aws_service_access_principals) if told else None,
        all_features=live.feature_set == "ALL",
    )
