"""Statements of functions' policies: who may invoke them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import AutoName, ResourceType, split_id
from sandbox.plugin.services.lambda_.functions import GONE
from sandbox.plugin.validators import account_id, arn, matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_REQUEST: Final = {
    "action": "Action",
    "function": "FunctionName",
    "principal": "Principal",
    "sourceAccount": "SourceAccount",
    "sourceArn": "SourceArn",
}
_OTHERS: Final = (
    *("eventSourceToken", "functionUrlAuthType", "invokedViaFunctionUrl", "principalOrgId"),
    *("qualifier", "statementIdPrefix"),
)


def _create(call: Call) -> str:
    wanted = call.inputs
    call.client("lambda").add_permission(
        StatementId=wanted["statementId"],
        **{theirs: wanted[ours] for ours, theirs in _REQUEST.items() if wanted.get(ours)},
    )
    return str(wanted["statementId"])


def _read(call: Call) -> Properties | None:
    client = call.client("lambda")
    function, sid = str(call.value("function")), str(call.value("statementId") or call.id)
    found = find(lambda: client.get_policy(FunctionName=function)["Policy"], GONE)
    for statement in json.loads(found)["Statement"] if found else ():
        if statement["Sid"] == sid:
            conditions = statement.get("Condition", {})
            return {
                "action": statement["Action"],
                "function": function,
                "principal": _principal(statement["Principal"]),
                "sourceAccount": conditions.get("StringEquals", {}).get("AWS:SourceAccount"),
                "sourceArn": conditions.get("ArnLike", {}).get("AWS:SourceArn"),
                "statementId": sid,
            }
    return None


def _principal(principal: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(principal, str):
        return principal
    return str(principal.get("Service") or principal.get("AWS"))


def _delete(call: Call) -> None:
    with ignoring(GONE):
        call.client("lambda").remove_permission(
            FunctionName=call.state["function"], StatementId=call.state["statementId"]
        )


def _identify(id_: str) -> Properties:
    function, sid = split_id(id_, "/", "FUNCTION_NAME/STATEMENT_ID")
    return {"function": function, "statementId": sid}


PERMISSION = ResourceType(
    type="aws:lambda/permission:Permission",
    noun="Lambda Permission",
    put_verb="adding",
    label="statementId",
    create=_create,
    read=_read,
    delete=_delete,
    name=AutoName(property="statementId", max_length=100),
    replace=frozenset({*_REQUEST, "statementId"}),
    validate={
        "action": (
            matching(r"^lambda:[A-Za-z]+$|^\*$|^lambda:\*$", "invalid value for {name}: {value}"),
        ),
        "sourceAccount": (account_id,),
        "sourceArn": (arn,),
        "statementId": (
            matching(r"^[a-zA-Z0-9_-]{1,100}$", 'invalid value for {name}: "{value}"'),
        ),
    },
    not_emulated=dict.fromkeys(_OTHERS, "leave it out"),
    identify=_identify,
    own_id=lambda found: str(found["statementId"]),
)

RESOURCES = (PERMISSION,)
