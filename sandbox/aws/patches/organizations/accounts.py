"""New member accounts, and what they can be administered with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.iam.models import iam_backends

from sandbox.aws import lookups
from sandbox.aws.patches.iam.policies import managed_policy_in
from sandbox.aws.patches.organizations.access import own_organization

if TYPE_CHECKING:
    from moto.iam.models import Role

    from sandbox.aws.call import Call, Reply

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
