"""What a deployment would change: new inputs against the state, as Terraform plans it.

Rules (terraform-plugin-sdk `helper/schema`, and `pkg/tfbridge/detailed_diff.go` of
pulumi-terraform-bridge): an unknown input is a change; an input that is left out is one only if
the state has a value that AWS did not fill in by itself; null, false, 0, "" and what holds only
these are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sandbox.plugin.property_path import PropertyPath, is_inside, parse_path
from sandbox.plugin.values import UNKNOWN, contains_unknown, is_zero

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sandbox.plugin.resource import ResourceType
    from sandbox.plugin.sdk_types import Schema, Type

Kind: TypeAlias = Literal["add", "delete", "update"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    place: PropertyPath
    kind: Kind
    replace: bool = False
    """Whether it can only be had by replacing the resource."""

    @property
    def top(self) -> str:
        """The name of the top-level property."""
        return str(self.place.path[0])


@dataclass(frozen=True, slots=True)
class Pair:
    """The two values of one place."""

    place: PropertyPath
    type: Type
    old: Any
    new: Any


def find_changes(
    row: ResourceType,
    schema: Schema,
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
    ignore: Iterable[str] = (),
) -> list[Change]:
    """The differences between a resource's state and new inputs.

    Args:
        row: the resource type.
        schema: its schema.
        state: its outputs as of the last deployment or refresh.
        inputs: checked inputs; values may be unknown.
        ignore: property paths of which no difference counts.
    """
    ignored = [parse_path(path) for path in ignore]
    comparison = _Comparison(row)
    whole = Pair(PropertyPath(), schema.inputs, state, inputs)
    pairs = [*_properties(whole)]
    if "tagsAll" in inputs and "tagsAll" not in schema.inputs.fields:
        # The provider's default tags are in no input of the SDK, but Check puts them there.
        field = schema.outputs.fields["tagsAll"]
        place = PropertyPath().property(field)
        pairs.append(Pair(place, field.type, state.get("tagsAll"), inputs["tagsAll"]))
    return [
        change
        for pair in pairs
        for change in comparison.compare(pair)
        if not any(is_inside(change.place.path, path) for path in ignored)
    ]


@dataclass(frozen=True, slots=True)
class _Comparison:
    row: ResourceType

    def compare(self, pair: Pair) -> Iterator[Change]:
        """The differences inside a pair of values."""
        if self._same(pair):
            return
        if pair.new is UNKNOWN:
            yield self._change(pair.place, "add" if is_zero(pair.old) else "update")
        elif pair.new is None:
            yield from self._one_sided(pair, "delete")
        elif pair.old is None or pair.old in ("", [], {}):
            yield from self._one_sided(pair, "add")
        else:
            yield from self._both(pair)

    def _both(self, pair: Pair) -> Iterator[Change]:
        match pair.type.kind, pair.old:
            case "object", Mapping():
                for inner in _properties(pair):
                    yield from self.compare(inner)
            case "map", Mapping():
                for inner in _values(pair):
                    yield from self.compare(inner)
            case "list", list():
                pairs = self._match(pair) if pair.place.pattern in self.row.sets else _items(pair)
                for inner in pairs:
                    yield from self._item(inner)
            case _:
                yield self._change(pair.place, "update")

    def _same(self, pair: Pair) -> bool:
        old, new = pair.old, pair.new
        if new is None and pair.place.pattern in self.row.computed:
            return True
        if is_zero(old) and is_zero(new):
            return True
        equal = self.row.equal.get(pair.place.pattern)
        if equal is not None and old is not None and new is not None:
            return not contains_unknown(new) and equal(old, new)
        return bool(old == new)

    def _item(self, pair: Pair) -> Iterator[Change]:
        """As `compare`, but an item that is there at all is a difference even if it is empty."""
        if pair.old is None or pair.new is None:
            yield self._change(pair.place, "add" if pair.old is None else "delete")
        else:
            yield from self.compare(pair)

    def _one_sided(self, pair: Pair, kind: Kind) -> Iterator[Change]:
        """A value that appears or goes: shown whole, unless a part of it decides on replacement."""
        inside = f"{pair.place.pattern}."
        decides = any(pattern.startswith(inside) for pattern in self.row.replacing)
        if pair.type.kind == "object" and decides:
            for inner in _properties(Pair(pair.place, pair.type, pair.old or {}, pair.new or {})):
                yield from self.compare(inner)
        elif not self._only_computed(pair):
            yield self._change(pair.place, kind)

    def _only_computed(self, pair: Pair) -> bool:
        """Whether what goes away is an object in which AWS filled in everything."""
        return (
            pair.type.kind == "object"
            and pair.new is None
            and all(
                inner.place.pattern in self.row.computed or is_zero(inner.old)
                for inner in _properties(Pair(pair.place, pair.type, pair.old, {}))
            )
        )

    def _match(self, pair: Pair) -> Iterator[Pair]:
        """Pair the items of a set: first those without differences, then the rest in order."""
        items = list(_items(pair))
        left = [item.old for item in items if item.old is not None]
        unmatched: list[Pair] = []
        for item in items:
            if item.new is None:
                continue
            twins = (old for old in left if not [*self._item(_with_old(item, old))])
            twin = next(twins, None)
            if twin is None:
                unmatched.append(item)
            else:
                left.remove(twin)
        for item in unmatched:
            yield _with_old(item, left.pop(0) if left else None)
        for index, old in enumerate(left, start=len(pair.new)):
            yield Pair(pair.place.item(index), pair.type.element, old, None)

    def _change(self, place: PropertyPath, kind: Kind) -> Change:
        replace = any(
            place.pattern == pattern or place.pattern.startswith(f"{pattern}.")
            for pattern in self.row.replacing
        ) or (kind != "update" and place.pattern in self.row.replace_blocks)
        return Change(place, kind, replace)


def _properties(pair: Pair) -> Iterator[Pair]:
    for name, field in pair.type.fields.items():
        place = pair.place.property(field)
        yield Pair(place, field.type, pair.old.get(name), pair.new.get(name))


def _values(pair: Pair) -> Iterator[Pair]:
    for key in sorted({*pair.old, *pair.new}):
        yield Pair(pair.place.key(key), pair.type.element, pair.old.get(key), pair.new.get(key))


def _items(pair: Pair) -> Iterator[Pair]:
    for index in range(max(len(pair.old), len(pair.new))):
        old = pair.old[index] if index < len(pair.old) else None
        new = pair.new[index] if index < len(pair.new) else None
        yield Pair(pair.place.item(index), pair.type.element, old, new)


def _with_old(pair: Pair, old: Any) -> Pair:  # noqa: ANN401 - any output
    return Pair(pair.place, pair.type, old, pair.new)
