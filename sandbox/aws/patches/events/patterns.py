"""Whether an event pattern is sound: what PutRule checks.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

_COMPARISONS: Final = (
    *("prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "exists"),
    *("numeric", "cidr"),
)
_ALTERNATIVES: Final = 2


class PatternError(ValueError):
    """A pattern that EventBridge rejects."""

    def __init__(self, reason: str) -> None:
        """Word the error as PutRule does."""
        super().__init__(f"Event pattern is not valid. Reason: {reason}")


def check(pattern: object) -> None:
    """Check a pattern, or a part of it.

    Raises:
        PatternError: it is not sound.
    """
    if not isinstance(pattern, Mapping) or not pattern:
        raise PatternError("Filter is not an object")
    for name, wanted in cast("Mapping[str, Any]", pattern).items():
        if name == "$or":
            _check_alternatives(wanted)
        elif isinstance(wanted, list):
            _check_values(name, cast("list[object]", wanted))
        elif isinstance(wanted, Mapping):
            check(cast("object", wanted))
        else:
            raise PatternError(f'"{name}" must be an object or an array')


def _check_alternatives(wanted: object) -> None:
    alternatives = cast("list[object]", wanted) if isinstance(wanted, list) else []
    if len(alternatives) < _ALTERNATIVES:
        raise PatternError("There must have at least 2 Objects in $or relationship")
    for each in alternatives:
        check(each)


def _check_values(name: str, wanted: list[object]) -> None:
    if not wanted:
        raise PatternError("Empty arrays are not allowed")
    for each in wanted:
        if isinstance(each, Mapping):
            comparisons = [*cast("Mapping[str, Any]", each)]
            if len(comparisons) != 1 or comparisons[0] not in _COMPARISONS:
                raise PatternError(f"Unrecognized match type {', '.join(comparisons)} of {name}")
