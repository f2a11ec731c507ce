"""Policy documents of IAM's language, as rules read them.

The grammar and its freedoms (a string for a list of one, case of actions and condition keys):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, cast

from cloudtrail_guard_policies.engine.values import UNKNOWN, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.values import Unknown, Value

CLOUDTRAIL: Final = "cloudtrail.amazonaws.com"

_CALLER_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
"""Keys by which a statement for everybody names its callers after all
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html,
"The meaning of public"; for KMS, ``kms:CallerAccount``)."""

_POSITIVE: Final = frozenset(
    {"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "ipaddress"}
)
_ANY_VALUE: Final = frozenset({"*", "0.0.0.0/0", "::/0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a statement.

    Attributes:
        operator: In lower case, such as ``stringequals``.
        key: In lower case, such as ``aws:sourcearn``.
        values: The values to compare with; `UNKNOWN` where they are not known.
    """

    operator: str
    key: str
    values: tuple[Value, ...]

    @property
    def names_values(self) -> bool:
        """Whether only the values given pass, and they are not simply everything."""
        # ForAllValues holds for a request without the key, so it names no caller.
        operator = self.operator.removeprefix("foranyvalue:")
        return operator in _POSITIVE and not any(each in _ANY_VALUE for each in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of a policy document.

    Attributes:
        path: Its path in the resource's properties, such as ``policy.Statement[0]``.
        effect: ``Allow`` or ``Deny``.
        principals: For each kind (``AWS``, ``Service``), the principals; ``*`` is one of ``AWS``.
        actions: Patterns of the actions that it is about, in lower case.
        not_actions: Patterns of the actions that it is not about, in lower case.
        resources: Patterns of the resources.
        conditions: All must hold.
    """

    path: str
    effect: Value
    principals: dict[str, tuple[Value, ...]]
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...]
    resources: tuple[Value, ...]
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

    @property
    def names_callers(self) -> bool:
        """Whether a condition leaves only certain callers."""
        return any(each.key in _CALLER_KEYS and each.names_values for each in self.conditions)

    def is_for_service(self, service: str) -> bool:
        """Return whether a service is among its principals."""
        return service in self.principals.get("Service", ())

    def covers(self, action: str) -> bool:
        """Return whether it is about an action, such as ``s3:PutObject``."""
        if self.not_actions:
            return not _matches(self.not_actions, action.lower())
        return _matches(self.actions, action.lower())

    def conditions_on(self, key: str) -> list[Condition]:
        """Return its conditions on a key, which is given in lower case."""
        return [each for each in self.conditions if each.key == key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy document of a resource.

    Attributes:
        resource: The resource that has it.
        path: The property that holds it.
        statements: Its statements; None while they are not known.
    """

    resource: Resource
    path: str
    statements: tuple[Statement, ...] | None


def document(resource: Resource, path: str) -> Document | None:
    """Return the policy document that a property holds, as JSON text or as an object.

    Text that is no JSON object is a document without statements: the provider refuses it.

    Args:
        resource: The resource.
        path: The name of the property.

    Returns:
        The document; None where the property is not set.
    """
    value = resource.properties.get(path)
    if value is None:
        return None
    return Document(resource=resource, path=path, statements=statements(value, path))


def statements(value: Value, path: str) -> tuple[Statement, ...] | None:
    """Return the statements of a document; None while they are not known.

    Args:
        value: JSON text, or an object.
        path: Where the document stands, for messages.
    """
    parsed = parse(value)
    if parsed is None:
        return ()
    listed = UNKNOWN if parsed is UNKNOWN else parsed.get("Statement")
    if listed is UNKNOWN or UNKNOWN in items(listed):
        return None
    return tuple(
        _statement(each, f"{path}.Statement[{index}]")
        for index, each in enumerate(items(listed))
        if isinstance(each, dict)
    )


def parse(value: Value) -> dict[str, Value] | Unknown | None:
    """Return a document as an object, None if it is no JSON object, or `UNKNOWN`."""
    if isinstance(value, str):
        try:
            value = cast("Value", json.loads(value))
        except ValueError:
            return None
    return value if isinstance(value, dict) or value is UNKNOWN else None


def _statement(given: dict[str, Value], path: str) -> Statement:
    return Statement(
        path=path,
        effect=given.get("Effect"),
        principals=_principals(given.get("Principal")),
        actions=_lower(given.get("Action")),
        not_actions=_lower(given.get("NotAction")),
        resources=tuple(items(given.get("Resource"))),
        conditions=tuple(_conditions(given.get("Condition"))),
    )


def _principals(given: Value) -> dict[str, tuple[Value, ...]]:
    if isinstance(given, dict):
        return {kind: tuple(items(each)) for kind, each in given.items()}
    return {} if given is None else {"AWS": (given,)}


def _lower(given: Value) -> tuple[Value, ...]:
    return tuple(each.lower() if isinstance(each, str) else each for each in items(given))


def _conditions(given: Value) -> Iterator[Condition]:
    for operator, keys in (given if isinstance(given, dict) else {}).items():
        for key, values in (keys if isinstance(keys, dict) else {}).items():
            yield Condition(operator=operator.lower(), key=key.lower(), values=tuple(items(values)))


def _matches(patterns: tuple[Value, ...], name: str) -> bool:
    return any(isinstance(each, str) and fnmatchcase(name, each) for each in patterns)
