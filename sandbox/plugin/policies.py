"""When two JSON documents mean the same.

`equivalent_policies` compares as HashiCorp's awspolicyequivalence v1.7.0 does
(`aws_policy_equivalence.go`), which the real provider uses to tell a change of an IAM policy from
AWS's own rearrangement of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Statement: TypeAlias = Mapping[str, Any]

_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_ACCOUNT_ID: Final = re.compile(r"\d{12}")
_ROOT_ARN: Final = re.compile(r"arn:[^:]*:iam::(\d{12}):root")


def equal_json(one: str, other: str) -> bool:
    """Whether two JSON texts are the same value: the order of keys and white space mean nothing."""
    try:
        return one == other or json.loads(one) == json.loads(other)
    except json.JSONDecodeError:
        return False


def compact_json(text: str) -> str:
    """A JSON text without white space and with sorted keys; text that is not JSON, as it is."""
    try:
        return json.dumps(json.loads(text), separators=(",", ":"), sort_keys=True)
    except json.JSONDecodeError:
        return text


def equivalent_policies(one: str, other: str) -> bool:
    """Whether two IAM policy documents are the same policy.

    Neither white space nor the order of keys, statements and list items counts, nor whether a
    single value or statement stands in a list, nor whether an account is named by its id or by its
    root ARN, nor whether a condition's boolean or number is quoted. Version, Id and Sid count.
    """
    try:
        first, second = _document(one), _document(other)
    except (json.JSONDecodeError, TypeError):
        return False
    if first == second:
        return True
    if any((first.get(key) or "") != (second.get(key) or "") for key in ("Version", "Id")):
        return False
    ours, theirs = _statements(first), _statements(second)
    if ours is None or theirs is None or len(ours) != len(theirs):
        return False
    return _covers(ours, theirs) and _covers(theirs, ours)


def _document(text: str) -> Mapping[str, Any]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1].strip()  # an assume-role policy may be a list of one document
    document = json.loads(text or "{}")
    if not isinstance(document, Mapping):
        raise TypeError("a policy document is an object")
    return document


def _statements(document: Mapping[str, Any]) -> list[Statement] | None:
    """The statements, or None if they are no statements."""
    statements: Any = document.get("Statement") or []
    listed: Any = [statements] if isinstance(statements, Mapping) else statements
    if isinstance(listed, list) and all(isinstance(item, Mapping) for item in listed):
        return listed
    return None


def _covers(ours: Iterable[Statement], theirs: Iterable[Statement]) -> bool:
    return all(any(_same_statement(our, their) for our in ours) for their in theirs)


def _same_statement(our: Statement, their: Statement) -> bool:
    return (
        (our.get("Sid") or "") == (their.get("Sid") or "")
        and (our.get("Effect") or "").casefold() == (their.get("Effect") or "").casefold()
        and all(_same_items(our.get(key), their.get(key)) for key in _LISTS)
        and _same_conditions(our.get("Condition"), their.get("Condition"))
        and all(
            _same_principals(our.get(key), their.get(key)) for key in ("Principal", "NotPrincipal")
        )
    )


def _texts(value: Any) -> list[str] | None:  # noqa: ANN401 - JSON of any shape
    """A value or list of values as texts, or None if there is something else in it."""
    values: list[Any] = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str | bool | int | float) for item in values):
        return None
    return [item if isinstance(item, str) else json.dumps(item) for item in values]


def _same_items(our: Any, their: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    return sorted(_texts(our) or []) == sorted(_texts(their) or [])


def _same_conditions(our: Any, their: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    if our is None or their is None:
        return our is their
    ours, theirs = _flatten(our), _flatten(their)
    return (
        len(our) == len(their)
        and ours.keys() == theirs.keys()
        and all(_same_values(ours[key], theirs[key]) for key in ours)
    )


def _flatten(condition: Mapping[str, Mapping[str, Any]]) -> Mapping[tuple[str, str], Any]:
    return {
        (operator, key): value
        for operator, tests in condition.items()
        for key, value in tests.items()
    }


def _same_values(our: Any, their: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    ours, theirs = _texts(our), _texts(their)
    if ours is None or theirs is None:
        return False
    return len(ours) == len(theirs) and set(ours) == set(theirs)


def _same_principals(our: Any, their: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    if isinstance(our, str) and isinstance(their, str):
        return _same_principal(our, their)
    if isinstance(our, str) or isinstance(their, str):
        return False  # "*" is everybody, {"AWS": "*"} every AWS principal
    ours, theirs = _by_type(our), _by_type(their)
    return ours.keys() == theirs.keys() and all(
        len(ours[key]) == len(theirs[key])
        and all(any(_same_principal(a, b) for b in theirs[key]) for a in ours[key])
        and all(any(_same_principal(a, b) for b in ours[key]) for a in theirs[key])
        for key in ours
    )


def _by_type(principal: Any) -> Mapping[str, list[str]]:  # noqa: ANN401 - JSON of any shape
    if not isinstance(principal, Mapping):
        return {}
    return {key: texts for key, value in principal.items() if (texts := _texts(value))}


def _same_principal(our: str, their: str) -> bool:
    return _account(our) == _account(their)


def _account(principal: str) -> str:
    """An account's id for its id or its root ARN, and every other principal as it is."""
    match = _ROOT_ARN.fullmatch(principal)
    return match[1] if match else principal
