"""Checks of known values, alone and together.

The wording is Terraform's: terraform-plugin-sdk `helper/schema/schema.go`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.plugin.property_path import walk
from sandbox.plugin.values import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.plugin.normalize import Failures
    from sandbox.plugin.property_path import Node
    from sandbox.plugin.resource import Relation, ResourceType
    from sandbox.plugin.sdk_types import Type


def check_values(
    row: ResourceType, type_: Type, inputs: Mapping[str, Any], failures: Failures
) -> None:
    """Run a row's validators. A value that is unknown, or has anything unknown in it, passes."""
    for node in walk(type_, inputs):
        place = node.place
        if place.pattern in row.not_emulated:
            hint = row.not_emulated[place.pattern]
            failures.add(place, f'"{place.upstream}" is not emulated in the sandbox: {hint}')
        elif not contains_unknown(node.value):
            for validator in row.validate.get(place.pattern, ()):
                for message in validator(place.upstream, node.value):
                    failures.add(place, message)


def check_relations(
    relations: Iterable[Relation], type_: Type, inputs: Mapping[str, Any], failures: Failures
) -> None:
    """Check how properties of one object go together, as far as they are known."""
    nodes = [node for node in walk(type_, inputs) if node.is_object]
    for relation in relations:
        for node in nodes:
            if node.place.pattern == relation.at:
                _check_relation(relation, node, failures)


def _check_relation(relation: Relation, node: Node, failures: Failures) -> None:
    present = [name for name in relation.names if name in node.value]
    if any(node.value[name] is UNKNOWN for name in present):
        return
    places = {name: node.place.property(node.type.fields[name]) for name in relation.names}
    first = places[present[0] if present else relation.names[0]]
    listed = ",".join(sorted(place.upstream for place in places.values()))
    match relation.kind:
        case "conflict" if len(present) > 1:
            for name in present:
                others = ", ".join(places[other].upstream for other in present if other != name)
                failures.add(
                    places[name],
                    f'Conflicting configuration arguments. "{places[name].upstream}": '
                    f"conflicts with {others}",
                )
        case "exactly one" if len(present) != 1:
            given = ",".join(sorted(places[name].upstream for name in present))
            failures.add(
                first if present else node.place,
                f'Invalid combination of arguments. "{first.upstream}": one of `{listed}` must be '
                f"specified"
                if not present
                else f'Invalid combination of arguments. "{first.upstream}": only one of '
                f"`{listed}` can be specified, but `{given}` were specified",
            )
        case "all or none" if present[:1] == [*relation.names[:1]] and len(present) < len(places):
            failures.add(
                first,
                f'Missing required argument. "{first.upstream}": all of `{listed}` must be '
                f"specified",
            )
        case _:
            return
