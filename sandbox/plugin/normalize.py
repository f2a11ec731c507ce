"""Bringing inputs into the types of the SDK's schema."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.property_path import PropertyPath
from sandbox.plugin.sdk import did_you_mean
from sandbox.plugin.values import UNKNOWN, Archive, Asset, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.plugin.sdk_types import Type
    from sandbox.plugin.values import Properties

DEFAULTS: Final = "__defaults"
"""The key under which an object's inputs list those that the program did not give."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong with a resource's or function's inputs."""

    reason: str
    property: str
    """Its property path, empty for the resource as a whole."""


class Failures(list[Failure]):
    """What is wrong with the inputs of one resource or function call."""

    def __init__(self, name: str) -> None:
        """Nothing yet.

        Args:
            name: the resource's logical name, or the function's token.
        """
        super().__init__()
        self.name = name

    def add(self, place: object, message: str, hint: str = "") -> None:
        """Report a problem.

        Args:
            place: where, as a property path.
            message: what is wrong.
            hint: how to fix it, if known, as a further sentence.
        """
        reason = f"{message}. Examine values at '{self.name}.{place}'."
        self.append(Failure(f"{reason} {hint}".rstrip(), str(place)))

    def missing(self, names: Iterable[object]) -> None:
        """Report properties that must be given."""
        self.extend(Failure(f"Missing required property '{name}'", str(name)) for name in names)


def normalize(type_: Type, given: Mapping[str, Any], failures: Failures) -> Properties:
    """Bring inputs into the schema's types.

    Numbers and texts become each other where that loses nothing, JSON documents given as objects
    become text, nulls go.

    Args:
        type_: the schema of all inputs.
        given: the inputs; anything in them may be unknown.
        failures: gets unknown keys, missing keys and wrong types.

    Returns:
        The inputs without what failed.
    """
    return _object(PropertyPath(), type_, given, failures)


def _object(
    place: PropertyPath, type_: Type, given: Mapping[str, Any], failures: Failures
) -> Properties:
    fields = type_.fields
    values: Properties = {}
    for name, value in given.items():
        if name.startswith("__") or value is None:
            continue
        if name in fields:
            field = fields[name]
            values[name] = _value(place.property(field), field.type, value, failures)
        else:
            path = f"{place}.{name}".removeprefix(".")
            failures.add(path, "Invalid or unknown key", did_you_mean(name, fields))
    required = (field for field in fields.values() if field.required)
    failures.missing(place.property(field) for field in required if given.get(field.name) is None)
    return {name: value for name, value in values.items() if value is not None}


def _value(
    place: PropertyPath,
    type_: Type,
    value: Any,  # noqa: ANN401 - any input
    failures: Failures,
) -> Any:  # noqa: ANN401 - any input
    match type_.kind, value:
        case (_, None) | ("any", _) | ("asset", Asset() | Archive()):
            return value
        case _ if value is UNKNOWN:
            return value
        case "object", Mapping():
            return _object(place, type_, value, failures)
        case "map", Mapping():
            return {
                key: _value(place.key(key), type_.element, item, failures)
                for key, item in value.items()
                if item is not None and key != DEFAULTS
            }
        case "list", Sequence() if not isinstance(value, str):
            known = (item for item in value if item is not None)
            return [
                _value(place.item(index), type_.element, item, failures)
                for index, item in enumerate(known)
            ]
        case _:
            return _scalar(place, type_, value, failures)


def _scalar(
    place: PropertyPath,
    type_: Type,
    value: Any,  # noqa: ANN401 - any input
    failures: Failures,
) -> Any:  # noqa: ANN401 - any input
    normal = _coerce(type_, value)
    if normal is None:
        failures.add(place, f"expected {type_.kind} type, got {_kind(value)} type")
    return normal


def _coerce(type_: Type, value: Any) -> Any:  # noqa: ANN401 - any input
    """A value in a scalar type, or None if it cannot be."""
    match type_.kind, value:
        case (("string" | "document"), bool()):
            return "true" if value else "false"
        case (("string" | "document"), str() | int() | float()):
            return str(value)
        case "document", Mapping():
            return UNKNOWN if contains_unknown(value) else json.dumps(value)
        case "boolean", bool() | "true" | "false":
            return value in (True, "true")
        case (("integer" | "number"), int() | float() | str()) if not isinstance(value, bool):
            return _number(value, whole=type_.kind == "integer")
        case _:
            return None


def _number(value: float | str, *, whole: bool) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    if not math.isfinite(number) or (whole and not number.is_integer()):
        return None
    return int(number) if number.is_integer() else number


def _kind(value: Any) -> str:  # noqa: ANN401 - any input
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case int() | float():
            return "number"
        case Mapping():
            return "object"
        case Sequence():
            return "list"
        case _:
            return type(value).__name__.lower()
