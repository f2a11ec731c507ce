"""Who may call Organizations, and how new accounts are administered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.iam.models import iam_backends

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.iam.policies import managed_policy_in
from sandbox.aws.patches.registry import ANY, patch

if TYPE_CHECKING:
    from moto.iam.models import Role
    from moto.organizations.models import OrganizationsBackend

    from sandbox.aws.call import Call, Reply

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


_DEFAULT_ROLE = "OrganizationAccountAccessRole"


def create_account(call: Call) -> Reply:
    """Create an account whose role for the management account may do everything.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html
    """
    organization = own_organization(call)
    before = {account.id for account in organization.accounts}
    reply = call.forward()
    name = call.text("RoleName") or _DEFAULT_ROLE
    for account_id in {account.id for account in organization.accounts} - before:
        role = lookups.role(f"arn:{call.partition}:iam::{account_id}:role/{name}")
        if role is not None:
            make_administrator(call, role)
    return reply


def make_administrator(call: Call, role: Role) -> None:
    """Attach AdministratorAccess to a role of any account.

    Raises:
        LookupError: moto does not know this policy of AWS.
    """
    arn = f"arn:{call.partition}:iam::aws:policy/AdministratorAccess"
    policy = managed_policy_in(iam_backends[role.account_id][call.partition], call.region, arn)
    if policy is None:
        raise LookupError(f"moto knows no policy {arn}")
    policy.attach_to(role)
