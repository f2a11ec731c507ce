"""Policy documents of IAM's language, as rules read them.

The grammar and its freedoms (one statement as an object, one string for a list of one, numbers and
booleans without quotation marks):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
The names of actions and of condition keys are not case-sensitive:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from cloudtrail_guard_policies.engine.values import UNKNOWN, items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.values import Unknown, Value

CLOUDTRAIL: Final = "cloudtrail.amazonaws.com"
IF_EXISTS: Final = "ifexists"
FOR_ALL_VALUES: Final = "forallvalues"
_POSITIVE: Final = frozenset(
    {"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "ipaddress"}
)
_PATTERNS: Final = frozenset({"stringlike", "stringnotlike", "arnequals", "arnlike"}) | {
    "arnnotequals",
    "arnnotlike",
}
"""The operators whose values may have wildcards; ArnEquals and ArnLike behave identically."""

_VARIABLE: Final = re.compile(r"\$\{(?![*?$]\})[^}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a statement.

    Attributes:
        operator: In lower case and without its set operator and suffix, such as ``stringequals``.
        key: In lower case, such as ``aws:sourcearn``.
        values: The texts to compare with; `UNKNOWN` where they are not known.
        quantifier: The set operator in lower case, such as ``foranyvalue``; empty without one.
        if_exists: Whether a request without the key passes.
    """

    operator: str
    key: str
    values: tuple[str | Unknown, ...]
    quantifier: str = ""
    if_exists: bool = False

    @property
    def positive(self) -> bool:
        """Whether it lets the given values pass, rather than all others."""
        return self.operator in _POSITIVE

    @property
    def negative(self) -> bool:
        """Whether it lets all values but the given ones pass."""
        return "not" in self.operator

    @property
    def patterns(self) -> bool:
        """Whether wildcards in its values have a meaning."""
        return self.operator in _PATTERNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of a policy document.

    Attributes:
        path: Its path in the resource's properties, such as ``policy.Statement[0]``.
        effect: ``Allow`` or ``Deny``.
        principals: For each kind (``AWS``, ``Service``), the principals; ``*`` is one of ``AWS``.
        not_principals: The principals that it is not about, in the same form.
        actions: Patterns of the actions that it is about, in lower case.
        not_actions: Patterns of the actions that it is not about, in lower case.
        resources: Patterns of the resources.
        not_resources: Patterns of the resources that it is not about.
        conditions: All must hold.
    """

    path: str
    effect: Value
    principals: Mapping[str, tuple[Value, ...]]
    not_principals: Mapping[str, tuple[Value, ...]]
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    not_resources: tuple[Value, ...]
    conditions: tuple[Condition, ...]

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return self.effect == "Allow"

    @property
    def denies(self) -> bool:
        """Whether it is a Deny."""
        return self.effect == "Deny"

    @property
    def everybody(self) -> bool:
        """Whether its principal is ``*``."""
        return "*" in self.principals.get("AWS", ())

    def is_for_service(self, service: str) -> bool:
        """Return whether a service is among its principals."""
        return service in self.principals.get("Service", ())

    def covers(self, action: str) -> bool:
        """Return whether it is about an action, such as ``s3:PutObject``."""
        if self.not_actions:
            return not _any_matches(self.not_actions, action.lower())
        return _any_matches(self.actions, action.lower())

    def conditions_on(self, key: str) -> list[Condition]:
        """Return its conditions on a key, which is given in lower case."""
        return [each for each in self.conditions if each.key == key]

    def requirements(self) -> list[Condition]:
        """Return the conditions by which only requests with one of the given values pass.

        With ``IfExists`` or ``ForAllValues`` a request without the key passes too, unless a
        condition ``Null`` demands the key.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
        """
        demanded = {
            each.key
            for each in self.conditions
            if each.operator == "null" and each.values == ("false",)
        }
        return [
            each
            for each in self.conditions
            if each.positive
            and (not (each.if_exists or each.quantifier == FOR_ALL_VALUES) or each.key in demanded)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy document of a resource.

    Attributes:
        resource: The resource that has it.
        path: The property that holds it.
        statements: Its statements, as far as they are known.
        complete: Whether all of it is known.
    """

    resource: Resource
    path: str
    statements: tuple[Statement, ...]
    complete: bool = True


