"""What exists in the sandbox: look-ups across accounts in moto's state, changing nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.organizations.models import FakeRoot, organizations_backends
from moto.s3.models import s3_backends
from moto.utilities.utils import get_partition

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend, OpenIDConnectProvider, Role, User
    from moto.kms.models import Key
    from moto.organizations.models import (
        FakeAccount,
        FakeDelegatedAdministrator,
        FakeOrganizationalUnit,
        OrganizationsBackend,
    )
    from moto.s3.models import FakeBucket
    from moto.sns.models import Topic
    from moto.sqs.models import Queue

    Node: TypeAlias = FakeOrganizationalUnit | FakeAccount

SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY = (
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
)
"""The types of an organization's policies that bind requests."""

ROLE_ARN = re.compile(r"^arn:aws[a-z-]*:iam::(?P<account>\d{12}):role/(?:.*/)?(?P<name>[^/]+)$")
_USER_ARN = re.compile(r"^arn:aws[a-z-]*:iam::(?P<account>\d{12}):user/(?:.*/)?(?P<name>[^/]+)$")
_SESSION_ARN = re.compile(
    r"^arn:aws[a-z-]*:sts::(?P<account>\d{12}):assumed-role/(?P<name>[^/]+)/[^/]+$"
)
_ACCOUNT = re.compile(r"^(?:arn:aws[a-z-]*:iam::)?(?P<account>\d{12})(?::root)?$")
_SERVICE = re.compile(r"^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$")
_KEY_ARN = re.compile(
    r"^arn:aws[a-z-]*:kms:(?P<region>[^:]+):(?P<account>\d{12}):(?:key/)?(?P<id>.+)$"
)


def organizations() -> list[OrganizationsBackend]:
    """Every organization's backend, which is that of its management account."""
    return [
        backend
        for account in list(organizations_backends.values())
        for backend in list(account.values())
        if backend.org is not None
    ]


def organization_of(account_id: str) -> OrganizationsBackend | None:
    """The organization that an account belongs to."""
    for backend in organizations():
        if any(account.id == account_id for account in backend.accounts):
            return backend
    return None


def organization_id(account_id: str) -> str | None:
    """The id of an account's organization, e.g. ``o-a1b2c3d4e5``."""
    backend = organization_of(account_id)
    return backend.org.id if backend and backend.org else None


def path(backend: OrganizationsBackend, account_id: str) -> list[Node]:
    """The root, the OUs and the account that lead to an account of an organization, in order."""
    nodes = {node.id: node for node in (*backend.ou, *backend.accounts)}
    found: list[Node] = []
    node = nodes.get(account_id)
    while node is not None:
        found.insert(0, node)
        node = nodes.get(getattr(node, "parent_id", None) or "")
    return found


def policy_type_is_enabled(backend: OrganizationsBackend, kind: str) -> bool:
    """Whether an organization has enabled a policy type."""
    # Asked for each request, and moto's ListRoots puts ARNs together.
    [root] = (unit for unit in backend.ou if isinstance(unit, FakeRoot))
    return any(enabled["Type"] == kind for enabled in root.policy_types)


def is_trusted(backend: OrganizationsBackend, service_principal: str) -> bool:
    """Whether the organization gives a service trusted access."""
    return any(entry["ServicePrincipal"] == service_principal for entry in backend.services)


def delegated_administrator(
    backend: OrganizationsBackend, account_id: str
) -> FakeDelegatedAdministrator | None:
    """An account's delegations, if it has any."""
    return next((admin for admin in backend.admins if admin.account.id == account_id), None)


def is_delegated(backend: OrganizationsBackend, account_id: str, service_principal: str) -> bool:
    """Whether an account is delegated administrator for a service."""
    admin = delegated_administrator(backend, account_id)
    return admin is not None and service_principal in admin.services


def administers(
    organization: OrganizationsBackend, account_id: str, service_principal: str
) -> bool:
    """Whether an account is the management account or delegated administrator for a service."""
    return account_id == organization.account_id or is_delegated(
        organization, account_id, service_principal
    )


def account_exists(account_id: str) -> bool:
    """Whether an account belongs to an organization of the sandbox."""
    return organization_of(account_id) is not None


