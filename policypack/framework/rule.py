"""What a rule is made of, and what it finds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_policy import EnforcementLevel as Level
    from pulumi_policy import Severity

    from framework.parameters import Parameter
    from framework.resources import Resource, Stack
    from framework.settings import Settings
    from framework.standards import Standard


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A resource breaks a rule.

    Attributes:
        resource: The resource.
        path: The property, such as ``kmsKeyId`` or ``eventSelectors[0].readWriteType``.
        problem: What is wrong, after "property PATH"; never quotes a value, which may be secret.
        mend: What to do, as an instruction that names the property and the value to set.
    """

    resource: Resource
    path: str
    problem: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecidable:
    """A rule cannot judge a resource yet, because it needs a value that is not known yet.

    Attributes:
        resource: The resource.
        path: The property whose value is not known.
    """

    resource: Resource
    path: str


Finding = Violation | Undecidable
"""What a rule yields."""

ResourceCheck: TypeAlias = "Callable[[Resource, Settings], Iterable[Finding]]"
"""Yields what is found in a resource of one of the rule's types."""

StackCheck: TypeAlias = "Callable[[Stack, Settings], Iterable[Finding]]"
"""Yields what is found in a stack; it holds the resources of the types that enabled rules read."""


Fix: TypeAlias = "bool | str | dict[str, str]"
"""A value that a rule sets to mend a resource."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule says about itself.

    Attributes:
        id: Stable id, such as ``cloudtrail-multi-region``.
        title: What holds when the rule is met, as a sentence.
        severity: How bad a violation is.
        level: The enforcement level unless configured otherwise.
        types: Type tokens of the resources that it judges.
        controls: For each standard, the ids of the controls that the rule serves; empty where no
            published mapping has one.
        link: The page of the service's documentation that explains the setting.
        rationale: Why the rule exists.
        mend: How to meet it.
        good: A program that meets it.
        bad: A program that breaks it.
        parameters: Its own settings.
        fixes: For resource types that can be mended by setting top-level properties, what to set at
            the enforcement level ``remediate``; empty where there is no single right answer.
    """

    id: str
    title: str
    severity: Severity
    level: Level
    types: frozenset[str]
    controls: Mapping[Standard, tuple[str, ...]]
    link: str
    rationale: str
    mend: str
    good: str
    bad: str
    parameters: tuple[Parameter[object], ...] = ()
    fixes: Mapping[str, Mapping[str, Fix]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRule(Rule):
    """A rule that judges one resource by its inputs, before the resource is made or changed.

    Attributes:
        check: The judgement.
    """

    check: ResourceCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRule(Rule):
    """A rule that judges resources together by their outputs, after all of them were handled.

    Attributes:
        check: The judgement.
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
