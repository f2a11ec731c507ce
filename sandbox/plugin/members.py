"""Between Pulumi's properties and the members of AWS's structures.

One convention for all services: a property is the member of the same name whatever the case of its
letters (`kmsKeyArn` and `KMSKeyArn`), or of the same name in the singular or plural (`startsWiths`
and `StartsWith`). What is spelled otherwise, its resource type lists. A map of texts is AWS's list
of pairs where AWS has one (tags, dimensions); a single object is AWS's list of one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session
from botocore.model import ListShape, MapShape, StructureShape

from sandbox.plugin.policies import compact_json
from sandbox.plugin.values import Properties

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from botocore.model import ServiceModel, Shape

    from sandbox.plugin.property_path import PropertyPath
    from sandbox.plugin.sdk_types import Field, Type


_LOCK: Final = threading.Lock()


@cache
def _load(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


def request_members(service: str, operation: str) -> Mapping[str, Shape]:
    """The members of an operation's request, by name."""
    with _LOCK:  # a model loads at its first use
        shape = _load(service).operation_model(operation).input_shape
    return {} if shape is None else members_of(cast("StructureShape", shape))


def members_of(shape: StructureShape) -> Mapping[str, Shape]:
    """A structure's members, by name."""
    return cast("Mapping[str, Shape]", shape.members)


def element_of(shape: ListShape) -> Shape:
    """The shape of a list's items."""
    return cast("Shape", shape.member)


def metadata_of(shape: Shape) -> Mapping[str, Any]:
    """What a model says of a shape's values: `enum`, `min`, `max`."""
    return cast("Mapping[str, Any]", shape.metadata)


def find_member(members: Iterable[str], name: str) -> str | None:
    """The member that a property name stands for, or None."""
    known = {member.lower(): member for member in members}
    lower = name.lower()
    for spelling in (lower, lower.removesuffix("s"), f"{lower}s"):
        if spelling in known:
            return known[spelling]
    return None


def rfc3339(time: datetime) -> str:
    """A time as `2030-01-31T00:00:00Z`."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Convention:
    """How one resource type's properties are spelled in AWS's API."""

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """AWS's spelling where the convention does not lead to it, by the property's pattern."""
    computed: AbstractSet[str] = frozenset()
    """Patterns of the properties that AWS decides when the program leaves them out."""
    policies: AbstractSet[str] = frozenset()
    """Patterns of the policy documents, which are sent without white space."""

    def member(self, members: Iterable[str], pattern: str) -> str | None:
        """The member that a property is, or None."""
        return find_member(members, self.names.get(pattern, pattern.rpartition(".")[2]))

    def to_aws(  # noqa: PLR0911 - one answer for each form
        self,
        place: PropertyPath,
        type_: Type,
        shape: Shape,
        value: Any,  # noqa: ANN401 - any input
    ) -> Any:  # noqa: ANN401 - JSON-like
        """A property's value as a member of a request.

        Args:
            place: where the property stands.
            type_: its type in the SDK.
            shape: the member's shape in AWS's model.
            value: its value, known and in the SDK's type.

        Raises:
            TypeError: AWS has no member for a nested property: the resource type must name it.
        """
        match type_.kind, shape:
            case "object", StructureShape():
                return self._structure(place, type_, shape, value)
            case "list", StructureShape() if type_.element.kind == "object":
                return self.to_aws(place.item(0), type_.element, shape, value[0])
            case "object", ListShape():
                return [self.to_aws(place, type_, element_of(shape), value)]
            case "list", ListShape():
                return [
                    self.to_aws(place.item(index), type_.element, element_of(shape), item)
                    for index, item in enumerate(value)
                ]
            case "map", ListShape():
                return to_pairs(shape, value)
            case _ if place.pattern in self.policies:
                return compact_json(value)
            case _:
                return to_scalar(shape, value)

    def _structure(
        self, place: PropertyPath, type_: Type, shape: StructureShape, values: Mapping[str, Any]
    ) -> Properties:
        known, members = members_of(shape), Properties()
        for name, inner in type_.fields.items():
            here = place.property(inner)
            value = self.value_to_send(here, inner, values)
            if value is None or value == "":
                continue
            member = self.member(known, here.pattern)
            if member is not None:
                members[member] = self.to_aws(here, inner.type, known[member], value)
            elif name in values:
                raise TypeError(f"{shape.name} has no member for {here.pattern}")
        return members

    def value_to_send(self, place: PropertyPath, inner: Field, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """A property's value. A switch that is left out is off, unless AWS decides about it."""
        left_out = False if inner.type.kind == "boolean" else None
        return values.get(inner.name, None if place.pattern in self.computed else left_out)

    def from_aws(self, place: PropertyPath, type_: Type, value: Any) -> Any:  # noqa: ANN401 - JSON-like
        """A member of an answer as a property. What the SDK does not know is left out."""
        match type_.kind, value:
            case "object", [first, *_]:
                return self.from_aws(place, type_, first)
            case "object", Mapping():
                found = (
                    (here := place.property(inner), self.member(value, here.pattern), inner)
                    for inner in type_.fields.values()
                )
                return {
                    inner.name: self.from_aws(here, inner.type, value[member])
                    for here, member, inner in found
                    if member is not None and value[member] is not None
                }
            case "list", Mapping():
                return [self.from_aws(place.item(0), type_.element, value)]
            case "list", list():
                item = place.item(0)  # its pattern is the same for all
                return [self.from_aws(item, type_.element, each) for each in value]
            case "map", list():
                return from_pairs(value)
            case _:
                return _from_scalar(type_, value)


def to_pairs(shape: ListShape, values: Mapping[str, str]) -> list[dict[str, str]]:
    """A map as AWS's list of pairs, such as `[{"Key": "owner", "Value": "audit"}]`."""
    key, value = [*members_of(cast("StructureShape", element_of(shape)))][:2]
    return [{key: name, value: text} for name, text in values.items()]


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most of AWS lists them."""
    return [{"Key": name, "Value": text} for name, text in tags.items()]


def from_pairs(pairs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The opposite of `to_pairs`."""
    return {
        next(text for member, text in pair.items() if member.endswith(("Key", "Name"))): next(
            (text for member, text in pair.items() if member.endswith("Value")), ""
        )
        for pair in pairs
    }


def to_scalar(shape: Shape, value: Any) -> Any:  # noqa: ANN401 - JSON-like
    """A text or number as AWS's shape has it."""
    match shape.type_name, value:
        case "string", bool():
            return str(value).lower()
        case "string", int() | float():
            return str(value)
        case (("double" | "float"), str()):
            return float(value)
        case "list", str():
            return [value]
        case _:
            return value


def _from_scalar(type_: Type, value: Any) -> Any:  # noqa: ANN401 - JSON-like
    result = value
    match type_.kind, value:
        case _, datetime():
            result = rfc3339(value)
        case (("string" | "document"), Mapping()):
            result = json.dumps(value)  # botocore decodes some documents
        case "string", bool():
            result = str(value).lower()
        case "string", int() | float():
            result = f"{value:.15g}"
        case "boolean", str():
            result = value == "true"
        case (("integer" | "number"), str()):
            result = float(value) if "." in value else int(value or 0)
        case _:
            pass
    return result


def removal(shape: Shape) -> Any:  # noqa: ANN401 - JSON-like
    """What an update sends for a property that the program no longer sets."""
    match shape:
        case ListShape():
            return []
        case MapShape() | StructureShape():
            return {}
        case _:
            return {"boolean": False, "integer": 0, "long": 0}.get(shape.type_name, "")
