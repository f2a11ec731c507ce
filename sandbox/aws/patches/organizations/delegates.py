"""Trusted access and delegated administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from moto.core.utils import unix_time
from moto.organizations.models import FakeDelegatedAdministrator, FakeServiceAccess

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.organizations.access import own_organization
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.organizations.models import OrganizationsBackend

    from sandbox.aws.call import Answer, Call

_FEW = (
    "moto knows six services that can have one, and not cloudtrail, config, securityhub; it does "
    "not ask for trusted access first, and names the wrong error for an account that is none"
)


@patch("organizations", "RegisterDelegatedAdministrator", _FEW)
def register(call: Call) -> Answer:
    """Register a member account as administrator of a service."""
    organization = own_organization(call)
    account, service = call.text("AccountId"), _service(call)
    if account == organization.account_id:
        raise AwsError(
            "ConstraintViolationException",
            "You cannot register the management account as delegated administrator "
            "(CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR)",
        )
    organization.get_account_by_id(account)
    if not lookups.is_trusted(organization, service):
        raise AwsError(
            "ConstraintViolationException",
            f"Enable trusted access for {service} first (SERVICE_ACCESS_NOT_ENABLED)",
        )
    if lookups.is_delegated(organization, account, service):
        message = f"Account {account} is delegated administrator for {service} already."
        raise AwsError("AccountAlreadyRegisteredException", message)
    add(organization, account, service)
    return {}


@patch("organizations", "DeregisterDelegatedAdministrator", _FEW)
def deregister(call: Call) -> Answer:
    """Take the administration of a service away."""
    organization = own_organization(call)
    account, service = call.text("AccountId"), _service(call)
    organization.get_account_by_id(account)
    if not lookups.is_delegated(organization, account, service):
        message = f"Account {account} is no delegated administrator for {service}."
        raise AwsError("AccountNotRegisteredException", message)
    remove(organization, account, service)
    return {}


@patch("organizations", "ListDelegatedAdministrators", _FEW)
def list_administrators(call: Call) -> Answer:
    """List the administrators, of one service or all."""
    organization = own_organization(call)
    service = _service(call) if call.text("ServicePrincipal") else ""
    found = administrators(organization, service)
    return {"DelegatedAdministrators": [admin.describe() for admin in found]}


def administrators(
    organization: OrganizationsBackend, service: str
) -> list[FakeDelegatedAdministrator]:
    """The delegated administrators of a service, or of any when none is named."""
    return [admin for admin in organization.admins if not service or service in admin.services]


def add(organization: OrganizationsBackend, account_id: str, service: str) -> None:
    """Delegate a service to a member account."""
    admin = lookups.delegated_administrator(organization, account_id)
    if admin is None:
        account = organization.get_account_by_id(account_id)
        # moto's models say that they construct a BaseModel.
        admin = cast("FakeDelegatedAdministrator", FakeDelegatedAdministrator(account))
        organization.admins.append(admin)
    # moto's own method knows six services only.
    admin.services[service] = {
        "ServicePrincipal": service,
        "DelegationEnabledDate": unix_time(),
    }


def remove(organization: OrganizationsBackend, account_id: str, service: str) -> None:
    """Take a service from a delegated administrator; without any left it is none."""
    admin = lookups.delegated_administrator(organization, account_id)
    if admin is not None:
        admin.services.pop(service, None)
        if not admin.services:
            organization.admins.remove(admin)


def _service(call: Call) -> str:
    """The service principal that a call names.

    Raises:
        AwsError: no service of that name works with Organizations.
    """
    service = call.text("ServicePrincipal")
    if not FakeServiceAccess.trusted_service(service):
        message = f"You specified an unrecognized service principal: {service}"
        raise AwsError("InvalidInputException", message)
    return service
