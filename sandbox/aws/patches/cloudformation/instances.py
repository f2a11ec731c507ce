"""Stack instances and the operations on them: all are over when they are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudformation import deployment, store
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Answer, Call


@patch("cloudformation", "CreateStackInstances", store.FORGETS, limit=store.LIMIT)
def create(call: Call) -> Answer | None:
    """Deploy to the accounts of OUs."""
    found = store.find(call)
    if found is None:
        return None
    return {"OperationId": deployment.add(call, found, _targets(call, found)).id}


@patch("cloudformation", "UpdateStackInstances", store.FORGETS, limit=store.LIMIT)
def update(call: Call) -> Answer | None:
    """Deploy the template again."""
    found = store.find(call)
    if found is None:
        return None
    instances = _targeted(call, found)
    return {"OperationId": deployment.update(call, found, instances).id}


@patch("cloudformation", "DeleteStackInstances", store.FORGETS, limit=store.LIMIT)
def delete(call: Call) -> Answer | None:
    """Delete the stacks of OUs, or only forget them."""
    found = store.find(call)
    if found is None:
        return None
    instances, targets = _targeted(call, found), _targets(call, found)
    found.targets = [target for target in found.targets if target not in targets]
    operation = deployment.remove(call, found, instances, retain=call.flag("RetainStacks"))
    return {"OperationId": operation.id}


@patch("cloudformation", "ListStackInstances", store.FORGETS, limit=store.LIMIT)
def list_instances(call: Call) -> Answer | None:
    """List them, all in one page."""
    found = store.find(call)
    if found is None:
        return None
    account, region = call.text("StackInstanceAccount"), call.text("StackInstanceRegion")
    return {
        "Summaries": [
            _describe(found, instance)
            for instance in found.instances.values()
            if account in ("", instance.account_id) and region in ("", instance.region)
        ]
    }


@patch("cloudformation", "DescribeStackInstance", store.FORGETS, limit=store.LIMIT)
def describe(call: Call) -> Answer | None:
    """Describe one."""
    found = store.find(call)
    if found is None:
        return None
    account, region = call.text("StackInstanceAccount"), call.text("StackInstanceRegion")
    instance = found.instances.get((account, region))
    if instance is None:
        message = f"Stack instance {account}/{region} of {found.name} not found"
        raise AwsError("StackInstanceNotFoundException", message, 404)
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


@patch("cloudformation", "DescribeStackSetOperation", store.FORGETS, limit=store.LIMIT)
def describe_operation(call: Call) -> Answer | None:
    """Describe one."""
    found = store.find(call)
    if found is None:
        return None
    operation = {"StackSetId": found.id, **_summary(_named(call, found))}
    return {"StackSetOperation": operation}


@patch("cloudformation", "ListStackSetOperations", store.FORGETS, limit=store.LIMIT)
def list_operations(call: Call) -> Answer | None:
    """List them, the latest first, all in one page."""
    found = store.find(call)
    if found is None:
        return None
    return {"Summaries": [_summary(item) for item in reversed(found.operations.values())]}


@patch("cloudformation", "ListStackSetOperationResults", store.FORGETS, limit=store.LIMIT)
def list_results(call: Call) -> Answer | None:
    """Report how an operation went in every account."""
    found = store.find(call)
    return {"Summaries": _named(call, found).results} if found else None


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
        raise AwsError("OperationNotFoundException", message, 404)
    return stack_set.operations[name]
