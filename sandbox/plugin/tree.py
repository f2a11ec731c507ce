"""Walking properties along their schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.plugin.property_path import PropertyPath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.plugin.sdk import Type


@dataclass(frozen=True, slots=True)
class Node:
    """A value where it stands, with its type."""

    place: PropertyPath
    type: Type
    value: Any

    @property
    def name(self) -> str:
        """The name of the property, the key in the map, or the index in the list."""
        return str(self.place.path[-1])

    @property
    def is_object(self) -> bool:
        """Whether both schema and value are an object."""
        return self.type.kind == "object" and isinstance(self.value, Mapping)


def walk(type_: Type, value: Mapping[str, Any]) -> Iterator[Node]:
    """Every value in an object that its schema knows, itself the first."""
    yield from _walk(Node(PropertyPath(), type_, value))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def children(node: Node) -> Iterator[Node]:
    """The properties of an object, the items of a list, the values of a map."""
    match node.type.kind, node.value:
        case "object", Mapping():
            for name, field in node.type.fields.items():
                if name in node.value:
                    yield Node(node.place.property(field), field.type, node.value[name])
        case "list", list():
            for index, item in enumerate(node.value):
                yield Node(node.place.item(index), node.type.element, item)
        case "map", Mapping():
            for key, item in node.value.items():
                yield Node(node.place.key(key), node.type.element, item)
        case _:
            return
