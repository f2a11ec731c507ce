"""When two JSON documents mean the same.

`equivalent_policies` compares as HashiCorp's awspolicyequivalence v1.7.0 does
(`aws_policy_equivalence.go`), which the real provider uses to tell a change of an IAM policy from
AWS's own rearrangement of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
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
        return first == second or _meaning(first) == _meaning(second)
    except (json.JSONDecodeError, TypeError, AttributeError):  # no policy at all
        return False


def _document(text: str) -> Mapping[str, Any]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1].strip()  # an assume-role policy may be a list of one document
    document = json.loads(text or "{}")
    if not isinstance(document, Mapping):
        raise TypeError("a policy document is an object")
    return document


def _meaning(document: Mapping[str, Any]) -> tuple[object, ...]:
    """What counts in a document, in one form."""
    found: Any = document.get("Statement") or []
    statements = [found] if isinstance(found, Mapping) else found
    version, id_ = (document.get(key) or "" for key in ("Version", "Id"))
    return version, id_, _unordered(map(_statement, statements))


def _statement(statement: Mapping[str, Any]) -> str:
    conditions: Mapping[str, Mapping[str, Any]] | None = statement.get("Condition")
    return json.dumps(
        {
            "Sid": statement.get("Sid") or "",
            "Effect": (statement.get("Effect") or "").casefold(),
            **{key: sorted(_texts(statement.get(key)) or ()) for key in _LISTS},
            **{key: _principals(statement.get(key)) for key in ("Principal", "NotPrincipal")},
            "Condition": conditions
            and {
                operator: {key: _values(value) for key, value in tests.items()}
                for operator, tests in conditions.items()
            },
        },
        sort_keys=True,
    )


def _unordered(items: Iterable[str]) -> list[object]:
    """Items whose order means nothing: how many there are, and which."""
    listed = [*items]
    return [len(listed), *sorted({*listed})]


def _texts(value: Any) -> list[str] | None:  # noqa: ANN401 - JSON of any shape
    """A value or list of values as texts, or None if there is something else in it."""
    values: list[Any] = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str | bool | int | float) for item in values):
        return None
    return [item if isinstance(item, str) else json.dumps(item) for item in values]


def _values(value: Any) -> list[object]:  # noqa: ANN401 - JSON of any shape
    texts = _texts(value)
    if texts is None:
        raise TypeError("a condition's values are texts, numbers or booleans")
    return _unordered(texts)


def _principals(element: Any) -> object:  # noqa: ANN401 - JSON of any shape
    """Who is named: "*" is everybody, {"AWS": "*"} every AWS principal."""
    if isinstance(element, str):
        return _account(element)
    named: Mapping[str, Any] = element if isinstance(element, Mapping) else {}
    return {
        kind: _unordered(map(_account, texts))
        for kind, value in named.items()
        if (texts := _texts(value))
    }


def _account(principal: str) -> str:
    """An account's id for its id or its root ARN, and every other principal as it is."""
    match = _ROOT_ARN.fullmatch(principal)
    return match[1] if match else principal
