"""The tables of cases of all rules: which resources a case is about, and what the rule says."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules import RULES

from tests.policypack.support import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cloudtrail_guard_policies.engine.rule import Rule
    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

    from tests.policypack.support import Case


@dataclass(frozen=True, slots=True)
class Table:
    """The cases of a rule that differ in the properties of one resource.

    Attributes:
        rule: The rule.
        cases: The cases.
        resources: Returns the stack of a case, given its properties.
    """

    rule: Rule
    cases: Sequence[Case]
    resources: Callable[[Mapping[str, object]], Sequence[AnalyzerResource]]


def one(resource_type: str) -> Callable[[Mapping[str, object]], list[AnalyzerResource]]:
    """Return what makes a stack of one resource of this type."""

    def resources(properties: Mapping[str, object]) -> list[AnalyzerResource]:
        return [made(resource_type, "audit", properties)]

    return resources


def tables_of(rule: Rule) -> tuple[Table, ...]:
    """Return the tables of a rule's test module."""
    name = rule.id.replace("-", "_")
    return importlib.import_module(f"tests.policypack.rules.test_{name}").TABLES


def all_tables() -> Iterator[Table]:
    """Yield the tables of every rule."""
    for rule in RULES:
        yield from tables_of(rule)
