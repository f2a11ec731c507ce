"""Types of a table of Glue: as DuckDB and Trino write them, and as a SerDe fills them from JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


_TRINO: Final = {
    "string": "VARCHAR",
    "struct": "ROW({})",
    "array": "ARRAY({})",
    "map": "MAP(VARCHAR, {})",
}
_DUCKDB: Final = {**_TRINO, "struct": "STRUCT({})", "array": "{}[]"}


@dataclass(frozen=True)
class HiveType:
    """A type: ``string``, or one of ``struct``, ``array`` and ``map`` of others.

    Attributes:
        kind: which of the four it is.
        members: the members of a struct by name; ``element`` of an array; ``value`` of a map.
    """

    kind: str
    members: Mapping[str, HiveType] = field(default_factory=dict[str, "HiveType"])

    @classmethod
    def parse(cls, text: str) -> HiveType:
        """Read a type as Glue writes it, e.g. ``array<struct<arn:string>>``.

        Raises:
            ValueError: it has another type in it.
        """
        made, rest = _parse(text.replace(" ", "").lower())
        if rest:
            raise ValueError(f"{rest!r} is left over in the type {text!r}")
        return made

    @property
    def duckdb(self) -> str:
        """The type in DuckDB."""
        return self.written(_DUCKDB)

    @property
    def trino(self) -> str:
        """The type in Trino."""
        return self.written(_TRINO)

    def written(self, forms: Mapping[str, str]) -> str:
        """The type, in the forms of a dialect by kind."""
        inner = [
            f'"{name}" {member.written(forms)}' if self.kind == "struct" else member.written(forms)
            for name, member in self.members.items()
        ]
        return forms[self.kind].format(", ".join(inner))

    def filled(self, value: object) -> Any:  # noqa: ANN401 - JSON
        """A value of JSON as the SerDe reads it: small letters, and text where a string is due."""
        match self.kind, value:
            case _, None:
                return None
            case "string", _:
                return value if isinstance(value, str) else json.dumps(value)
            case "struct", dict():
                given = {str(name).lower(): each for name, each in value.items()}
                return {name: kind.filled(given.get(name)) for name, kind in self.members.items()}
            case "array", list():
                return [self.members["element"].filled(each) for each in value]
            case "map", dict():
                return {str(k): self.members["value"].filled(each) for k, each in value.items()}
            case _:
                return None


def _parse(text: str) -> tuple[HiveType, str]:
    for kind in ("struct", "array", "map"):
        if text.startswith(f"{kind}<"):
            return _nested(kind, text.removeprefix(f"{kind}<"))
    if text.startswith("string"):
        return HiveType("string"), text.removeprefix("string")
    raise ValueError(f"{text!r} begins with none of string, struct<, array< and map<")


def _nested(kind: str, text: str) -> tuple[HiveType, str]:
    members: dict[str, HiveType] = {}
    while not text.startswith(">"):
        text = text.removeprefix(",")
        if kind == "struct":
            name, _, text = text.partition(":")
        elif kind == "map":
            name, text = "value", text.removeprefix("string,")
        else:
            name = "element"
        members[name], text = _parse(text)
    return HiveType(kind, members), text.removeprefix(">")
