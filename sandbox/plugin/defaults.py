"""Filling in what a program leaves out.

As in pulumi-terraform-bridge, `pkg/tfbridge/schema.go` (`applyDefaults`): the names of what was
filled in stand under `__defaults` in the object they belong to, and a value that was a default in
the deployment before is used again, so that automatic names stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.plugin.naming import NamingError
from sandbox.plugin.normalize import DEFAULTS
from sandbox.plugin.property_path import PropertyPath
from sandbox.plugin.tree import Node, children

if TYPE_CHECKING:
    from sandbox.plugin.naming import Naming
    from sandbox.plugin.normalize import Failures
    from sandbox.plugin.resource import ResourceType
    from sandbox.plugin.sdk import Type
    from sandbox.plugin.values import Properties


@dataclass(frozen=True, slots=True)
class Completion:
    """Completes the inputs of a resource."""

    row: ResourceType
    naming: Naming
    failures: Failures

    def complete(self, type_: Type, inputs: Properties, old: Mapping[str, Any]) -> Properties:
        """Fill in the name and the defaults.

        Args:
            type_: the schema of all inputs.
            inputs: what the program gave, in the schema's types.
            old: the inputs of the deployment before, or {}.
        """
        return self._object(Node(PropertyPath(), type_, inputs), old, self._name(inputs, old))

    def _name(self, inputs: Properties, old: Mapping[str, Any]) -> Properties:
        rule = self.row.name
        if rule is None or rule.input_name in self._taken("", inputs):
            return {}
        if _was_default(old, rule.input_name):
            return {rule.input_name: old[rule.input_name]}
        try:
            return {rule.input_name: self.naming.name(rule)}
        except NamingError as error:
            self.failures.add(rule.input_name, str(error))
            return {}

    def _object(
        self, node: Node, old: Mapping[str, Any], defaults: Mapping[str, Any]
    ) -> Properties:
        values = {child.name: self._value(child, old.get(child.name)) for child in children(node)}
        added = dict(defaults)
        taken = self._taken(node.place.pattern, node.value)
        for name, field in node.type.fields.items():
            pattern = node.place.property(field).pattern
            if name not in taken and pattern in self.row.defaults:
                kept = _was_default(old, name)
                added[name] = old[name] if kept else self.row.defaults[pattern]
        return {**values, **added, DEFAULTS: sorted(added)}

    def _value(self, node: Node, old: Any) -> Any:  # noqa: ANN401 - any input
        if node.is_object:
            return self._object(node, old if isinstance(old, Mapping) else {}, {})
        if node.type.kind == "list" and isinstance(node.value, list):
            before = dict(enumerate(old)) if isinstance(old, list) else {}
            return [
                self._value(child, before.get(index)) for index, child in enumerate(children(node))
            ]
        return node.value

    def _taken(self, pattern: str, values: Mapping[str, Any]) -> set[str]:
        """The properties that get no default: they are set, or what they conflict with is."""
        groups = (
            relation.names
            for relation in self.row.relations
            if relation.at == pattern and relation.kind != "all or none"
        )
        excluded = {
            name for names in groups if any(other in values for other in names) for name in names
        }
        return excluded | values.keys()


def _was_default(old: Mapping[str, Any], name: str) -> bool:
    """Whether a value of the deployment before was, or may have been, a default."""
    return name in old and (DEFAULTS not in old or name in old[DEFAULTS])
