"""New member accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.iam.models import iam_backends

from sandbox.aws import world
from sandbox.aws.mends.iam.policies import managed_policy_in
from sandbox.aws.mends.organizations.access import own_organization
from sandbox.aws.mends.registry import mend

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

_DEFAULT_ROLE = "OrganizationAccountAccessRole"


@mend(
    "organizations",
    "CreateAccount",
    "moto makes the role through which the management account administers the new one without any "
    "permission; AWS gives it AdministratorAccess",
)
def create_account(call: Call) -> Answer:
    """Create an account that can be administered.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html
    """
    organization = own_organization(call)
    before = {account.id for account in organization.accounts}
    reply = call.forward()
    name = call.text("RoleName") or _DEFAULT_ROLE
    for account_id in {account.id for account in organization.accounts} - before:
        role = world.role(f"arn:{call.partition}:iam::{account_id}:role/{name}")
        arn = f"arn:{call.partition}:iam::aws:policy/AdministratorAccess"
        policy = managed_policy_in(iam_backends[account_id][call.partition], call.region, arn)
        if role is not None and policy is not None:
            policy.attach_to(role)
    return reply