def document(resource: Resource, path: str) -> Document | None:
    """Return the policy document that a property holds, as JSON text or as an object.

    Text that is no JSON object is a document without statements: the provider rejects it.

    Args:
        resource: The resource.
        path: The name of the property.

    Returns:
        The document; None where the property is not set.
    """
    value = resource.properties.get(path)
    if value is None:
        return None
    parsed = parse(value)
    listed = parsed.get("Statement") if isinstance(parsed, dict) else parsed
    return Document(
        resource=resource,
        path=path,
        statements=tuple(
            _statement(each, f"{path}.Statement[{index}]")
            for index, each in enumerate(items(listed))
            # A statement of which a part is not known yet may turn out to say anything.
            if isinstance(each, dict) and not _is_unknown(each)
        ),
        complete=not _is_unknown(listed),
    )


def parse(value: Value) -> dict[str, Value] | Unknown | None:
    """Return a document as an object, None if it is no JSON object, or `UNKNOWN`."""
    if isinstance(value, str):
        try:
            value = cast("Value", json.loads(value))
        except ValueError:
            return None
    return value if isinstance(value, dict) or value is UNKNOWN else None


def matches(pattern: str, text: str) -> bool:
    """Return whether an IAM pattern matches a whole text.

    ``*`` stands for any characters, slashes and colons among them, and ``?`` for one.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    return _compiled(pattern).fullmatch(text) is not None


def has_variable(value: str) -> bool:
    """Return whether a value holds a policy variable, such as ``${aws:username}``.

    ``${*}``, ``${?}`` and ``${$}`` stand for the characters themselves.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    return _VARIABLE.search(value) is not None


def without_variables(pattern: str) -> str:
    """Return a pattern that matches whatever its policy variables may stand for."""
    return _VARIABLE.sub("*", pattern)


def _is_unknown(value: Value) -> bool:
    """Return whether any part of a value is not known."""
    if isinstance(value, dict):
        return any(_is_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(_is_unknown(each) for each in value)
    return value is UNKNOWN


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    wildcards = {"*": ".*", "?": "."}
    parts = re.split(r"([*?])", pattern)
    return re.compile("".join(wildcards.get(each) or re.escape(each) for each in parts), re.DOTALL)


def _statement(given: dict[str, Value], path: str) -> Statement:
    return Statement(
        path=path,
        effect=given.get("Effect"),
        principals=_principals(given.get("Principal")),
        not_principals=_principals(given.get("NotPrincipal")),
        actions=_lower(given.get("Action")),
        not_actions=_lower(given.get("NotAction")),
        resources=tuple(items(given.get("Resource"))),
        not_resources=tuple(items(given.get("NotResource"))),
        conditions=tuple(_conditions(given.get("Condition"))),
    )


def _principals(given: Value) -> dict[str, tuple[Value, ...]]:
    if isinstance(given, dict):
        return {kind: tuple(items(each)) for kind, each in given.items()}
    return {} if given is None else {"AWS": tuple(items(given))}


def _lower(given: Value) -> tuple[Value, ...]:
    return tuple(each.lower() if isinstance(each, str) else each for each in items(given))


def _conditions(given: Value) -> Iterator[Condition]:
    for operator, keys in (given if isinstance(given, dict) else {}).items():
        quantifier, _, name = operator.lower().rpartition(":")
        for key, values in (keys if isinstance(keys, dict) else {}).items():
            yield Condition(
                operator=name.removesuffix(IF_EXISTS),
                key=key.lower(),
                values=tuple(_text(each) for each in items(values)),
                quantifier=quantifier,
                if_exists=name.endswith(IF_EXISTS),
            )


def _text(value: Value) -> str | Unknown:
    """Return a condition's value as AWS compares it: a boolean or number as its text."""
    if value is UNKNOWN or isinstance(value, str):
        return value
    return json.dumps(value)


def _any_matches(patterns: tuple[Value, ...], name: str) -> bool:
    return any(isinstance(each, str) and matches(each, name) for each in patterns)
