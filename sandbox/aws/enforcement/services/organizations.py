"""Organizations: policies and their targets, accounts.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.enforcement.permissions import Permission, action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.aws.call import Call

_NAMING = (
    *("PolicyId", "TargetId", "AccountId", "OrganizationalUnitId", "RootId", "ParentId"),
    *("SourceParentId", "DestinationParentId", "ResourceId"),
)
"""Parameters with the id of what a call is about."""


def permissions(call: Call) -> Iterable[Permission]:
    """Everything that a call names by id; the policy and its target alike."""
    found = [_arn(call, call.text(name)) for name in _NAMING if call.text(name)]
    keys = _keys(call)
    wanted = action(call)
    return [Permission(action=wanted, resource=each, context=keys) for each in found or ["*"]]


def _arn(call: Call, identifier: str) -> str:
    """The ARN of a policy, root, OU or account; ``*`` for what does not exist."""
    organization = lookups.organization_of(call.signer.account_id)
    if organization is None:
        return "*"
    everything = (*organization.policies, *organization.ou, *organization.accounts)
    return next((each.arn for each in everything if each.id == identifier), "*")


def _keys(call: Call) -> dict[str, str | list[str]]:
    """The condition keys of Organizations."""
    keys: dict[str, str | list[str]] = {}
    kind = call.text("PolicyType") or call.text("Type") or call.text("Filter")
    organization = lookups.organization_of(call.signer.account_id)
    if call.text("PolicyId") and organization is not None:
        found = (p.type for p in organization.policies if p.id == call.text("PolicyId"))
        kind = next(found, kind)
    if kind:
        keys["organizations:PolicyType"] = kind
    if call.text("ServicePrincipal"):
        keys["organizations:ServicePrincipal"] = call.text("ServicePrincipal")
    return keys
