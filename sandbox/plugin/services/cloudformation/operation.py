"""What StackSets and their instances have in common: who calls, and how operations end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.resource import ResourceError
from sandbox.plugin.shapes import to_aws
from sandbox.plugin.validators import between, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call, Validator
    from sandbox.plugin.values import Properties

GONE: Final = "StackSetNotFoundException"
CALL_AS: Final = (one_of("SELF", "DELEGATED_ADMIN"),)
PREFERENCES: Final[dict[str, tuple[Validator, ...]]] = {
    "operationPreferences.failureTolerancePercentage": (between(0, 100),),
    "operationPreferences.maxConcurrentPercentage": (between(1, 100),),
    "operationPreferences.regionConcurrencyType": (one_of("SEQUENTIAL", "PARALLEL"),),
}
STATE_ONLY: Final = {"operationPreferences": "says how to deploy, and is not kept"}


def caller(call: Call) -> dict[str, str]:
    """As whom to call; it is no property of the object, and an import does not know it."""
    return {"CallAs": call.value("callAs") or "SELF"}


def preferences(call: Call) -> Properties:
    """How to deploy, as the program wants it."""
    wanted: Properties = call.inputs.get("operationPreferences") or {}
    return {"OperationPreferences": to_aws(wanted)} if wanted else {}


def wait(call: Call, stack_set: str, operation_id: str) -> None:
    """See how an operation ended.

    Raises:
        ResourceError: it failed; says in which accounts and why.
    """
    client = call.client("cloudformation")
    which = {"StackSetName": stack_set, "OperationId": operation_id, **caller(call)}
    status = client.describe_stack_set_operation(**which)["StackSetOperation"]["Status"]
    if status == "SUCCEEDED":
        return
    results = client.list_stack_set_operation_results(**which)["Summaries"]
    reasons = "; ".join(
        f"Account ({item['Account']}), Region ({item['Region']}), {item['Status']}: "
        f"{item.get('StatusReason', '')}"
        for item in results
        if item["Status"] != "SUCCEEDED"
    )
    raise ResourceError(
        f"waiting for CloudFormation StackSet ({stack_set}) operation ({operation_id}): "
        f"unexpected state '{status}', wanted target 'SUCCEEDED'. last error: {reasons}"
    )