_OPT_IN_REGIONS = {"af-south-1", "ap-southeast-3", "eu-south-1"}
"""Regions that moto takes for enabled, and that AWS does not enable by default
(https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html)."""


def default_regions(partition: str) -> list[str]:
    """The regions of a partition that are enabled by default."""
    # moto's EC2 knows them; it would cost every start.
    from moto.ec2.models.availability_zones_and_regions import (  # noqa: PLC0415 (see above)
        RegionsAndZonesBackend,
    )

    return [
        each.name
        for each in RegionsAndZonesBackend.regions
        if each.opt_in_status == "opt-in-not-required"
        and get_partition(each.name) == partition
        and each.name not in _OPT_IN_REGIONS
    ]


def bucket(name: str) -> FakeBucket | None:
    """A bucket of any account."""
    place = s3_backends.bucket_accounts.get(name)
    if place is None:
        return None
    partition, account_id = place
    return s3_backends[account_id][partition].buckets.get(name)


def key(key_id: str, *, account_id: str, region: str) -> Key | None:
    """A KMS key, by id or alias in the given account and region, or by ARN anywhere.

    Args:
        key_id: key id, key ARN, alias name or alias ARN.
        account_id: the account of an id or alias name.
        region: the region of an id or alias name.
    """
    match = _KEY_ARN.match(key_id)
    if match:
        account_id, region, key_id = match["account"], match["region"], match["id"]
    keys = kms_backends[account_id][region].keys
    if key_id.startswith("alias/"):
        return next((found for found in keys.values() if key_id in found.aliases), None)
    return keys.get(key_id)


def topic(arn: str) -> Topic | None:
    """An SNS topic by its ARN."""
    # Few sandboxes have topics or queues: these parts of moto would cost every start.
    from moto.sns.models import sns_backends  # noqa: PLC0415 (see above)

    region, account_id = arn.split(":")[3:5]
    return sns_backends[account_id][region].topics.get(arn)


def queue(arn: str) -> Queue | None:
    """An SQS queue by its ARN."""
    from moto.sqs.models import sqs_backends  # noqa: PLC0415 (as for topics)

    region, account_id, name = arn.split(":")[3:6]
    return sqs_backends[account_id][region].queues.get(name)


def role(arn: str) -> Role | None:
    """An IAM role by its ARN, path included."""
    match = ROLE_ARN.match(arn)
    found = match and _role_named(match["account"], match["name"])
    return found if found and found.arn == arn else None


def user(arn: str) -> User | None:
    """An IAM user by its ARN, path included."""
    match = _USER_ARN.match(arn)
    if match is None:
        return None
    for backend in _iam(match["account"]):
        found = backend.users.get(match["name"])
        if found and found.arn == arn:
            return found
    return None


def identity_provider(arn: str) -> OpenIDConnectProvider | None:
    """An OpenID Connect provider of an account by its ARN."""
    for backend in _iam(arn.split(":")[4]):
        if arn in backend.open_id_providers:
            return backend.open_id_providers[arn]
    return None


def unknown_principal(kind: str, value: str) -> bool:
    """Whether AWS would refuse a principal in a resource's policy as one that does not exist.

    Args:
        kind: the key of the Principal element: ``AWS``, ``Service``, ``Federated``, ...
        value: one of its values.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    A wildcard inside an ARN is no principal; an account must exist, here: in the organization.
    """
    if kind == "Service":
        return _SERVICE.match(value) is None
    if kind != "AWS" or value == "*":
        return False
    account = _ACCOUNT.match(value)
    if account:
        return not account_exists(account["account"])
    session = _SESSION_ARN.match(value)
    if session:
        return _role_named(session["account"], session["name"]) is None
    return role(value) is None and user(value) is None


def _role_named(account_id: str, name: str) -> Role | None:
    for backend in _iam(account_id):
        for found in backend.roles.values():
            if found.name == name:
                return found
    return None


def _iam(account_id: str) -> list[IAMBackend]:
    """The IAM of an account, one per partition that was used; none for an account never used."""
    account = iam_backends.get(account_id)
    return list(account.values()) if account else []
