"""The conditions and patterns of a policy's statement, against what a request has.

``keys`` is everywhere the request's context, its condition keys in lower case: case does not count
in them.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from sandbox.aws.condition_keys import is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Context: TypeAlias = "Mapping[str, str | Sequence[str]]"
"""Condition keys (``aws:SourceArn``) and their values; all text."""

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
_ESCAPES = frozenset("*?$")
_QUOTED = re.compile(r"'([^']*)'")
# Characters of Unicode's private use stand for a * or ? that is a character like any other.
_HIDE = str.maketrans({"*": "\ue000", "?": "\ue001"})
_QUANTIFIERS = frozenset({"", "ForAnyValue", "ForAllValues"})


class NotEvaluatedError(Exception):
    """A policy that counts uses something that is not evaluated here."""


class UnknownOperatorError(NotEvaluatedError):
    """A condition uses an operator that is not evaluated here."""


class UnknownKeyError(NotEvaluatedError):
    """A condition or policy variable uses a key that is not evaluated here."""


def values(element: object) -> list[str]:
    """The values of an element that may be one text or a list; JSON's true is ``"true"``."""
    items = element if isinstance(element, list) else [element]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]


def like(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern in which ``*`` is any text and ``?`` any character."""
    return pattern == "*" or _expression(pattern).fullmatch(text) is not None


class Patterns:
    """Patterns of which a text must fit one; those without policy variables are one expression."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Read the patterns."""
        listed = list(patterns)
        plain = [each for each in listed if "${" not in each]
        self._variable = [each for each in listed if "${" in each]
        self._plain = _compile("|".join(map(_source, plain))) if plain else None

    def fit(self, text: str, keys: Context) -> bool:
        """Whether a text fits one of them.

        Raises:
            UnknownKeyError: none without variables fits, and one has a variable not known here.
        """
        if self._plain is not None and self._plain.fullmatch(text):
            return True
        return any(fits(like, pattern, text, keys) for pattern in self._variable)


@lru_cache(maxsize=8192)
def _expression(pattern: str) -> re.Pattern[str]:
    return _compile(_source(pattern))


def _source(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")


def _compile(source: str) -> re.Pattern[str]:
    return re.compile(source, re.DOTALL)


def conditions_hold(conditions: Mapping[str, Mapping[str, object]], keys: Context) -> bool:
    """Whether all conditions of a statement hold.

    Every one is looked at, so that none is passed over that is not known.

    Raises:
        NotEvaluatedError: one has an operator or key that is not evaluated here.
    """
    holds = [
        _condition_holds(operator, key, values(wanted), keys)
        for operator, tests in conditions.items()
        for key, wanted in tests.items()
    ]
    return all(holds)


def fits(test: Callable[[str, str], bool], pattern: str, text: str, keys: Context) -> bool:
    """Whether a text fits a pattern, which may have policy variables.

    A variable stands for its text, in which ``*`` is a character like any other. A variable that
    the request has no value for fits nothing.
    """
    if "${" not in pattern:
        return test(pattern, text)
    filled: list[str] = []
    end = 0
    for variable in _VARIABLE.finditer(pattern):
        value = variable[1] if variable[1] in _ESCAPES else _variable(variable[1], keys)
        if value is None:
            return False
        filled += [pattern[end : variable.start()], value.translate(_HIDE)]
        end = variable.end()
    return test("".join([*filled, pattern[end:]]), text.translate(_HIDE))


def _variable(name: str, keys: Context) -> str | None:
    """The value of a policy variable, or its default: ``${aws:username, 'none'}``.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specify-default-value
    """
    key, _, default = name.partition(",")
    value = _value(key, keys)
    if value is None and (quoted := _QUOTED.fullmatch(default.strip())):
        return quoted[1]
    return value if isinstance(value, str) else None


def _value(key: str, keys: Context) -> str | Sequence[str] | None:
    """The value of a condition key, if the request has one.

    Raises:
        UnknownKeyError: it is not known here whether a request has the key.
    """
    found = keys.get(key.lower())
    if found is None and not is_known(key):
        raise UnknownKeyError(
            f"condition key {key!r} is not evaluated in the sandbox; "
            "sandbox/aws/condition_keys.py lists those that are"
        )
    return found


def _condition_holds(operator: str, key: str, wanted: list[str], keys: Context) -> bool:
    """One condition key under one operator.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    and, for keys with several values,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    found = _value(key, keys)
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
        any(fits(test, pattern, text, keys) for pattern in wanted) is not negated for text in have
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
