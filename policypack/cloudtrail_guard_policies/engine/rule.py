"""What a rule is made of, and what it finds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cloudtrail_guard_policies.engine.levels import EnforcementLevel as Level
    from cloudtrail_guard_policies.engine.levels import Severity
    from cloudtrail_guard_policies.engine.parameters import Parameter
    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.standards import Standard
    from cloudtrail_guard_policies.engine.values import PropertyValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A resource breaks a rule.

    Attributes:
        resource: The resource.
        path: The property, such as ``kmsKeyId`` or ``eventSelectors[0].readWriteType``.
        problem: What is wrong, after "property PATH"; never quotes a value, which may be secret.
        remediation: What to do, as an instruction that names the property and the value to set.
    """

    resource: Resource
    path: str
    problem: str
    remediation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecidable:
    """A rule cannot evaluate a resource yet, because it needs a value that is not known yet.

    Attributes:
        resource: The resource.
        path: The property whose value is not known.
    """

    resource: Resource
    path: str


Finding = Violation | Undecidable
"""What a rule yields."""

ResourceCheck: TypeAlias = "Callable[[Resource, RuleSettings], Iterable[Finding]]"
"""Yields what is found in a resource of one of the rule's types."""

StackCheck: TypeAlias = "Callable[[Stack, RuleSettings], Iterable[Finding]]"
"""Yields what is found in a stack; it holds the resources of the types that enabled rules read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule says about itself.

    Attributes:
        id: Stable id, such as ``cloudtrail-multi-region``.
        title: What holds when the rule is met, as a sentence.
        severity: How bad a violation is.
        level: The enforcement level unless configured otherwise.
        types: Type tokens of the resources that it evaluates.
        controls: For each standard, the ids of the controls that the rule serves; empty where no
            published mapping has one.
        link: The page of the service's documentation that explains the setting.
        rationale: Why the rule exists.
        remediation: How to meet it.
        parameters: Its own settings.
        corrections: For resource types that top-level properties can correct, what to set at the
            enforcement level ``remediate``; empty where there is no single right answer.
    """

    id: str
    title: str
    severity: Severity
    level: Level
    types: frozenset[str]
    controls: Mapping[Standard, tuple[str, ...]]
    link: str
    rationale: str
    remediation: str
    parameters: tuple[Parameter[object], ...] = ()
    corrections: Mapping[str, Mapping[str, PropertyValue]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRule(Rule):
    """A rule that evaluates one resource by its inputs, before the resource is made or changed.

    Attributes:
        check: Yields what is found.
    """

    check: ResourceCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRule(Rule):
    """A rule that evaluates the resources of a stack together, after all of them were handled.

    Attributes:
        check: Yields what is found.
        joins: Type tokens of the resources that it reads besides, to know what belongs together.
    """

    check: StackCheck
    joins: frozenset[str] = frozenset()


def python_name(path: str) -> str:
    """Return a property's path as a Python program writes it.

    Names that begin with a capital letter are keys of a document, and stay as they are.

    Args:
        path: camelCase names, such as ``advancedEventSelectors[0].fieldSelectors``.

    Returns:
        snake_case names, such as ``advanced_event_selectors[0].field_selectors``.
    """
    return ".".join(
        name if name[:1].isupper() else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        for name in path.split(".")
    )
