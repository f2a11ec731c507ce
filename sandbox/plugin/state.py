"""From what AWS answers to what is stored, and from there to inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.plugin.normalize import DEFAULTS
from sandbox.plugin.property_path import Node, PropertyPath, children
from sandbox.plugin.values import UNKNOWN, is_zero

if TYPE_CHECKING:
    from sandbox.plugin.resource import ResourceType
    from sandbox.plugin.sdk_types import Schema
    from sandbox.plugin.values import Properties


def reconcile(
    row: ResourceType, schema: Schema, live: Mapping[str, Any], prior: Mapping[str, Any]
) -> Properties:
    """What to store of a resource that was read.

    A value that means the same as the one before stays as it was written (policies, sets), and
    what is not read back is kept.

    Args:
        row: the resource type.
        schema: its schema.
        live: what its `read` answered.
        prior: the inputs it was just written with, or its state.
    """
    return _reconcile(row, Node(PropertyPath(), schema.outputs, live), without_defaults(prior))


def without_defaults(value: Any) -> Any:  # noqa: ANN401 - any input
    """Inputs without the lists of which of them are defaults."""
    if isinstance(value, Mapping):
        return {key: without_defaults(item) for key, item in value.items() if key != DEFAULTS}
    if isinstance(value, list):
        return [without_defaults(item) for item in value]
    return value


def _reconcile(row: ResourceType, node: Node, prior: Any) -> Any:  # noqa: ANN401 - any output
    pattern, live = node.place.pattern, node.value
    equal = row.equal.get(pattern)
    if equal is not None and prior is not None and live is not None and equal(prior, live):
        return prior
    match node.type.kind:
        case "object" if isinstance(prior, Mapping) and isinstance(live, Mapping):
            kept = {
                name: prior[name]
                for name, field in node.type.fields.items()
                if name in prior and node.place.property(field).pattern in row.state_only
            }
            values = {
                child.name: _reconcile(row, child, prior.get(child.name))
                for child in children(node)
            }
            return {**values, **kept}
        case "list" if isinstance(prior, list) and isinstance(live, list):
            if pattern in row.sets:
                live = _in_order(live, prior)
            return [
                _reconcile(row, child, before)
                for child, before in zip(
                    children(Node(node.place, node.type, live)),
                    [*prior, *[None] * len(live)],
                    strict=False,
                )
            ]
        case _:
            return live


def _in_order(live: list[Any], prior: list[Any]) -> list[Any]:
    """The items of a set, those of before first and in the order of before."""
    known = [item for item in prior if item in live]
    return [*known, *(item for item in live if item not in known)]


def planned(
    row: ResourceType, schema: Schema, inputs: Mapping[str, Any], state: Mapping[str, Any]
) -> Properties:
    """The outputs that a preview shows.

    Args:
        row: the resource type.
        schema: its schema.
        inputs: the checked inputs, of which any may be unknown.
        state: the state before an update; empty for a create, where AWS's part is unknown.
    """
    outputs = _planned(row, Node(PropertyPath(), schema.inputs, inputs), state)
    for name in schema.outputs.fields.keys() - schema.inputs.fields.keys():
        outputs[name] = inputs[name] if name in inputs else state.get(name, _unset(state))
    return {name: outputs[name] for name in schema.outputs.fields if name in outputs}


def _planned(row: ResourceType, node: Node, state: Any) -> Any:  # noqa: ANN401 - any output
    match node.type.kind:
        case "object" if isinstance(node.value, Mapping):
            before = state if isinstance(state, Mapping) else {}
            outputs = {
                child.name: _planned(row, child, before.get(child.name)) for child in children(node)
            }
            for name, field in node.type.fields.items():
                if name not in outputs and node.place.property(field).pattern in row.computed:
                    outputs[name] = before.get(name, _unset(before))
            return outputs
        case "list" if isinstance(node.value, list):
            before = state if isinstance(state, list) else []
            return [
                _planned(row, child, before[index] if index < len(before) else None)
                for index, child in enumerate(children(node))
            ]
        case _:
            return node.value


def _unset(state: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any output
    """What an output is that the state does not have: unknown only if there is no state."""
    return None if state else UNKNOWN


def refreshed_inputs(inputs: Mapping[str, Any], state: Mapping[str, Any]) -> Properties:
    """The inputs of a resource after a refresh: those of before, with the values of now.

    As `extractInputs` in `pkg/tfbridge/schema.go`: what the program did not set stays out, and what
    was a default and has drifted is a default no more. Their list stays, be it empty: without one
    the next check would take any value of before for a default.
    """
    values: Properties = {
        name: _refreshed(value, state[name])
        for name, value in inputs.items()
        if name != DEFAULTS and state.get(name) is not None
    }
    defaults = [name for name in inputs.get(DEFAULTS, ()) if values.get(name) == inputs[name]]
    return {**values, DEFAULTS: defaults} if DEFAULTS in inputs else values


def _refreshed(old: Any, new: Any) -> Any:  # noqa: ANN401 - any input
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return refreshed_inputs(old, new)
    if isinstance(old, list) and isinstance(new, list):
        return [_refreshed(before, now) for before, now in zip(old, new, strict=False)]
    return new


def imported_inputs(row: ResourceType, schema: Schema, state: Mapping[str, Any]) -> Properties:
    """The inputs that would make a resource as it was found: all but defaults and empty values.

    As `extractSchemaInputsObject` in `pkg/tfbridge/schema.go`.
    """
    inputs = _imported(row, Node(PropertyPath(), schema.inputs, state))
    for relation in row.relations:
        if relation.kind == "conflict" and not relation.at:
            for name in [name for name in relation.names if name in inputs][1:]:
                del inputs[name]
    return inputs


def _imported(row: ResourceType, node: Node) -> Any:  # noqa: ANN401 - any input
    if node.is_object:
        inputs: Properties = {DEFAULTS: []}
        for child in children(node):
            value = _imported(row, child)
            default = row.defaults.get(child.place.pattern)
            unset = is_zero(value) if default is None else value == default
            wanted = node.type.fields[child.name].required or not unset
            if wanted and child.place.pattern not in row.not_emulated:
                inputs[child.name] = value
        return inputs
    if node.type.kind == "list" and isinstance(node.value, list):
        return [_imported(row, child) for child in children(node)]
    return node.value
