"""Delegated administrators for CloudTrail, which moto lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudtrail import store
from sandbox.aws.patches.organizations import delegates
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.organizations.models import OrganizationsBackend

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
_MAX_DELEGATES = 3
_MISSING = "moto lacks this operation"


@patch("cloudtrail", "RegisterOrganizationDelegatedAdmin", _MISSING)
def register(call: Call) -> Answer:
    """Make a member account administrator of the organization's trails."""
    organization = _managed(call)
    account = call.text("MemberAccountId")
    if account == organization.account_id:
        message = "The management account cannot be registered as delegated administrator."
        raise AwsError("CannotDelegateManagementAccountException", message)
    if lookups.organization_of(account) is not organization:
        message = f"Account {account} is not a member of the organization."
        raise AwsError("AccountNotFoundException", message)
    if lookups.is_delegated(organization, account, store.SERVICE):
        message = f"Account {account} is delegated administrator for CloudTrail already."
        raise AwsError("AccountRegisteredException", message)
    if len(delegates.administrators(organization, store.SERVICE)) >= _MAX_DELEGATES:
        message = f"An organization has at most {_MAX_DELEGATES} for CloudTrail."
        raise AwsError("DelegatedAdminAccountLimitExceededException", message)
    delegates.add(organization, account, store.SERVICE)
    return {}


@patch("cloudtrail", "DeregisterOrganizationDelegatedAdmin", _MISSING)
def deregister(call: Call) -> Answer:
    """Take the administration of the organization's trails away."""
    organization = _managed(call)
    account = call.text("DelegatedAdminAccountId")
    if not lookups.is_delegated(organization, account, store.SERVICE):
        message = f"Account {account} is no delegated administrator for CloudTrail."
        raise AwsError("AccountNotRegisteredException", message)
    delegates.remove(organization, account, store.SERVICE)
    return {}


def _managed(call: Call) -> OrganizationsBackend:
    """The organization, for its management account.

    Raises:
        AwsError: the caller is another account, or CloudTrail has no trusted access.
    """
    management = store.administered_account(call)
    organization = lookups.organization_of(management)
    if organization is None or call.signer.account_id != management:
        raise AwsError(
            "NotOrganizationManagementAccountException",
            f"Only the management account {management} registers delegated administrators.",
        )
    return organization
