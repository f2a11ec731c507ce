"""The deployment context: settings, account, region, organization and deploying role.

Resolved once, before any resource is registered, so that the preflight checks have it and every
policy document is known in preview. Settings can answer instead of AWS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import pulumi
import pulumi_aws as aws
from cloudtrail_guard.arns import is_permission_set, partition_of_region, role_arn

from stacks.settings import NAMESPACE
from stacks.settings.roles import (
    CommonSettings,
    DeployerSettings,
    LockedBucketSettings,
    ManagementSettings,
    OrganizationSettings,
)

T = TypeVar("T")
SettingsT_co = TypeVar("SettingsT_co", bound=CommonSettings, covariant=True)
"""The settings of one role, or a part of them that is enough."""


class ContextError(pulumi.RunError):
    """AWS did not answer what must be known; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Organization:
    """The organization as far as the stack needs to know it.

    Attributes:
        id: ``o-...``.
        management_account: the management account's id.
        root: the root's id, ``r-...``; None outside the management stack.
        accounts: ids of all accounts; empty outside the management stack.
        policy_types: policy types that are enabled on the root; None where they are not read.
        trusted_services: service principals with trusted access; None where they are not read.
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
        """Whether a service has trusted access, or this is not read."""
        return self.trusted_services is None or service in self.trusted_services


@dataclass(frozen=True, kw_only=True)
class DeploymentContext(Generic[SettingsT_co]):
    """What a stack is deployed with, to where, and by whom.

    Attributes:
        settings: the stack's settings.
        account: the account's 12-digit id.
        region: the provider's region.
        partition: the AWS partition.
        deployer: full ARN of the role or user that deploys.
        found_organization: the account's organization; None for a stack without one.
    """

    settings: SettingsT_co
    account: str
    region: str
    partition: str
    deployer: str
    found_organization: Organization | None = None

    @property
    def organization(self) -> Organization:
        """The account's organization.

        Raises:
            ContextError: this stack works without one.
        """
        if self.found_organization is None:
            raise ContextError("this stack works without an organization")
        return self.found_organization

    @property
    def resource_options(self) -> pulumi.ResourceOptions:
        """The resource options of everything that has no protection of its own."""
        return pulumi.ResourceOptions(protect=self.settings.protect)


def resolve(settings: SettingsT_co) -> DeploymentContext[SettingsT_co]:
    """Resolve the context: ask AWS for what the settings leave open.

    Raises:
        ContextError: AWS does not say who deploys and where, or the stack needs an organization
            and cannot read it.
    """
    caller = _ask("who deploys", aws.get_caller_identity)
    region = _ask("the region", aws.get_region).region
    session = _ask("the deploying role", partial(aws.iam.get_session_context, arn=caller.arn))
    return DeploymentContext(
        settings=settings,
        account=caller.account_id,
        region=region,
        partition=settings.partition or partition_of_region(region),
        deployer=session.issuer_arn,
        found_organization=_organization(settings)
        if isinstance(settings, OrganizationSettings)
        else None,
    )


def break_glass_arns(context: DeploymentContext[LockedBucketSettings]) -> list[str]:
    """The break-glass roles by ARN: a bare name is a role of the log bucket's account."""
    return [
        role if role.startswith("arn:") else role_arn(context.partition, context.account, role)
        for role in context.settings.break_glass_roles
    ]


def deployer_arns(context: DeploymentContext[DeployerSettings]) -> list[str]:
    """The roles that may change what the stack protects: as set, or the one that deploys."""
    return list(context.settings.deployer_role_arns) or [context.deployer]


def role_name(role: str) -> str:
    """A role's name without the path, of its ARN or its name with the path."""
    return role.rsplit("/", maxsplit=1)[-1]


def role_key(role: str) -> str:
    """By what a role is looked up: its name, or the pattern of a permission set's roles."""
    return role if is_permission_set(role) else role_name(role)


def exempt_role_names(context: DeploymentContext[LockedBucketSettings]) -> list[str]:
    """Names, without the path, or patterns of the exempt roles that this account should have."""
    settings = context.settings
    return [
        role_key(role)
        for role in (*settings.break_glass_roles, *settings.deployer_role_arns)
        if not role.startswith("arn:") or f"::{context.account}:role/" in role
    ]


def organizational_units(root: str) -> tuple[str, ...]:
    """The ids of every OU below a root, at any depth."""
    list_units = aws.organizations.get_organizational_unit_descendant_organizational_units
    found = _ask("the organization's OUs", partial(list_units, parent_id=root))
    return tuple(child.id for child in found.childrens)


def _ask(what: str, call: Callable[[], T]) -> T:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - a failed invoke raises a bare Exception
        raise ContextError(f"AWS does not say {what}: {error}") from None


def _organization(settings: OrganizationSettings) -> Organization:
    root_id = settings.root_id if isinstance(settings, ManagementSettings) else ""
    # A delegated administrator, as the log bucket's account may be, could list more: its deployer
    # has no need of that, and the provider asks for root and services where accounts are listed.
    only = not isinstance(settings, ManagementSettings)
    ask = partial(aws.organizations.get_organization, return_organization_only=only)
    try:
        found = _ask("the organization", ask)
    except ContextError as error:
        if settings.organization_id and settings.management_account_id:
            return Organization(
                id=settings.organization_id,
                management_account=settings.management_account_id,
                root=root_id or None,
            )
        raise ContextError(
            f"{error}. Let the deploying role call organizations:DescribeOrganization, or set "
            f"{NAMESPACE}:organizationId and {NAMESPACE}:managementAccountId"
        ) from None
    # Elsewhere there is no root, and nothing that is set for the whole organization.
    is_management = bool(found.roots)
    return Organization(
        id=settings.organization_id or found.id,
        management_account=settings.management_account_id or found.master_account_id,
        root=root_id or (found.roots[0].id if is_management else None),
        accounts=tuple(account.id for account in found.accounts) if is_management else (),
        policy_types=tuple(found.enabled_policy_types) if is_management else None,
        trusted_services=tuple(found.aws_service_access_principals) if is_management else None,
        all_features=found.feature_set == "ALL",
    )
