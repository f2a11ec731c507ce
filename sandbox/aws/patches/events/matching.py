"""Whether an event pattern of EventBridge matches an event: a pure function of both.

moto does not look into lists of objects, such as the ``resources`` of a record of KMS. A slow test
holds this to the matcher that AWS publishes. Source:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Pattern = Mapping[str, Any]

_ABSENT: Final = object()
_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lt,
    "<=": le,
    "=": eq,
    ">=": ge,
    ">": gt,
}


def matches(pattern: Pattern, event: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether an event has what a pattern asks for.

    Args:
        pattern: the pattern.
        event: the event, or a part of it. Of a list of objects one must have all that the pattern
            asks for.

    Raises:
        ValueError: the pattern has a comparison that is not known.
    """
    if isinstance(event, list):
        return any(matches(pattern, each) for each in cast("list[Any]", event) or [{}])
    found: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
    return all(
        any(matches(each, found) for each in wanted)
        if name == "$or"
        else _member(wanted, found.get(name, _ABSENT))
        for name, wanted in pattern.items()
    )


def _member(wanted: Pattern | Sequence[Any], value: object) -> bool:
    if isinstance(wanted, Mapping):
        return matches(wanted, {} if value is _ABSENT else value)
    return any(_one(each, list(_leaves(value))) for each in wanted)


def _leaves(value: object) -> Iterable[Any]:
    """The values that a member has: it is absent, one value, or a list."""
    if value is _ABSENT:
        return ()
    return cast("list[Any]", value) if isinstance(value, list) else (value,)


def _one(wanted: object, values: Sequence[Any]) -> bool:
    if not isinstance(wanted, Mapping):
        return any(_equal(wanted, value) for value in values)
    ((comparison, than),) = cast("Pattern", wanted).items()
    if comparison == "exists":
        return bool(values) is than
    return any(_compared(comparison, than, value) for value in values)


def _equal(wanted: object, value: object) -> bool:
    return type(wanted) is type(value) and wanted == value


def _compared(comparison: str, than: Any, value: Any) -> bool:  # noqa: ANN401, PLR0911 - a table
    text = value if isinstance(value, str) else None
    match comparison:
        case "anything-but":
            return not _is_any_of(than, value)
        case "numeric":
            return isinstance(value, (int, float)) and all(
                _COMPARISONS[operator](value, number)
                for operator, number in zip(than[::2], than[1::2], strict=True)
            )
        case "prefix":
            return text is not None and _folded(str.startswith, than, text)
        case "suffix":
            return text is not None and _folded(str.endswith, than, text)
        case "equals-ignore-case":
            return text is not None and text.lower() == than.lower()
        case "wildcard":
            return text is not None and re.fullmatch(_wildcard(than), text) is not None
        case "cidr":
            return text is not None and _is_within(text, than)
        case _:
            raise ValueError(f"the comparison {comparison!r} of event patterns is not known")


def _is_any_of(than: Any, value: Any) -> bool:  # noqa: ANN401 - JSON
    if isinstance(than, Mapping):
        ((comparison, texts),) = cast("Pattern", than).items()
        return any(
            _compared(comparison, text, value)
            for text in (cast("list[Any]", texts) if isinstance(texts, list) else [texts])
        )
    return any(
        _equal(each, value)
        for each in (cast("list[Any]", than) if isinstance(than, list) else [than])
    )


def _folded(test: Callable[[str, str], bool], than: Any, text: str) -> bool:  # noqa: ANN401 - JSON
    if isinstance(than, Mapping):
        return test(text.lower(), str(than["equals-ignore-case"]).lower())
    return test(text, than)


def _wildcard(text: str) -> str:
    """A wildcard as a regular expression: ``*`` alone stands for others."""
    return ".*".join(re.escape(part) for part in text.split("*"))


def _is_within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network)
    except ValueError:
        return False
