"""Plain values out of the engine's messages.

The engine sends properties as protobuf structs in which a value that is not known yet is one of
seven sentinel strings, and a secret is an object with a signature. A rule must meet neither, so
both are translated here, in one pass: unknown becomes `UNKNOWN`, a secret becomes what it holds.
The sentinels and signatures are those of `pulumi_policy.proxy` and `pulumi_policy.deserialize`, and
stand here because those modules import the SDK, which the pack starts without.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping


class Unknown(Enum):
    """The type of `UNKNOWN`; an enumeration, so that `value is UNKNOWN` narrows types."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
"""A value that the engine does not know yet, because the resource it comes from is not made yet."""

Value: TypeAlias = "bool | int | float | str | Unknown | list[Value] | dict[str, Value] | None"
"""A property's value. Assets and archives stay the signed mappings that the engine sends."""

PropertyValue: TypeAlias = "bool | str | dict[str, str]"
"""A value that a rule sets in a resource to correct it."""

SENTINELS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # a string
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # an array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)
"""The strings that stand for values that are not known yet."""

SPECIAL_SIG_KEY: Final = "4dabf18193072939515e22adb298388d"
"""The key under which an object says that it is something else, such as a secret."""

SPECIAL_SECRET_SIG: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - it marks a secret
"""What it says for a secret."""


def from_struct(struct: struct_pb2.Struct) -> dict[str, Value]:
    """Return a message's properties as plain values.

    Args:
        struct: Properties as the engine sends them, keyed by camelCase names.

    Returns:
        The same keys; unknown values are `UNKNOWN`, secrets are unwrapped, and numbers without a
        fraction are `int` (on the wire every number is a float).
    """
    return {key: _from_value(value) for key, value in struct.fields.items()}


def with_properties(
    struct: struct_pb2.Struct, changes: Mapping[str, PropertyValue]
) -> struct_pb2.Struct:
    """Return a copy of a message's properties with some of them set.

    Everything else stays as the engine sent it: secrets, unknown values and internal keys.

    Args:
        struct: The properties to start from.
        changes: Top-level properties and their new values. What was a secret stays one.

    Returns:
        The changed copy.
    """
    changed = struct_pb2.Struct()
    changed.CopyFrom(struct)
    for key, value in changes.items():
        if key in struct.fields and _is_secret(struct.fields[key]):
            changed.update({key: {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": value}})
        else:
            changed.update({key: value})
    return changed


def at(properties: Mapping[str, Value], path: str) -> Value:
    """Return the value at a path.

    Args:
        properties: A resource's properties.
        path: Names separated by dots, such as ``rule.defaultRetention.mode``. A list on the way
            stands for its first item, because providers wrap some single objects in a list.

    Returns:
        The value; None where there is none, and `UNKNOWN` where it, or what holds it, is unknown.
    """
    value: Value = dict(properties)
    for name in path.split("."):
        if isinstance(value, list):
            value = next(iter(value), None)
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(name) if isinstance(value, dict) else None
    return value


def items(value: Value) -> list[Value]:
    """Return a list's items; one value is a list of one, and nothing a list of none."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def is_true(value: Value) -> bool:
    """Return whether a known value reads as true to a provider.

    The engine sends the string ``"true"`` where a program, often a YAML one, wrote a string.
    """
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def whole_number(value: Value) -> int | None:
    """Return a whole number, None where a known value is none.

    The engine sends the string ``"30"`` where a program, often a YAML one, wrote a string.
    """
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_blank(value: Value) -> bool:
    """Return whether a known value names nothing: absent, null, false or only white space."""
    return value is None or value is False or (isinstance(value, str) and not value.strip())


def _from_value(value: struct_pb2.Value) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in SENTINELS else value.string_value
        case "bool_value":
            return value.bool_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "struct_value":
            held = value.struct_value
            return _from_value(held.fields["value"]) if _is_secret(value) else from_struct(held)
        case "list_value":
            return [_from_value(item) for item in value.list_value.values]
        case _:
            return None


def _is_secret(value: struct_pb2.Value) -> bool:
    fields = value.struct_value.fields
    return SPECIAL_SIG_KEY in fields and fields[SPECIAL_SIG_KEY].string_value == SPECIAL_SECRET_SIG
