"""Between Pulumi's inputs and the pure functions: one place where arguments become plain values."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import pulumi

from cloudtrail_guard.errors import InvalidValueError

R = TypeVar("R")


class ArgumentError(pulumi.RunError, ValueError):
    """A component was given arguments that AWS would reject; ends a program without a traceback."""


def compute(
    component: pulumi.ComponentResource,
    function: Callable[[dict[str, Any]], R],
    /,
    **inputs: object,
) -> pulumi.Input[R]:
    """Call a pure function with the plain values of these inputs.

    Known values are used at once, so that documents are known, and mistakes rejected, before any
    resource is registered. Otherwise the result is an output.

    Args:
        component: whose arguments they are, for the error message.
        function: takes the plain values by name; integers that came as floats are integers again.
        inputs: the inputs; absent ones are None.

    Raises:
        ArgumentError: the function rejected the values.
    """

    def call(values: Mapping[str, Any]) -> R:
        try:
            return function(plain_values(values))
        except InvalidValueError as error:
            kind, name = type(component).__name__, component.pulumi_resource_name
            raise ArgumentError(f"{kind} {name!r}: {error}") from error

    if _is_known(inputs):
        return call(inputs)
    return pulumi.Output.all(**inputs).apply(call)


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Known inputs as the pure functions take them: sequences are tuples."""
    return {name: _plain(value) for name, value in values.items()}


def or_assumed(value: object, assumed: object) -> object:
    """The value if it is known while the program runs, else what to assume of it."""
    return value if _is_known(value) else assumed


def _is_known(value: object) -> bool:
    if isinstance(value, (pulumi.Output, Awaitable)):
        return False
    if isinstance(value, Mapping):
        return all(_is_known(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(_is_known(item) for item in value)
    return True


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value goes through here
    """Whole numbers as integers: the engine and other languages send every number as a float."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_plain(item) for item in value)
    return value
