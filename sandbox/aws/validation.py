"""Whether a call's parameters are what botocore's model of the service says.

AWS answers 4xx where a required member is absent, or a value is outside of its enum, length, range
or pattern; moto mostly accepts it. What depends on other values is in the patches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sandbox.aws.call import AwsError
from sandbox.aws.operations import is_modeled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.aws.call import Call

_CODES = {
    "athena": "InvalidRequestException",
    "cloudtrail": "InvalidParameterException",
    "guardduty": "BadRequestException",
    "logs": "InvalidParameterException",
    "organizations": "InvalidInputException",
    "s3": "MalformedXML",
    "securityhub": "InvalidInputException",
    "sns": "InvalidParameter",
}
"""The error codes of services that have their own for a bad parameter."""

_CODES_OF_OPERATIONS = {
    "PutEventSelectors": "InvalidEventSelectorsException",
    "PutInsightSelectors": "InvalidInsightSelectorsException",
}
"""The error codes of operations that have their own."""

_OF_A_BAD_STORAGE_CLASS = "InvalidStorageClass"
"""S3's code for the header of an object; within a configuration it is the XML that is malformed."""

_CHECKED_BY_PATCHES = {"PutBucketNotificationConfiguration"}
"""Operations whose patch tells what is wrong as AWS does."""

_CHECKED_BY_MOTO = {"createBucketConfiguration.locationConstraint"}
"""Members for which moto has AWS's own errors, such as IllegalLocationConstraintException."""

_SHOWN = 200
"""How many characters of a rejected value an error shows."""

_NOT_IN_MODELS = {
    "log-delivery-write",
    # ReceiveMessage documents these; its model has the attributes of queues in their place.
    *("ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "AWSTraceHeader"),
    *("MessageDeduplicationId", "MessageGroupId", "SenderId", "SentTimestamp", "SequenceNumber"),
}
"""Values of enums that AWS accepts, and botocore's models lack."""


def check(call: Call) -> None:
    """Reject parameters that the service's model does not allow.

    Raises:
        AwsError: there are such.
    """
    if call.action in _CHECKED_BY_PATCHES or not is_modeled(call.service, call.action):
        return
    shape = call.operation.input_shape
    problems = list(_problems(shape, call.params, "")) if shape is not None else []
    if problems:
        plural = "s" if len(problems) > 1 else ""
        message = f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
        header = call.service == "s3" and " at 'storageClass' " in problems[0]
        raise AwsError(_OF_A_BAD_STORAGE_CLASS if header else _code(call), message)


def _code(call: Call) -> str:
    """The error code for a bad parameter of an operation.

    Newer operations of a service may have another than its older ones: what an operation's model
    lists decides.
    """
    default = "ValidationError" if call.style == "query" else "ValidationException"
    code = _CODES_OF_OPERATIONS.get(call.action) or _CODES.get(call.service, default)
    operation: Any = call.operation  # botocore has no types
    listed = {shape.name for shape in operation.error_shapes}
    return default if default in listed and code not in listed else code


# botocore's shapes have no types; a value is of any shape.
def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 (see above)
    """What is wrong with a value of a shape, in the words that AWS uses."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from _problems(member, value[name], _at(path, name))
            elif name in shape.required_members:
                yield _problem(" null", _at(path, name), "not be null")
        return
    if shape.type_name == "list" and isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{number}.member")
    if shape.type_name == "map" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{path}.{key}")
    constraint = _broken_constraint(shape, value)
    if constraint and path not in _CHECKED_BY_MOTO:
        # What is binary may be a secret, such as the plaintext of Encrypt; AWS does not show it.
        shown = "" if isinstance(value, bytes) else f" '{value}'"[:_SHOWN]
        yield _problem(shown, path, constraint)


def _problem(shown: str, path: str, constraint: str) -> str:
    return f"Value{shown} at '{path}' failed to satisfy constraint: Member must {constraint}"


def _broken_constraint(shape: Any, value: Any) -> str:  # noqa: ANN401 (see above)
    """The constraint of a shape that a value breaks; empty if it breaks none."""
    metadata: dict[str, Any] = shape.metadata
    if isinstance(value, str):
        allowed = metadata.get("enum")
        if allowed and value not in allowed and value not in _NOT_IN_MODELS:
            return f"satisfy enum value set: [{', '.join(allowed)}]"
        pattern = _pattern(metadata.get("pattern", ""))
        if pattern and pattern.fullmatch(value) is None:
            return f"satisfy regular expression pattern: {metadata['pattern']}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        measured, what = value, "value"
    elif isinstance(value, str | list | Mapping | bytes):
        measured, what = len(value), "length"
    else:
        return ""
    if "min" in metadata and measured < metadata["min"]:
        return f"have {what} greater than or equal to {metadata['min']}"
    if "max" in metadata and measured > metadata["max"]:
        return f"have {what} less than or equal to {metadata['max']}"
    return ""


_NOT_BLANK: Final = r".*\S.*"
"""It asks for a text that is not blank, such as a schema's definition, which has several lines."""


@cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """A model's pattern, if Python can read it: some are in the dialect of Java."""
    if not text:
        return None
    try:
        return re.compile(text, re.DOTALL if text == _NOT_BLANK else 0)
    except re.error:
        return None


def _at(path: str, name: str) -> str:
    member = name[:1].lower() + name[1:]
    return f"{path}.{member}" if path else member
