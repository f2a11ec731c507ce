"""What one resource's policy says about one request: allow, deny, or nothing.

A pure function of a document and a request. It is used where AWS itself tries a policy out: for
CloudTrail's delivery to bucket, key and topic, for calls from another account, for trust policies
and for the lock-out check of keys. It does not put the policies of a call together; identity
policies, SCPs and RCPs are not read here.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Context: TypeAlias = "Mapping[str, str | Sequence[str]]"
"""Condition keys (``aws:SourceArn``) and their values; all text."""


class Effect(Enum):
    """What a policy says about a request."""

    ALLOW = "Allow"
    DENY = "Deny"
    NONE = "says nothing"


class UnknownOperatorError(Exception):
    """A condition uses an operator that is not evaluated here."""


@dataclass(frozen=True)
class Principal:
    """Who asks.

    Attributes:
        account_id: the account, when it is no service.
        arns: the ARNs that name the principal: role and session, or user.
        service: the service principal, when it is one.
    """

    account_id: str = ""
    arns: tuple[str, ...] = ()
    service: str = ""


@dataclass(frozen=True)
class Request:
    """What is asked: one action on one resource."""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=dict[str, str])


def decide(policy: Mapping[str, Any], request: Request) -> Effect:
    """What a policy document says about a request; a deny outweighs every allow.

    Raises:
        UnknownOperatorError: a statement that could apply has an operator not known here.
    """
    effects = {
        statement["Effect"] for statement in statements(policy) if _applies(statement, request)
    }
    if Effect.DENY.value in effects:
        return Effect.DENY
    return Effect.ALLOW if Effect.ALLOW.value in effects else Effect.NONE


def statements(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a document, which may be a single one without a list."""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def values(element: object) -> list[str]:
    """The values of an element that may be one text or a list; JSON's true is ``"true"``."""
    items = element if isinstance(element, list) else [element]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def principals(statement: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Kind and value of each principal that a statement names; ``"*"`` is ``("AWS", "*")``."""
    element = statement.get("Principal", statement.get("NotPrincipal", {}))
    if isinstance(element, Mapping):
        return [(str(kind), value) for kind, found in element.items() for value in values(found)]
    return [("AWS", value) for value in values(element)]


def like(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern in which ``*`` is any text and ``?`` any character."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        _names_principal(statement, request.principal)
        and _covers(statement, "Action", request.action.lower(), request.context, fold=True)
        and _covers(statement, "Resource", request.resource, request.context)
        and _conditions_hold(statement.get("Condition", {}), request.context)
    )


def _names_principal(statement: Mapping[str, Any], principal: Principal) -> bool:
    named = any(_is_principal(kind, value, principal) for kind, value in principals(statement))
    return named is not ("NotPrincipal" in statement)


def _is_principal(kind: str, value: str, principal: Principal) -> bool:
    if value == "*":
        return True
    if kind == "Service":
        return value == principal.service
    if kind != "AWS" or not principal.account_id:
        return False
    account = value == principal.account_id or value.endswith(f"::{principal.account_id}:root")
    return account or value in principal.arns


def _covers(
    statement: Mapping[str, Any], element: str, text: str, context: Context, *, fold: bool = False
) -> bool:
    """Whether Action or Resource (or its Not form) covers a text; absent means everything."""
    negated = f"Not{element}" in statement
    patterns = statement.get(f"Not{element}" if negated else element)
    if patterns is None:
        return True
    filled = (_fill_in(pattern, context) for pattern in values(patterns))
    covered = any(like(pattern.lower() if fold else pattern, text) for pattern in filled)
    return covered is not negated


def _fill_in(pattern: str, context: Context) -> str:
    """Put policy variables such as ``${aws:PrincipalAccount}`` in."""

    def value(match: re.Match[str]) -> str:
        found = context.get(match[1], match[0])
        return found if isinstance(found, str) else match[0]

    return re.sub(r"\$\{([^}]+)\}", value, pattern)


def _conditions_hold(conditions: Mapping[str, Any], context: Context) -> bool:
    keys = {key.lower(): value for key, value in context.items()}
    return all(
        _condition_holds(operator, values(wanted), keys.get(key.lower()), context)
        for operator, tests in conditions.items()
        for key, wanted in tests.items()
    )


def _condition_holds(
    operator: str, wanted: list[str], found: str | Sequence[str] | None, context: Context
) -> bool:
    """One condition key under one operator.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    if operator == "Null":
        return (found is None) is (wanted == ["true"])
    quantifier, _, name = operator.rpartition(":")
    name, optional = name.removesuffix("IfExists"), name.endswith("IfExists")
    test, negated = _test(name)
    if found is None:
        return optional or negated or quantifier == "ForAllValues"
    patterns = [_fill_in(pattern, context) for pattern in wanted]
    have = [found] if isinstance(found, str) else list(found)
    results = [any(test(pattern, text) for pattern in patterns) is not negated for text in have]
    # A negated test of a key with one value and one of all values read the same.
    return all(results) if quantifier == "ForAllValues" or negated else any(results)


def _test(name: str) -> tuple[Callable[[str, str], bool], bool]:
    """The comparison behind an operator's name, and whether the operator negates it."""
    positive = name.replace("Not", "", 1) if "Not" in name else name
    try:
        return _TESTS[positive], positive != name
    except KeyError:
        allowed = ", ".join(_TESTS)
        raise UnknownOperatorError(
            f"condition operator {name!r} is not evaluated in the sandbox; it knows {allowed}, "
            "their Not forms, ...IfExists, ForAnyValue:, ForAllValues: and Null"
        ) from None


def _arn_like(pattern: str, text: str) -> bool:
    """Compare ARNs part by part: a wildcard does not reach over a colon, but in the last part."""
    parts, found = pattern.split(":", 5), text.split(":", 5)
    return len(parts) == len(found) and all(map(like, parts, found))


def _same_folded(pattern: str, text: str) -> bool:
    return pattern.lower() == text.lower()


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": _same_folded,
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _same_folded,
    "NumericEquals": lambda bound, number: float(number) == float(bound),
    "NumericLessThan": lambda bound, number: float(number) < float(bound),
    "NumericLessThanEquals": lambda bound, number: float(number) <= float(bound),
    "NumericGreaterThan": lambda bound, number: float(number) > float(bound),
    "NumericGreaterThanEquals": lambda bound, number: float(number) >= float(bound),
}
OPERATORS = frozenset(_TESTS)
"""The condition operators evaluated here, without prefixes, suffixes and negation."""
