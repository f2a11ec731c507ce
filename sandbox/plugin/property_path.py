"""Paths of properties in a resource."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.plugin.sdk import Field

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
