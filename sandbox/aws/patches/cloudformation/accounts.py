"""Automatic deployment: accounts that come into an OU get its stacks, those that go lose them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.patches.cloudformation import deployment, store
from sandbox.aws.patches.organizations.accounts import create_account
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Answer, Call, Reply


@patch(
    "organizations",
    "CreateAccount",
    "moto makes the role through which the management account administers the new one without any "
    "permission; AWS gives it AdministratorAccess. moto's StackSets never learn of the account",
)
def create(call: Call) -> Answer:
    """Create an account that can be administered, and let StackSets know."""
    reply = create_account(call)
    _follow(call, reply)
    return reply


@patch(
    "organizations",
    "MoveAccount",
    "moto's StackSets never learn that an account has come or gone",
    limit="accounts that leave the organization keep their stacks",
)
def move(call: Call) -> Answer:
    """Let StackSets follow the accounts."""
    reply = call.forward()
    _follow(call, reply)
    return reply


def _follow(call: Call, reply: Reply) -> None:
    organization = lookups.organization_of(call.signer.account_id)
    if reply.ok and organization is not None:
        for backend in store.backends(organization.account_id):
            for stack_set in backend.sets.values():
                _settle(call, stack_set)


def _settle(call: Call, stack_set: store.StackSet) -> None:
    """Deploy to accounts that have come, and leave those that have gone."""
    automatic: Mapping[str, Any] = stack_set.settings.get("AutoDeployment") or {}
    if not automatic.get("Enabled"):
        return
    belonging = {
        (account, region)
        for unit, region in stack_set.targets
        for account in deployment.accounts_under(stack_set, unit)
    }
    gone = [item for place, item in stack_set.instances.items() if place not in belonging]
    if gone:
        retain = bool(automatic.get("RetainStacksOnAccountRemoval"))
        deployment.remove(call, stack_set, gone, retain=retain)
    if belonging - stack_set.instances.keys():
        deployment.add(call, stack_set, list(stack_set.targets))
