"""Paths of properties in a resource, and walking properties along their schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sandbox.plugin.sdk_types import Field, Type

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """The path of a property, in its three spellings."""

    path: Path = ()
    """Names, map keys and list indexes."""
    pattern: str = ""
    """How the rows of the table name it: `rules.*.filter.tags.*`."""
    upstream: str = ""
    """How Terraform's messages name it: `rule.0.filter.0.tags.Name`."""
    _blocks: str = ""
    """What stands before an object's properties in Terraform's messages."""

    def property(self, field: Field) -> PropertyPath:
        """A property of the object that stands here."""
        upstream = self._blocks + field.upstream
        # Terraform has no single nested objects, only lists of at most one.
        blocks = f"{upstream}.0." if field.type.kind == "object" else f"{upstream}."
        return PropertyPath((*self.path, field.name), self._join(field.name), upstream, blocks)

    def item(self, index: int) -> PropertyPath:
        """An item of the list that stands here."""
        return self._element(index)

    def key(self, key: str) -> PropertyPath:
        """A value of the map that stands here."""
        return self._element(key)

    def __str__(self) -> str:
        """As a Pulumi property path: `rules[0].filter.tags["a.b"]`."""
        return "".join(_segment(part) for part in self.path).removeprefix(".")

    def _element(self, part: str | int) -> PropertyPath:
        upstream = f"{self.upstream}.{part}"
        return PropertyPath((*self.path, part), self._join("*"), upstream, f"{upstream}.")

    def _join(self, name: str) -> str:
        return f"{self.pattern}.{name}" if self.pattern else name


def parse_path(text: str) -> Path:
    """A Pulumi property path, such as `rules[0].filter` or `tags["a.b"]`, in its parts.

    `*`, for any item or key, stays as it is.
    """
    parts = re.findall(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[?(\*)\]?|([^.\[\]"]+)', text)
    return tuple(
        int(index) if index else (quoted.replace('\\"', '"') or star or name)
        for quoted, index, star, name in parts
    )


def is_inside(path: Sequence[str | int], ancestor: Sequence[str | int]) -> bool:
    """Whether a path is another one or inside it. `*` in the other one stands for any part."""
    return len(path) >= len(ancestor) and all(
        part in ("*", own) for own, part in zip(path, ancestor, strict=False)
    )


def _segment(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    if re.fullmatch(r"[A-Za-z_$][\w$]*", part):
        return f".{part}"
    escaped = part.replace('"', '\\"')
    return f'["{escaped}"]'


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
