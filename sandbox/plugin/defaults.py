"""Filling in what a program leaves out: defaults, and names.

As in pulumi-terraform-bridge, `pkg/tfbridge/schema.go` (`applyDefaults`) and
`pkg/tfbridge/info/autonaming.go`: the names of what was
filled in stand under `__defaults` in the object they belong to, and a value that was a default in
the deployment before is used again, so that automatic names stay.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sandbox.plugin.normalize import DEFAULTS
from sandbox.plugin.property_path import Node, PropertyPath, children

if TYPE_CHECKING:
    from sandbox.plugin.normalize import Failures
    from sandbox.plugin.resource import AutoName, ResourceType
    from sandbox.plugin.sdk_types import Type
    from sandbox.plugin.values import Properties


class NamingError(Exception):
    """There is no name to be had."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a resource's name is made of."""

    resource: str
    """The resource's logical name."""
    seed: bytes = b""
    """Decides the random part: two names of one seed are the same. Empty: any."""
    proposed: str = ""
    """What the project's `pulumi:autonaming` configuration makes of the logical name."""
    mode: Literal["propose", "enforce", "disable"] | None = None
    """How binding the proposal is. None without such a configuration."""

    def name(self, rule: AutoName) -> str:
        """A name that follows a resource type's rule.

        Raises:
            NamingError: the name would be too long, or the project wants no automatic names.
        """
        if self.mode == "disable":
            raise NamingError("automatic naming is disabled but no explicit name was provided")
        if self.mode == "enforce":
            return self.proposed
        base = self.proposed if self.mode == "propose" else self.resource
        base = base.lower() if rule.lower else base
        if self.mode is None and rule.digits:
            base += rule.separator + self._suffix(rule.digits)
        if len(base) > rule.max_length:
            raise NamingError(
                f"the name {base!r} is longer than the maximum length of {rule.max_length}: "
                f"set {rule.input_name!r}, or give the resource a shorter logical name"
            )
        return base

    def _suffix(self, count: int) -> str:
        digits = random.Random(self.seed or None)  # noqa: S311 - no secret, only unlike others
        return "".join(digits.choices("0123456789abcdef", k=count))


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
