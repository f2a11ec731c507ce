"""A function's policy: one statement for each id."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sandbox.aws.call import AwsError
from sandbox.aws.patches.lambda_.functions import backend
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Call


@patch("lambda", "AddPermission", "moto takes the same statement id twice")
def add(call: Call) -> None:
    """Refuse a second statement with the id of another."""
    if call.text("StatementId") in _ids(call):
        message = (
            f"The statement id ({call.text('StatementId')}) provided already exists. Please "
            "provide a new statement id, or remove the existing statement."
        )
        raise AwsError("ResourceConflictException", message, HTTPStatus.CONFLICT)


@patch("lambda", "RemovePermission", "moto takes a statement that is not there for removed")
def remove(call: Call) -> None:
    """Refuse to remove what is not there."""
    if call.text("StatementId") not in _ids(call):
        message = f"Statement {call.text('StatementId')} is not found in resource policy."
        raise AwsError("ResourceNotFoundException", message, HTTPStatus.NOT_FOUND)


def _ids(call: Call) -> set[str]:
    named = call.text("FunctionName")
    for function in backend(call).list_functions():
        if named in {function.function_name, function.function_arn} and function.policy:
            return {str(statement["Sid"]) for statement in function.policy.statements}
    return set()
