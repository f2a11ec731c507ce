"""What happens to the instances of a StackSet, account by account, and when accounts move."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudformation import store, trails
from sandbox.aws.patches.cloudformation.store import Instance, Operation, organization_of
from sandbox.aws.patches.cloudformation.trails import trails_of
from sandbox.aws.patches.organizations.access import create_account
from sandbox.aws.patches.registry import patch
from sandbox.aws.patches.store import kept_in_all_regions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sandbox.aws.call import Answer, Call, Reply
    from sandbox.aws.patches.cloudformation.store import StackSet

_PERCENT = 100


def accounts_under(stack_set: StackSet, unit: str) -> list[str]:
    """The accounts under an OU or the root, at any depth; the management account is never one.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
    """
    organization = organization_of(stack_set)
    return [
        account.id
        for account in organization.accounts
        if account.id != organization.account_id
        and unit in {node.id for node in lookups.path(organization, account.id)}
    ]


def add(call: Call, stack_set: StackSet, targets: Iterable[tuple[str, str]]) -> Operation:
    """Deploy to every account of the OUs in the regions; those that failed are tried again."""
    wanted: list[Instance] = []
    for unit, region in targets:
        if (unit, region) not in stack_set.targets:
            stack_set.targets.append((unit, region))
        for account in accounts_under(stack_set, unit):
            place = (account, region)
            if place not in stack_set.instances:
                stack_id = (
                    f"arn:{call.partition}:cloudformation:{region}:{account}:stack/"
                    f"StackSet-{stack_set.name}-{uuid.uuid4()}/{uuid.uuid4()}"
                )
                stack_set.instances[place] = Instance(account, region, unit, stack_id)
                wanted.append(stack_set.instances[place])
            elif stack_set.instances[place].failure:
                wanted.append(stack_set.instances[place])
    return update(call, stack_set, wanted, "CREATE")


def update(
    call: Call, stack_set: StackSet, instances: Iterable[Instance], action: str = "UPDATE"
) -> Operation:
    """Deploy the template as it is now."""
    template = trails_of(stack_set.template)

    def deploy(instance: Instance) -> None:
        trails.deploy(call, instance, template)

    return _operate(call, stack_set, action, instances, deploy)


def remove(
    call: Call, stack_set: StackSet, instances: Iterable[Instance], *, retain: bool
) -> Operation:
    """Delete stacks, or only forget them."""

    def delete(instance: Instance) -> None:
        if not retain:
            trails.delete(call, instance)
        del stack_set.instances[instance.place]

    return _operate(call, stack_set, "DELETE", instances, delete)


def _operate(
    call: Call,
    stack_set: StackSet,
    action: str,
    instances: Iterable[Instance],
    act: Callable[[Instance], None],
) -> Operation:
    """Do something in every account, until more fail than may."""
    places = list(instances)
    allowed, failures = _tolerance(call, len(places)), 0
    results: list[dict[str, Any]] = []
    for instance in places:
        if failures > allowed:
            instance.failure = "Cancelled since failure tolerance has exceeded"
            results.append(_result(instance, "CANCELLED"))
            continue
        try:
            act(instance)
            instance.failure = ""
        except AwsError as error:
            instance.failure = str(error)
            failures += 1
        results.append(_result(instance, "FAILED" if instance.failure else "SUCCEEDED"))
    operation = Operation(action, results, failed=failures > allowed)
    stack_set.operations[operation.id] = operation
    return operation


def _tolerance(call: Call, places: int) -> int:
    """How many accounts may fail; none if a call does not say."""
    preferences: Mapping[str, int] = call.params.get("OperationPreferences") or {}
    percentage = preferences.get("FailureTolerancePercentage", 0)
    return preferences.get("FailureToleranceCount", places * percentage // _PERCENT)


def _result(instance: Instance, status: str) -> dict[str, Any]:
    reason = {"StatusReason": instance.failure} if instance.failure else {}
    return {
        "Account": instance.account_id,
        "Region": instance.region,
        "OrganizationalUnitId": instance.unit,
        "Status": status,
        **reason,
    }


@patch(
    "organizations",
    "CreateAccount",
    "moto makes the role through which the management account administers the new one without any "
    "permission; AWS gives it AdministratorAccess. moto's StackSets never learn of the account",
)
def create_member(call: Call) -> Answer:
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
def move_member(call: Call) -> Answer:
    """Let StackSets follow the accounts."""
    reply = call.forward()
    _follow(call, reply)
    return reply


def _follow(call: Call, reply: Reply) -> None:
    organization = lookups.organization_of(call.signer.account_id)
    if reply.ok and organization is not None:
        for backend in kept_in_all_regions(store.StackSets, organization.account_id):
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
        for account in accounts_under(stack_set, unit)
    }
    gone = [item for place, item in stack_set.instances.items() if place not in belonging]
    if gone:
        retain = bool(automatic.get("RetainStacksOnAccountRemoval"))
        remove(call, stack_set, gone, retain=retain)
    if belonging - stack_set.instances.keys():
        add(call, stack_set, list(stack_set.targets))
