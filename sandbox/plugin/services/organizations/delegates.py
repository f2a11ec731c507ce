"""Trusted access of AWS services, and delegated administrators for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.plugin.aws import ignoring
from sandbox.plugin.resource import ResourceType, split_id
from sandbox.plugin.shapes import rfc3339
from sandbox.plugin.validators import account_id, length

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


def delegated_administrator(call: Call, account: str, principal: str) -> Properties | None:
    """An account as delegated administrator for a service, or None."""
    pages = call.client("organizations").get_paginator("list_delegated_administrators")
    found = (
        item
        for page in pages.paginate(ServicePrincipal=principal)
        for item in page["DelegatedAdministrators"]
    )
    return next((item for item in found if item["Id"] == account), None)


# Trusted access


def _enable(call: Call) -> str:
    principal = str(call.inputs["servicePrincipal"])
    call.client("organizations").enable_aws_service_access(ServicePrincipal=principal)
    return principal


def _read_access(call: Call) -> Properties | None:
    pages = call.client("organizations").get_paginator("list_aws_service_access_for_organization")
    found = (item for page in pages.paginate() for item in page["EnabledServicePrincipals"])
    access = next((item for item in found if item["ServicePrincipal"] == call.id), None)
    return access and {
        "servicePrincipal": call.id,
        "dateEnabled": rfc3339(access["DateEnabled"]) if "DateEnabled" in access else None,
    }


def _disable(call: Call) -> None:
    call.client("organizations").disable_aws_service_access(ServicePrincipal=call.id)


SERVICE_ACCESS = ResourceType(
    type="aws:organizations/awsServiceAccess:AwsServiceAccess",
    noun="Organizations AWS Service Access",
    create=_enable,
    read=_read_access,
    delete=_disable,
    label="servicePrincipal",
    replace=frozenset({"servicePrincipal"}),
)


# Delegated administrators


def _register(call: Call) -> str:
    account, principal = call.inputs["accountId"], call.inputs["servicePrincipal"]
    call.client("organizations").register_delegated_administrator(
        AccountId=account, ServicePrincipal=principal
    )
    return f"{account}/{principal}"


def _read_delegate(call: Call) -> Properties | None:
    account, principal = _parts(call.id)
    found = delegated_administrator(call, account, principal)
    return found and {
        "accountId": account,
        "arn": found["Arn"],
        "delegationEnabledDate": rfc3339(found["DelegationEnabledDate"]),
        "email": found["Email"],
        "joinedMethod": found["JoinedMethod"],
        "joinedTimestamp": rfc3339(found["JoinedTimestamp"]),
        "name": found["Name"],
        "servicePrincipal": principal,
        "status": found["Status"],
    }


def _deregister(call: Call) -> None:
    account, principal = _parts(call.id)
    with ignoring("AccountNotRegisteredException"):
        call.client("organizations").deregister_delegated_administrator(
            AccountId=account, ServicePrincipal=principal
        )


def _parts(id_: str) -> tuple[str, str]:
    return split_id(id_, "/", "<account-id>/<service-principal>")


DELEGATED_ADMINISTRATOR = ResourceType(
    type="aws:organizations/delegatedAdministrator:DelegatedAdministrator",
    noun="Organizations Delegated Administrator",
    create=_register,
    read=_read_delegate,
    delete=_deregister,
    label="accountId",
    replace=frozenset({"accountId", "servicePrincipal"}),
    validate={"accountId": (account_id,), "servicePrincipal": (length(1, 128),)},
)

RESOURCES = (SERVICE_ACCESS, DELEGATED_ADMINISTRATOR)
