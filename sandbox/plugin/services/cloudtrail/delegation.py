"""Delegated administrators for CloudTrail. Runs in the organization's management account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import ignoring
from sandbox.plugin.resource import ResourceType
from sandbox.plugin.services.organizations.delegates import delegated_administrator
from sandbox.plugin.validators import account_id

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_PRINCIPAL: Final = "cloudtrail.amazonaws.com"


def _create(call: Call) -> str:
    account = str(call.inputs["accountId"])
    call.client("cloudtrail").register_organization_delegated_admin(MemberAccountId=account)
    return account


def _read(call: Call) -> Properties | None:
    found = delegated_administrator(call, call.id, _PRINCIPAL)
    return found and {
        "accountId": call.id,
        "arn": found["Arn"],
        "email": found["Email"],
        "name": found["Name"],
        "servicePrincipal": _PRINCIPAL,
    }


def _delete(call: Call) -> None:
    with ignoring("AccountNotRegisteredException"):
        call.client("cloudtrail").deregister_organization_delegated_admin(
            DelegatedAdminAccountId=call.id
        )


DELEGATED_ADMIN = ResourceType(
    type="aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount",
    noun="CloudTrail Organization Delegated Admin Account",
    create=_create,
    read=_read,
    delete=_delete,
    label="accountId",
    replace=frozenset({"accountId"}),
    validate={"accountId": (account_id,)},
)

RESOURCES = (DELEGATED_ADMIN,)
