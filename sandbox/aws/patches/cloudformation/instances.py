"""Stack instances and the operations on them: all are over when they are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudformation import deployment, store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Answer, Call


@store.patch_stack_sets("CreateStackInstances")
def create(call: Call, found: store.StackSet) -> Answer:
    """Deploy to the accounts of OUs."""
    return {"OperationId": deployment.add(call, found, _targets(call, found)).id}


@store.patch_stack_sets("UpdateStackInstances")
def update(call: Call, found: store.StackSet) -> Answer:
    """Deploy the template again."""
    instances = _targeted(call, found)
    return {"OperationId": deployment.update(call, found, instances).id}


@store.patch_stack_sets("DeleteStackInstances")
def delete(call: Call, found: store.StackSet) -> Answer:
    """Delete the stacks of OUs, or only forget them."""
    instances, targets = _targeted(call, found), _targets(call, found)
    found.targets = [target for target in found.targets if target not in targets]
    operation = deployment.remove(call, found, instances, retain=call.flag("RetainStacks"))
    return {"OperationId": operation.id}


@store.patch_stack_sets("ListStackInstances")
def list_instances(call: Call, found: store.StackSet) -> Answer:
    """List them, all in one page."""
    account, region = call.text("StackInstanceAccount"), call.text("StackInstanceRegion")
    return {
        "Summaries": [
            _describe(found, instance)
            for instance in found.instances.values()
            if account in ("", instance.account_id) and region in ("", instance.region)
        ]
    }


@store.patch_stack_sets("DescribeStackInstance")
def describe(call: Call, found: store.StackSet) -> Answer:
    """Describe one."""
    account, region = call.text("StackInstanceAccount"), call.text("StackInstanceRegion")
    instance = found.instances.get((account, region))
    if instance is None:
        message = f"Stack instance {account}/{region} of {found.name} not found"
        raise AwsError("StackInstanceNotFoundException", message)
    return {"StackInstance": {**_describe(found, instance), "ParameterOverrides": []}}


def _describe(stack_set: store.StackSet, instance: store.Instance) -> dict[str, Any]:
    reason = {"StatusReason": instance.failure} if instance.failure else {}
    return {
        "StackSetId": stack_set.id,
        "Region": instance.region,
        "Account": instance.account_id,
        "StackId": instance.stack_id,
        "OrganizationalUnitId": instance.unit,
        "Status": "OUTDATED" if instance.failure else "CURRENT",
        "StackInstanceStatus": {"DetailedStatus": "FAILED" if instance.failure else "SUCCEEDED"},
        "DriftStatus": "NOT_CHECKED",
        **reason,
    }


def _targeted(call: Call, stack_set: store.StackSet) -> list[store.Instance]:
    """The instances in the accounts that are now in the OUs and regions of a call, or were."""
    return [
        instance
        for unit, region in _targets(call, stack_set)
        for instance in stack_set.instances.values()
        if instance.region == region
        and (
            instance.unit == unit
            or instance.account_id in deployment.accounts_under(stack_set, unit)
        )
    ]


def _targets(call: Call, stack_set: store.StackSet) -> list[tuple[str, str]]:
    """The OUs and regions that a call names.

    Raises:
        AwsError: it names accounts instead, or OUs that do not exist.
        NotImplementedError: it picks accounts from the OUs, or overrides parameters.
    """
    targets: Mapping[str, Any] = call.params.get("DeploymentTargets") or {}
    units: list[str] = targets.get("OrganizationalUnitIds") or []
    if not units or call.params.get("Accounts"):
        raise store.invalid(
            "StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as "
            "target"
        )
    if targets.get("AccountFilterType", "NONE") != "NONE" or targets.get("Accounts"):
        raise NotImplementedError("some of the accounts of an OU as target of a StackSet")
    if call.params.get("ParameterOverrides"):
        raise NotImplementedError("ParameterOverrides of a service-managed StackSet")
    known = {unit.id for unit in store.organization_of(stack_set).ou}
    for unit in units:
        if unit not in known:
            raise store.invalid(f"Organizational unit {unit} does not exist in the organization")
    return [(unit, region) for unit in units for region in call.params.get("Regions") or []]


@store.patch_stack_sets("DescribeStackSetOperation")
def describe_operation(call: Call, found: store.StackSet) -> Answer:
    """Describe one."""
    operation = {"StackSetId": found.id, **_summary(_named(call, found))}
    return {"StackSetOperation": operation}


@store.patch_stack_sets("ListStackSetOperations")
def list_operations(_call: Call, found: store.StackSet) -> Answer:
    """List them, the latest first, all in one page."""
    return {"Summaries": [_summary(item) for item in reversed(found.operations.values())]}


@store.patch_stack_sets("ListStackSetOperationResults")
def list_results(call: Call, found: store.StackSet) -> Answer:
    """Report how an operation went in every account."""
    return {"Summaries": _named(call, found).results}


def _summary(operation: store.Operation) -> dict[str, Any]:
    return {
        "OperationId": operation.id,
        "Action": operation.action,
        "Status": operation.status,
        "CreationTimestamp": operation.at,
        "EndTimestamp": operation.at,
    }


def _named(call: Call, stack_set: store.StackSet) -> store.Operation:
    name = call.text("OperationId")
    if name not in stack_set.operations:
        message = f"Operation {name} not found"
        raise AwsError("OperationNotFoundException", message)
    return stack_set.operations[name]
