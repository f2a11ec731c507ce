"""What one policy says about one request: how it allows it, and whether it denies it.

A pure function of a document and a request, for every kind of policy. ``sandbox.aws.enforcement``
puts the policies of a call together; where AWS tries a single resource's policy out (CloudTrail's
delivery to a bucket, a service that assumes a role), it is asked directly.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sandbox.aws.condition_keys import is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Context: TypeAlias = "Mapping[str, str | Sequence[str]]"
"""Condition keys (``aws:SourceArn``) and their values; all text."""

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
_ESCAPES = frozenset("*?$")
# Characters of Unicode's private use stand for a * or ? that is a character like any other.
_HIDE = str.maketrans({"*": "\ue000", "?": "\ue001"})
_QUANTIFIERS = frozenset({"", "ForAnyValue", "ForAllValues"})


class Effect(Enum):
    """What a policy says about a request."""

    ALLOW = "Allow"
    DENY = "Deny"
    NONE = "says nothing"


class Grant(IntEnum):
    """How closely the statements that allow a request name its principal.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-resource.html
    """

    NONE = 0
    """No statement allows."""
    ACCOUNT = 1
    """The principal's account: it is left to identity policies."""
    ROLE = 2
    """The session's role: permissions boundary and session policy still bind."""
    DIRECT = 3
    """The principal itself, or all principals; or the policy names no principals."""


@dataclass(frozen=True)
class Evaluation:
    """What a policy says about a request, in full."""

    denied: bool
    granted: Grant


class NotEvaluatedError(Exception):
    """A policy that counts uses something that is not evaluated here."""


class UnknownOperatorError(NotEvaluatedError):
    """A condition uses an operator that is not evaluated here."""


class UnknownKeyError(NotEvaluatedError):
    """A condition or policy variable uses a key that is not evaluated here."""


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

    @cached_property
    def keys(self) -> Context:
        """The context by keys in lower case, as case does not count in them."""
        return {key.lower(): value for key, value in self.context.items()}


def decide(policy: Mapping[str, Any], request: Request) -> Effect:
    """What a policy document says about a request; a deny outweighs every allow.

    Raises:
        NotEvaluatedError: see ``evaluate``.
    """
    evaluation = evaluate(policy, request)
    if evaluation.denied:
        return Effect.DENY
    return Effect.ALLOW if evaluation.granted else Effect.NONE


def evaluate(policy: Mapping[str, Any], request: Request) -> Evaluation:
    """Whether a policy document denies a request, and how it allows it.

    Raises:
        NotEvaluatedError: a statement that could apply has an operator or a key not known here.
    """
    denied, granted = False, Grant.NONE
    for statement in statements(policy):
        denies = statement["Effect"] == Effect.DENY.value
        if (denies and denied) or (not denies and granted is Grant.DIRECT):
            continue
        grant = _naming(statement, request.principal)
        if grant is Grant.NONE or not _applies(statement, request):
            continue
        if denies:
            denied = True
        else:
            granted = max(granted, grant)
    return Evaluation(denied, granted)


@lru_cache(maxsize=1024)
def load(text: str) -> Mapping[str, Any]:
    """The document in a text, parsed once; an empty text is a document that says nothing."""
    return json.loads(text or "{}")


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
    return pattern == "*" or _expression(pattern).fullmatch(text) is not None


@lru_cache(maxsize=8192)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _naming(statement: Mapping[str, Any], principal: Principal) -> Grant:
    """How a statement names a principal; one without the element is for all who have the policy."""
    if "Principal" in statement:
        return max((_match(k, v, principal) for k, v in principals(statement)), default=Grant.NONE)
    if "NotPrincipal" in statement:
        named = any(_match(kind, value, principal) for kind, value in principals(statement))
        return Grant.NONE if named else Grant.DIRECT
    return Grant.DIRECT


def _match(kind: str, value: str, principal: Principal) -> Grant:
    if value == "*" or (kind == "Service" and value == principal.service):
        return Grant.DIRECT
    if kind != "AWS" or not principal.account_id:
        return Grant.NONE
    if value == principal.account_id or value.endswith(f"::{principal.account_id}:root"):
        return Grant.ACCOUNT
    if value not in principal.arns:
        return Grant.NONE
    return Grant.DIRECT if value == principal.arns[-1] else Grant.ROLE


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        _covers(statement, "Action", request.action.lower(), request, fold=True)
        and _covers(statement, "Resource", request.resource, request)
        and _conditions_hold(statement.get("Condition", {}), request)
    )


def _conditions_hold(conditions: Mapping[str, Mapping[str, object]], request: Request) -> bool:
    """Whether all hold; every one is looked at, so that none is passed over that is not known."""
    holds = [
        _condition_holds(operator, key, values(wanted), request)
        for operator, tests in conditions.items()
        for key, wanted in tests.items()
    ]
    return all(holds)


