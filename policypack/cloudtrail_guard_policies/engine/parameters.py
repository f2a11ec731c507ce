"""Typed settings that a rule declares, such as a number of days.

A parameter checks its own value, because the engine is not the only one who configures the pack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cloudtrail_guard_policies.engine.values import Value

T_co = TypeVar("T_co", covariant=True)

Json: TypeAlias = "bool | float | str | Sequence[Json] | Mapping[str, Json] | None"
Schema: TypeAlias = "Mapping[str, Json]"
"""A JSON Schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Generic[T_co]):
    """A typed setting of a rule. Make one with a function of this module.

    Attributes:
        name: camelCase key in the configuration.
        default: The value when the configuration says nothing.
        schema: The JSON Schema that the engine checks a value against, with the description and
            the default.
        read: Returns the typed value, or raises `ValueError` saying what is allowed.
    """

    name: str
    default: T_co
    schema: Schema
    read: Callable[[Value], T_co]


def integer(name: str, description: str, default: int, minimum: int = 0) -> Parameter[int]:
    """Return a parameter that is a whole number.

    Args:
        name: camelCase key in the configuration.
        description: What it decides, and in which unit.
        default: The value when the configuration says nothing.
        minimum: The least allowed value.

    Returns:
        The parameter.
    """

    def read(value: Value) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
            raise ValueError(f"a whole number of at least {minimum}")
        return value

    schema: Schema = {
        "type": "integer",
        "minimum": minimum,
        "description": description,
        "default": default,
    }
    return Parameter(name=name, default=default, schema=schema, read=read)


def boolean(name: str, description: str, *, default: bool) -> Parameter[bool]:
    """Return a parameter that is true or false.

    Args:
        name: camelCase key in the configuration.
        description: What it decides.
        default: The value when the configuration says nothing.

    Returns:
        The parameter.
    """

    def read(value: Value) -> bool:
        if not isinstance(value, bool):
            raise ValueError("true or false")  # noqa: TRY004 - a wrong setting, not a wrong call
        return value

    schema: Schema = {"type": "boolean", "description": description, "default": default}
    return Parameter(name=name, default=default, schema=schema, read=read)


def choice(name: str, description: str, default: str, allowed: Sequence[str]) -> Parameter[str]:
    """Return a parameter that is one of some words.

    Args:
        name: camelCase key in the configuration.
        description: What it decides.
        default: The value when the configuration says nothing.
        allowed: The words.

    Returns:
        The parameter.
    """

    def read(value: Value) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return value

    schema: Schema = {
        "type": "string",
        "enum": list(allowed),
        "description": description,
        "default": default,
    }
    return Parameter(name=name, default=default, schema=schema, read=read)


def strings(
    name: str, description: str, default: tuple[str, ...] = ()
) -> Parameter[tuple[str, ...]]:
    """Return a parameter that is a list of strings.

    Args:
        name: camelCase key in the configuration.
        description: What it decides.
        default: The value when the configuration says nothing.

    Returns:
        The parameter.
    """

    def read(value: Value) -> tuple[str, ...]:
        if isinstance(value, list):
            items = tuple(item for item in value if isinstance(item, str))
            if len(items) == len(value):
                return items
        raise ValueError("a list of strings")

    schema: Schema = {
        "type": "array",
        "items": {"type": "string"},
        "description": description,
        "default": list(default),
    }
    return Parameter(name=name, default=default, schema=schema, read=read)
