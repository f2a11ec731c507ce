"""Lambda: functions that can be made and changed, and never run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaBackend

    from sandbox.aws.call import Answer, Call, Reply

_QUEUES: WeakKeyDictionary[LambdaBackend, dict[str, str]] = WeakKeyDictionary()
"""The ARN of each function's dead-letter queue or topic, by the function's name."""


@patch(
    "lambda",
    ("CreateFunction", "UpdateFunctionConfiguration"),
    "moto forgets where failed events go",
    limit="the queue or topic need not exist, nor the role be allowed to send to it",
)
def keep_target(call: Call) -> Answer:
    """Make or change a function, and remember its dead-letter target."""
    reply = call.forward()
    if not reply.ok:
        return reply
    if "DeadLetterConfig" in call.params:
        target = (call.params["DeadLetterConfig"] or {}).get("TargetArn", "")
        _targets(call)[call.text("FunctionName")] = target
    return _with_target(call, reply)


@patch("lambda", "GetFunctionConfiguration", "moto forgets where failed events go")
def get_configuration(call: Call) -> Answer:
    """Describe a function with its dead-letter target."""
    reply = call.forward()
    return _with_target(call, reply) if reply.ok else reply


@patch("lambda", "GetFunction", "moto forgets where failed events go")
def get_function(call: Call) -> Answer:
    """Describe a function with its dead-letter target."""
    reply = call.forward()
    if not reply.ok:
        return reply
    answer: dict[str, Any] = json.loads(reply.body)
    answer["Configuration"] |= _target(call)
    return answer


@patch("lambda", "DeleteFunction", "moto forgets where failed events go")
def delete(call: Call) -> Answer:
    """Delete the dead-letter target with the function."""
    reply = call.forward()
    if reply.ok:
        _targets(call).pop(call.text("FunctionName"), None)
    return reply


@patch(
    "lambda",
    ("Invoke", "InvokeAsync"),
    "moto would run the function in a container of Docker, or claim that it had",
)
def invoke(call: Call) -> Answer:
    """Refuse to run a function."""
    raise NotImplementedError(call.action)


def _with_target(call: Call, reply: Reply) -> Answer:
    answer: dict[str, Any] = json.loads(reply.body)
    return answer | _target(call)


def _target(call: Call) -> dict[str, Any]:
    target = _targets(call).get(call.text("FunctionName"))
    return {"DeadLetterConfig": {"TargetArn": target}} if target else {}


def _targets(call: Call) -> dict[str, str]:
    return _QUEUES.setdefault(backend(call), {})


def backend(call: Call) -> LambdaBackend:
    """Moto's Lambda of the caller's account in the call's region."""
    # Few sandboxes have functions: this part of moto would cost every start.
    from moto.awslambda.models import lambda_backends  # noqa: PLC0415 (see above)

    return lambda_backends[call.signer.account_id][call.region]


@patch("lambda", "AddPermission", "moto takes the same statement id twice")
def add_permission(call: Call) -> None:
    """Refuse a second statement with the id of another."""
    if call.text("StatementId") in _ids(call):
        message = (
            f"The statement id ({call.text('StatementId')}) provided already exists. Please "
            "provide a new statement id, or remove_permission the existing statement."
        )
        raise AwsError("ResourceConflictException", message)


@patch("lambda", "RemovePermission", "moto treats a statement that does not exist as removed")
def remove_permission(call: Call) -> None:
    """Refuse to remove_permission what is not there."""
    if call.text("StatementId") not in _ids(call):
        message = f"Statement {call.text('StatementId')} is not found in resource policy."
        raise AwsError("ResourceNotFoundException", message)


def _ids(call: Call) -> set[str]:
    named = call.text("FunctionName")
    for function in backend(call).list_functions():
        if named in {function.function_name, function.function_arn} and function.policy:
            return {str(statement["Sid"]) for statement in function.policy.statements}
    return set()
