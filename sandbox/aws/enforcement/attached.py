"""Which policies bind a principal, and which a resource: as attached in moto state."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from moto.iam.models import iam_backends

from sandbox.aws import lookups
from sandbox.aws.enforcement.authorization import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User
    from moto.organizations.models import FakePolicy

    from sandbox.aws.identity import Caller

_READ: WeakKeyDictionary[FakePolicy, Policy] = WeakKeyDictionary()
"""Policies of organizations as they were last; they go when moto forgets them."""

_SERVICE_LINKED = ":role/aws-service-role/"


def service_control(caller: Caller) -> Sequence[Sequence[Policy]]:
    """The SCPs that bind a principal, level by level from the root to its account.

    They never bind the management account and service-linked roles; they do bind root users.
    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    if is_service_linked(caller):
        return ()
    return _along(caller.account_id, lookups.SERVICE_CONTROL_POLICY)


def resource_control(account_id: str) -> Sequence[Policy]:
    """The RCPs that bind the resources of an account; none bind those of the management account.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    levels = _along(account_id, lookups.RESOURCE_CONTROL_POLICY)
    return tuple(policy for level in levels for policy in level)


def is_service_linked(caller: Caller) -> bool:
    """Whether a principal is a session of a service-linked role, which SCPs and RCPs let be."""
    return _SERVICE_LINKED in caller.principal_arn


def identity(caller: Caller) -> Sequence[Policy] | None:
    """The policies of a user, with those of its groups, or of a session's role.

    Returns:
        ``None`` for a root user, who may do everything; nothing for a principal that is gone.
    """
    if caller.is_root:
        return None
    user = lookups.user(caller.principal_arn)
    if user is not None:
        groups = _iam(user).get_groups_for_user(user.name)
        return tuple(policy for holder in (user, *groups) for policy in _held_by(holder))
    role = lookups.role(caller.principal_arn)
    return _held_by(role) if role else ()


def boundary(caller: Caller) -> Policy | None:
    """The permissions boundary of a session's role, if it has one."""
    role = lookups.role(caller.principal_arn)
    if role is None or not role.permissions_boundary_arn:
        return None
    arn = role.permissions_boundary_arn
    managed = iam_backends[role.account_id][role.partition].managed_policies.get(arn)
    # A boundary that was deleted allows nothing.
    return _managed(managed) if managed else Policy("", arn)


def _along(account_id: str, kind: str) -> Sequence[Sequence[Policy]]:
    """The policies of a type along an account's path."""
    organization = lookups.organization_of(account_id)
    if (
        organization is None
        or account_id == organization.account_id
        or not lookups.policy_type_is_enabled(organization, kind)
    ):
        return ()
    return tuple(
        tuple(_of_organization(policy) for policy in node.attached_policies if policy.type == kind)
        for node in lookups.path(organization, account_id)
    )


def _of_organization(policy: FakePolicy) -> Policy:
    # moto puts the ARN together each time, and looks its partition up.
    known = _READ.get(policy)
    if known is None or known.text != policy.content:
        known = _READ[policy] = Policy(str(policy.content), policy.arn)
    return known


def _held_by(holder: User | Group | Role) -> Sequence[Policy]:
    inline = (Policy(text) for text in holder.policies.values())
    return (*inline, *map(_managed, holder.managed_policies.values()))


def _managed(policy: ManagedPolicy) -> Policy:
    document = next(v.document for v in policy.versions if v.is_default)
    return Policy(document, policy.arn)


def _iam(user: User) -> IAMBackend:
    return next(
        backend
        for backend in iam_backends[user.account_id].values()
        if backend.users.get(user.name) is user
    )
