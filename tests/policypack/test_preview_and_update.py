"""What a preview finds, the update finds as well.

In a preview some values are not known yet. Every case of every rule is evaluated with its values
known, as in the update, and with some of them unknown: each property alone, each pair, and all. A
violation that is found while a value is unknown must be one when it is known.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, cast

import pytest
from cloudtrail_guard_policies.engine import messages
from cloudtrail_guard_policies.engine.evaluation import Evaluator, read_configuration
from cloudtrail_guard_policies.engine.resources import Stack
from cloudtrail_guard_policies.engine.rule import ResourceRule, StackRule, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, from_struct
from cloudtrail_guard_policies.rules import RULES

from tests.policypack.rules import test_keys, test_log_buckets
from tests.policypack.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding, Rule
    from cloudtrail_guard_policies.engine.values import Value
    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

Path = tuple[str | int, ...]
"""Where a value is: the index of its resource in the stack, then names and indexes."""

DOCUMENTS = ("policy", "content")
_TOO_LONG = ("urn:pulumi:dev::shop::aws:organizations/policy:Policy::audit", "content")


def _stack(messages_: Iterable[AnalyzerResource]) -> list[Resource]:
    given = list(messages_)
    inputs = {each.urn: {"__defaults": [], **from_struct(each.properties)} for each in given}
    return [messages.stack_resource(each, inputs) for each in given]


def _as_objects(resources: Sequence[Resource]) -> list[Resource]:
    """Return a stack whose policy documents are objects, so that parts of them can be unknown."""

    def parsed(name: str, value: Value) -> Value:
        if name in DOCUMENTS and isinstance(value, str):
            try:
                return cast("Value", json.loads(value))
            except ValueError:
                return value
        return value

    return [
        replace(each, properties={name: parsed(name, one) for name, one in each.properties.items()})
        for each in resources
    ]


def _paths(value: Value, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of all values within a value, the outer ones too."""
    members: Iterable[tuple[str | int, Value]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        if key != "__defaults" and member is not UNKNOWN:
            yield (*path, key)
            yield from _paths(member, (*path, key))


def _with_unknown(value: Value, path: Path) -> Value:
    if not path:
        return UNKNOWN
    key, rest = path[0], path[1:]
    if isinstance(value, dict):
        name = cast("str", key)
        return {**value, name: _with_unknown(value[name], rest)} if name in value else value
    if isinstance(value, list):
        return [_with_unknown(one, rest) if at == key else one for at, one in enumerate(value)]
    return value


def _previews(resources: Sequence[Resource]) -> Iterator[list[Resource]]:
    """Yield the stack with values unknown: each, each pair of them, and all."""
    paths = [
        (index, *path)
        for index, resource in enumerate(resources)
        for path in _paths(dict(resource.properties))
    ]
    outer = [path for path in paths if len(path) == 2]
    for chosen in [
        *((each,) for each in paths),
        *combinations(outer, 2),
        *((one, other) for one, other in combinations(paths, 2) if len(paths) <= 24),
        tuple(outer),
    ]:
        yield _preview(resources, chosen)


def _preview(resources: Sequence[Resource], unknown: Iterable[Path]) -> list[Resource]:
    changed = list(resources)
    for index, *path in unknown:
        at = cast("int", index)
        properties = cast(
            "dict[str, Value]", _with_unknown(dict(changed[at].properties), tuple(path))
        )
        lost = {
            value
            for value in (resources[at].properties.get(str(path[0])),)
            if isinstance(value, str)
        }
        changed[at] = replace(
            changed[at],
            properties=properties,
            identifiers=changed[at].identifiers - lost,
            identified=changed[at].identified and not lost & changed[at].identifiers,
        )
    return changed


def _found(rule: Rule, resources: Sequence[Resource]) -> set[tuple[str, str]]:
    """Return URN and property of what a rule finds to be violated."""
    settings = read_configuration(RULES, {})
    evaluator = Evaluator([rule], settings, dt.date(2030, 1, 1))
    findings: list[Finding] = []
    if isinstance(rule, ResourceRule):
        for each in resources:
            if evaluator.rules_for(each.type):
                findings += rule.check(each, settings[rule.id])
    elif isinstance(rule, StackRule):
        seen = [each for each in resources if each.type in evaluator.stack_types]
        findings += rule.check(Stack(seen), settings[rule.id])
    return {(each.resource.urn, each.path) for each in findings if isinstance(each, Violation)}


def _samples(rule: Rule) -> Iterator[list[Resource]]:
    for table in tables_of(rule):
        for case in table.cases:
            yield _stack(table.resources(case.properties))
    for shared in (test_log_buckets, test_keys):
        for stack in (*shared.JOINED.values(), *shared.OTHERS.values()):
            yield _stack(stack)
    # One value carries the names of two buckets.
    for target in ("logs-1", "access-1", "elsewhere"):
        yield _stack(test_log_buckets.two_names("logs-1", "logs-1", target))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_finding_of_a_preview_is_one_of_the_update(rule: Rule) -> None:
    taken_back: dict[str, set[tuple[str, str]]] = {}
    for sample in _samples(rule):
        for resources in (sample, _as_objects(sample)):
            final = _found(rule, resources)
            for preview in _previews(resources):
                early = _found(rule, preview) - final
                if early:
                    taken_back[str([dict(each.properties) for each in preview])] = early

    assert not taken_back


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_document_says_the_same_as_text_and_as_an_object(rule: Rule) -> None:
    for sample in _samples(rule):
        # Only text has a length.
        as_text = {each for each in _found(rule, sample) if each != _TOO_LONG}
        assert _found(rule, _as_objects(sample)) - {_TOO_LONG} == as_text