def _covers(
    statement: Mapping[str, Any], element: str, text: str, request: Request, *, fold: bool = False
) -> bool:
    """Whether Action or Resource (or its Not form) covers a text; absent means everything."""
    negated = f"Not{element}" in statement
    patterns = statement.get(f"Not{element}" if negated else element)
    if patterns is None:
        return True
    covered = any(
        _fits(like, pattern.lower() if fold else pattern, text, request)
        for pattern in values(patterns)
    )
    return covered is not negated


def _fits(test: Callable[[str, str], bool], pattern: str, text: str, request: Request) -> bool:
    """Whether a text fits a pattern, which may have policy variables.

    A variable stands for its text, in which ``*`` is a character like any other. A variable that
    the request has no value for fits nothing.
    """
    if "${" not in pattern:
        return test(pattern, text)
    filled: list[str] = []
    end = 0
    for variable in _VARIABLE.finditer(pattern):
        value = variable[1] if variable[1] in _ESCAPES else _variable(variable[1], request)
        if value is None:
            return False
        filled += [pattern[end : variable.start()], value.translate(_HIDE)]
        end = variable.end()
    return test("".join([*filled, pattern[end:]]), text.translate(_HIDE))


def _variable(name: str, request: Request) -> str | None:
    """The value of a policy variable, if the request has one."""
    if "," in name:
        raise UnknownKeyError(
            f"the policy variable ${{{name}}} has a default value, which is not evaluated here"
        )
    value = _value(name, request)
    return value if isinstance(value, str) else None


def _value(key: str, request: Request) -> str | Sequence[str] | None:
    """The value of a condition key, if the request has one.

    Raises:
        UnknownKeyError: it is not known here whether a request has the key.
    """
    found = request.keys.get(key.lower())
    if found is None and not is_known(key):
        raise UnknownKeyError(
            f"condition key {key!r} is not evaluated in the sandbox; "
            "sandbox/aws/condition_keys.py lists those that are"
        )
    return found


def _condition_holds(operator: str, key: str, wanted: list[str], request: Request) -> bool:
    """One condition key under one operator.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    and, for keys with several values,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    found = _value(key, request)
    if operator == "Null":
        return (found is None) is (wanted == ["true"])
    quantifier, _, name = operator.rpartition(":")
    if quantifier not in _QUANTIFIERS:
        raise _unknown(operator)
    name, optional = name.removesuffix("IfExists"), name.endswith("IfExists")
    test, negated = _test(name)
    if found is None:
        if quantifier:
            return optional or quantifier == "ForAllValues"
        return optional or negated
    have = [found] if isinstance(found, str) else list(found)
    results = [
        any(_fits(test, pattern, text, request) for pattern in wanted) is not negated
        for text in have
    ]
    # A negated test without a quantifier is about every value.
    of_all = quantifier == "ForAllValues" or (negated and not quantifier)
    return all(results) if of_all else any(results)


def _test(name: str) -> tuple[Callable[[str, str], bool], bool]:
    """The comparison behind an operator's name, and whether the operator negates it."""
    positive = name.replace("Not", "", 1)
    if positive not in _TESTS or name == "NotBool":
        raise _unknown(name)
    return _TESTS[positive], positive != name


def _unknown(operator: str) -> UnknownOperatorError:
    return UnknownOperatorError(
        f"condition operator {operator!r} is not evaluated in the sandbox; it knows "
        f"{', '.join(_TESTS)}, their Not forms (but of Bool), ...IfExists, ForAnyValue:, "
        "ForAllValues: and Null"
    )


def _arn_like(pattern: str, text: str) -> bool:
    """Compare ARNs part by part: a wildcard does not reach over a colon, but in the last part."""
    parts, found = pattern.split(":", 5), text.split(":", 5)
    return len(parts) == len(found) and all(map(like, parts, found))


def _same_folded(pattern: str, text: str) -> bool:
    return pattern.lower() == text.lower()


def _in_network(network: str, address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": _same_folded,
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _same_folded,
    "IpAddress": _in_network,
    "NumericEquals": lambda bound, number: float(number) == float(bound),
    "NumericLessThan": lambda bound, number: float(number) < float(bound),
    "NumericLessThanEquals": lambda bound, number: float(number) <= float(bound),
    "NumericGreaterThan": lambda bound, number: float(number) > float(bound),
    "NumericGreaterThanEquals": lambda bound, number: float(number) >= float(bound),
}
OPERATORS = frozenset(_TESTS)
"""The condition operators evaluated here, without prefixes, suffixes and negation."""
