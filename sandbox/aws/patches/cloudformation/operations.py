"""Operations of StackSets: all of them are over when they are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudformation import store
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call


@patch("cloudformation", "DescribeStackSetOperation", store.FORGETS, limit=store.LIMIT)
def describe(call: Call) -> Answer | None:
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
    """Tell how an operation went in every account."""
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
