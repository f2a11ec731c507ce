"""How a rule is configured: its level, its parameters and its exemptions.

The engine hands over what stands in the file of ``--policy-pack-config``. It checks that against
the JSON Schema of each rule, but accepts an unknown rule or property; here it is an error,
with the nearest known name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cloudtrail_guard_policies.engine.levels import EnforcementLevel as Level
    from cloudtrail_guard_policies.engine.parameters import Parameter, Schema
    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.values import Value

T = TypeVar("T")


class ConfigurationError(Exception):
    """The configuration of the pack is wrong; the message lists everything that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Resources that a rule lets pass for a while.

    Attributes:
        resource: Glob (``*``, ``?``, ``[...]``) over the resource's name, or over its URN when it
            contains ``::``.
        reason: Why; shown wherever the exemption is used.
        expires: The last day on which it holds, in UTC.
    """

    resource: str
    reason: str
    expires: dt.date

    def covers(self, name: str, urn: str) -> bool:
        """Return whether the glob matches a resource of this name and URN."""
        subject = urn if "::" in self.resource else name
        return subject == self.resource or fnmatchcase(subject, self.resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """What is configured for one rule; ``settings[PARAMETER]`` is a parameter's typed value."""

    level: Level
    exemptions: tuple[Exemption, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    def __getitem__(self, parameter: Parameter[T]) -> T:
        """Return the configured value of a parameter, or its default."""
        return cast("T", self.values.get(parameter.name, parameter.default))

    def exemptions_of(self, resource: Resource) -> list[Exemption]:
        """Return the exemptions that match a resource, expired ones too."""
        return [each for each in self.exemptions if each.covers(resource.name, resource.urn)]


EXEMPTIONS = "exemptions"
"""The key that every rule has beside its parameters."""

EXEMPTIONS_SCHEMA: Schema = {
    "type": "array",
    "description": "Resources that the rule lets pass, each with a reason and an end.",
    "items": {
        "type": "object",
        "required": ["resource", "reason", "expires"],
        "properties": {
            "resource": {
                "type": "string",
                "minLength": 1,
                "description": "Glob over the resource's name, or over its URN if it contains ::",
            },
            "reason": {"type": "string", "minLength": 1},
            "expires": {
                "type": "string",
                "format": "date",
                "description": "Last day on which it holds, as YYYY-MM-DD, in UTC",
            },
        },
    },
}


def schema(parameters: Sequence[Parameter[object]]) -> dict[str, Schema]:
    """Return the JSON Schema of each property that a rule's configuration may have."""
    return {**{each.name: each.schema for each in parameters}, EXEMPTIONS: EXEMPTIONS_SCHEMA}


def read_settings(
    rule: str,
    parameters: Sequence[Parameter[object]],
    level: Level,
    properties: Mapping[str, Value],
) -> RuleSettings:
    """Read the configuration of one rule.

    Args:
        rule: The rule's id, for messages.
        parameters: The rule's parameters.
        level: The enforcement level that the engine settled on.
        properties: The other properties, keyed by camelCase names.

    Returns:
        The settings.

    Raises:
        ConfigurationError: A property is unknown or wrong; the message lists all that are.
    """
    problems: list[str] = []
    values: dict[str, object] = {}
    exemptions: list[Exemption] = []
    known = {each.name: each for each in parameters}
    for key, value in properties.items():
        if key in known:
            try:
                values[key] = known[key].read(value)
            except ValueError as error:
                problems.append(f"{rule}: {key} is {value!r}, but must be {error}")
        elif key != EXEMPTIONS:
            problems.append(f"{rule}: {unknown_name('property', key, [*known, EXEMPTIONS])}")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                exemption, wrong = _read_exemption(item)
                exemptions += [exemption] if exemption else []
                problems += [f"{rule}: {EXEMPTIONS}[{index}]: {each}" for each in wrong]
        else:
            problems.append(f"{rule}: {EXEMPTIONS} is {value!r}, but must be a list")
    if problems:
        raise ConfigurationError("\n".join(problems))
    return RuleSettings(level=level, exemptions=tuple(exemptions), values=values)


def unknown_name(kind: str, name: str, known: Collection[str]) -> str:
    """Return the message about an unknown name, with the nearest known one."""
    nearest = get_close_matches(name, known, n=1)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known are: {', '.join(sorted(known))}"
    return f"unknown {kind} {name!r}; {hint}"


def _read_exemption(item: Value) -> tuple[Exemption | None, list[str]]:
    """Return the exemption, or None and what is wrong with it."""
    if not isinstance(item, dict):
        return None, [f"{item!r} must be an object with keys resource, reason and expires"]
    fields = ("resource", "reason", "expires")
    problems = [unknown_name("property", key, fields) for key in item if key not in fields]
    texts: dict[str, str] = {}
    for key in fields:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            texts[key] = value
        else:
            problems.append(f"{key} is missing; give {_EXEMPTION_HELP[key]}")
    expires = _read_date(texts["expires"]) if "expires" in texts else None
    if "expires" in texts and expires is None:
        problems.append(
            f"expires is {texts['expires']!r}, but must be {_EXEMPTION_HELP['expires']}"
        )
    if problems or expires is None:
        return None, problems
    return Exemption(resource=texts["resource"], reason=texts["reason"], expires=expires), []


def _read_date(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None


_EXEMPTION_HELP = {
    "resource": "a glob over the resource's name, or over its URN",
    "reason": "the reason why the resource may pass",
    "expires": "the last day on which the exemption holds, as YYYY-MM-DD",
}
