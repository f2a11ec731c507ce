"""Who may call Organizations: the management account all, a delegated administrator to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import ANY, patch

if TYPE_CHECKING:
    from moto.organizations.models import OrganizationsBackend

    from sandbox.aws.call import Call

_FOR_EVERYBODY = ("DescribeOrganization", "CreateOrganization", "LeaveOrganization")
_READS = ("Describe", "List")


@patch(
    "organizations",
    ANY,
    "moto answers member accounts with empty lists; AWS refuses all but DescribeOrganization, and "
    "lets delegated administrators read",
    limit="resource-based delegation policies (PutResourcePolicy) are not emulated",
)
def check_caller(call: Call) -> None:
    """Refuse member accounts, and let delegated administrators read the real organization."""
    organization = lookups.organization_of(call.signer.account_id)
    if organization is None:
        if call.action == "CreateOrganization":
            return
        message = "Your account is not a member of an organization."
        raise AwsError("AWSOrganizationsNotInUseException", message)
    if call.signer.account_id == organization.account_id or call.action in _FOR_EVERYBODY:
        return
    delegated = lookups.delegated_administrator(organization, call.signer.account_id)
    if delegated and call.action.startswith(_READS):
        call.account_id = organization.account_id
        return
    message = "You don't have permissions to access this resource."
    raise AwsError("AccessDeniedException", message)


def own_organization(call: Call) -> OrganizationsBackend:
    """The organization of a caller that was let through.

    Raises:
        AwsError: there is none.
    """
    organization = lookups.organization_of(call.signer.account_id)
    if organization is None:
        message = "Your account is not a member of an organization."
        raise AwsError("AWSOrganizationsNotInUseException", message)
    return organization
