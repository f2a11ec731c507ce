"""Whether an event pattern of EventBridge matches an event: a pure function of both.

moto does not look into lists of objects, such as the ``resources`` of a record of KMS. A slow test
holds this to the matcher that AWS publishes, and to its ways with lists: the members that a pattern
names are looked up in the order of their paths, each in the objects where the ones before it were
found; absent is what none of these objects has. Objects and empty lists are no values. Source:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from itertools import chain, product
from operator import eq, ge, gt, itemgetter, le, lt
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Pattern = Mapping[str, Any]
_Path = tuple[str, ...]
_Rule = Sequence[tuple[_Path, Sequence[Any]]]
_Place = Mapping[str, int]

_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lt,
    "<=": le,
    "=": eq,
    ">=": ge,
    ">": gt,
}


def matches(pattern: Pattern, event: Pattern) -> bool:
    """Whether an event has what a pattern asks for.

    Args:
        pattern: the pattern.
        event: the event. Of a list of objects one must have all that the pattern asks for.

    Raises:
        ValueError: the pattern has a comparison that is not known.
    """
    return any(_holds(sorted(rule, key=itemgetter(0)), event, {}) for rule in _rules(pattern))


def _rules(pattern: Pattern, at: _Path = ()) -> Iterable[_Rule]:
    """The rules that a pattern stands for: one without ``$or``, of which one must hold."""
    parts = [
        [rule for each in wanted for rule in _rules(each, at)]
        if name == "$or"
        else list(_rules(wanted, (*at, name)))
        if isinstance(wanted, Mapping)
        else [[((*at, name), wanted)]]
        for name, wanted in pattern.items()
    ]
    return (list(chain.from_iterable(chosen)) for chosen in product(*parts))


def _holds(rule: _Rule, event: Pattern, place: _Place) -> bool:
    if not rule:
        return True
    (path, wanted), *rest = rule
    found = list(_values(event, path, "", place))
    if not found:
        return {"exists": False} in wanted and _holds(rest, event, place)
    return any(
        any(_one(each, value) for each in wanted) and _holds(rest, event, there)
        for value, there in found
    )


def _values(
    value: object, path: _Path, here: str, place: _Place
) -> Iterable[tuple[object, _Place]]:
    """What is at a path: each value, and the index that was chosen in each list on the way.

    Args:
        value: where the path begins.
        path: the names of the members.
        here: where that is in the event.
        place: the indexes that are chosen already, by where the list is.
    """
    if isinstance(value, list):
        for index, each in enumerate(cast("list[Any]", value)):
            if place.get(here, index) == index:
                yield from _values(each, path, f"{here}[{index}]", {**place, here: index})
    elif isinstance(value, Mapping):
        if path and path[0] in value:
            name, *rest = path
            member = cast("Pattern", value)[name]
            yield from _values(member, tuple(rest), f"{here}.{name}", place)
    elif not path:
        yield value, place


def _one(wanted: object, value: object) -> bool:
    if not isinstance(wanted, Mapping):
        return _equal(wanted, value)
    ((comparison, than),) = cast("Pattern", wanted).items()
    return _compared(comparison, than, value)


def _equal(wanted: object, value: object) -> bool:
    return type(wanted) is type(value) and wanted == value


def _compared(comparison: str, than: Any, value: Any) -> bool:  # noqa: ANN401, PLR0911 - a table
    text = value if isinstance(value, str) else None
    match comparison:
        case "exists":
            return bool(than)
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
