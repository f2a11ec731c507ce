"""Running rules over resources, and saying what was found.

Pure: nothing here knows of the engine's protocol. A rule sees only resources of its own types, and
what it finds becomes diagnostics, each with the rule's id and the level at which it counts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel as Level
from cloudtrail_guard_policies.engine.resources import Stack
from cloudtrail_guard_policies.engine.rule import (
    ResourceRule,
    StackRule,
    Undecidable,
    Violation,
    python_name,
)
from cloudtrail_guard_policies.engine.settings import (
    ConfigurationError,
    RuleSettings,
    read_settings,
    unknown_name,
)
from cloudtrail_guard_policies.engine.values import UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding, Rule
    from cloudtrail_guard_policies.engine.values import PropertyValue, Value


class RuleError(Exception):
    """A rule failed during evaluation: a bug of the rule, never a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One message to the user.

    Attributes:
        rule: The rule that it is from.
        level: Advisory or mandatory.
        urn: The resource; empty when it is about the stack.
        message: What to show.
    """

    rule: Rule
    level: Level
    urn: str
    message: str


def read_configuration(
    rules: Sequence[Rule], configuration: Mapping[str, tuple[Level, Mapping[str, Value]]]
) -> dict[str, RuleSettings]:
    """Read the configuration of a pack.

    Args:
        rules: The pack's rules.
        configuration: For each rule id, its level and its other properties. The engine leaves the
            key ``all`` in, whose level it has already given to every rule.

    Returns:
        The settings of every rule, by id; a rule that is not configured has its own level.

    Raises:
        ConfigurationError: A rule or property is unknown or wrong; the message lists all that are.
    """
    settings = {rule.id: RuleSettings(level=rule.level) for rule in rules}
    by_id = {rule.id: rule for rule in rules}
    problems: list[str] = []
    for name, (level, properties) in sorted(configuration.items()):
        if name in by_id:
            try:
                settings[name] = read_settings(name, by_id[name].parameters, level, properties)
            except ConfigurationError as error:
                problems.append(str(error))
        elif name != "all":
            problems.append(unknown_name("rule", name, by_id))
        elif properties:
            keys = ", ".join(sorted(properties))
            problems.append(f"all: takes an enforcement level only, but has {keys}")
    if problems:
        raise ConfigurationError("\n".join(problems))
    return settings


class Evaluator:
    """The enabled rules with their settings."""

    def __init__(
        self, rules: Sequence[Rule], settings: Mapping[str, RuleSettings], today: dt.date
    ) -> None:
        """Pick the rules that are enabled.

        Args:
            rules: All rules.
            settings: RuleSettings of every rule, by id.
            today: The day in UTC, for the expiry of exemptions.
        """
        self._settings = settings
        self._today = today
        self._enabled = [rule for rule in rules if settings[rule.id].level is not Level.DISABLED]
        self.resource_rules = [rule for rule in self._enabled if isinstance(rule, ResourceRule)]
        self.stack_rules = [rule for rule in self._enabled if isinstance(rule, StackRule)]
        self.stack_types = frozenset[str]().union(
            *(rule.types | rule.joins for rule in self.stack_rules)
        )
        self.types = self.stack_types.union(*(rule.types for rule in self.resource_rules))
        self._by_type: defaultdict[str, list[ResourceRule]] = defaultdict(list)
        for rule in self.resource_rules:
            for resource_type in rule.types:
                self._by_type[resource_type].append(rule)

    def rules_for(self, resource_type: str) -> Sequence[ResourceRule]:
        """Return the enabled resource rules for a type."""
        return self._by_type.get(resource_type, ())

    def remediating_rules(self, resource_type: str) -> list[Rule]:
        """Return the rules for a type that are configured to correct what they find.

        A stack rule is among them only where it has a correction for the type: a resource is
        corrected before it is made, when the rest of the stack is not known yet.
        """
        rules = [
            *self.rules_for(resource_type),
            *(rule for rule in self.stack_rules if resource_type in rule.corrections),
        ]
        return [rule for rule in rules if self._settings[rule.id].level is Level.REMEDIATE]

    def evaluate_resource(self, resource: Resource) -> Iterator[Diagnostic]:
        """Yield what the resource rules find in a resource."""
        for rule in self.rules_for(resource.type):
            yield from self._diagnostics(rule, self._found_in_resource(rule, resource))

    def evaluate_stack(self, resources: Iterable[Resource]) -> Iterator[Diagnostic]:
        """Yield what the stack rules find.

        Args:
            resources: The stack's resources of the types `stack_types`.
        """
        stack = Stack(resources)
        for rule in self.stack_rules:
            check = partial(rule.check, stack, self._settings[rule.id])
            yield from self._diagnostics(rule, _findings(rule, check, "the stack"))

    def unused_exemptions(self, resources: Iterable[tuple[str, str, str]]) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each exemption that matches no resource of the stack.

        Args:
            resources: Type, name and URN of every resource of the stack.
        """
        exempting = [rule for rule in self._enabled if self._settings[rule.id].exemptions]
        if not exempting:
            return
        present = list(resources)
        for rule in exempting:
            subjects = [(name, urn) for kind, name, urn in present if kind in rule.types]
            for exemption in self._settings[rule.id].exemptions:
                if not any(exemption.covers(name, urn) for name, urn in subjects):
                    message = (
                        f"the exemption for {exemption.resource!r} matches no resource"
                        f" of this stack that the rule evaluates.\n"
                        f"Fix: correct its 'resource', or remove it from the configuration."
                    )
                    yield Diagnostic(rule=rule, level=Level.ADVISORY, urn="", message=message)

    def correction(self, rule: Rule, resource: Resource) -> Mapping[str, PropertyValue]:
        """Return what a rule sets in a resource: empty where there is nothing to correct.

        A resource rule corrects a violation that no exemption lets pass. A stack rule corrects what
        is known to differ from its correction.
        """
        wanted = rule.corrections.get(resource.type, {})
        exemptions = self._settings[rule.id].exemptions_of(resource)
        if any(each.expires >= self._today for each in exemptions):
            return {}
        if isinstance(rule, ResourceRule):
            found = self._found_in_resource(rule, resource)
            return wanted if any(isinstance(each, Violation) for each in found) else {}
        given = {name: resource.properties.get(name) for name in wanted}
        return {
            name: value for name, value in wanted.items() if given[name] not in (value, UNKNOWN)
        }

    def _found_in_resource(self, rule: ResourceRule, resource: Resource) -> list[Finding]:
        check = partial(rule.check, resource, self._settings[rule.id])
        return _findings(rule, check, resource.urn)

    def _diagnostics(self, rule: Rule, findings: Sequence[Finding]) -> Iterator[Diagnostic]:
        for finding in findings:
            level, message = self._assess(rule, finding)
            yield Diagnostic(
                rule=rule,
                level=level,
                urn=finding.resource.urn,
                message=message,
            )

    def _assess(self, rule: Rule, finding: Finding) -> tuple[Level, str]:
        """Return the level at which a finding counts, and its message."""
        subject = f"{finding.resource.type} {finding.resource.name!r}, property {finding.path}"
        if isinstance(finding, Undecidable):
            return Level.ADVISORY, (
                f"{subject} is not known yet, so the rule cannot decide.\n"
                f"It decides during the update, when the value is known."
            )
        python = python_name(finding.path)
        spelling = "" if python == finding.path else f" (in Python: {python})"
        text = f"{subject} {finding.problem}.\nFix: {finding.remediation}{spelling}."
        settings = self._settings[rule.id]
        exemptions = sorted(settings.exemptions_of(finding.resource), key=lambda each: each.expires)
        if not exemptions:
            return _enforced(settings.level), text
        last = exemptions[-1]
        if last.expires >= self._today:
            return Level.ADVISORY, f"exempted until {last.expires}, because: {last.reason}\n{text}"
        return _enforced(settings.level), (
            f"{text}\nIts exemption expired on {last.expires}; the reason was: {last.reason}"
        )


def _findings(rule: Rule, check: Callable[[], Iterable[Finding]], subject: str) -> list[Finding]:
    """Return what a check finds, each thing once; an error of the check names rule and subject."""
    try:
        return list(dict.fromkeys(check()))
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"
        raise RuleError(f"rule {rule.id} failed on {subject}: {cause}") from error


def _enforced(level: Level) -> Level:
    """Return the level of a violation: what a remediation has left over is mandatory."""
    return Level.MANDATORY if level is Level.REMEDIATE else level
