"""A value that a row refuses, where it stands."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sandbox.plugin.property_path import Path, parse_path

NOT_ARN = "is an invalid ARN: arn: invalid prefix or not enough sections"
NOT_ACCOUNT = 'doesn\'t look like AWS Account ID (exactly 12 digits): "1234"'

Sound = Mapping[str, dict[str, Any]]
"""The least that each type takes, by its token."""


@dataclass(frozen=True)
class Case:
    """A value that is refused, in inputs that are sound without it."""

    token: str
    place: str
    bad: Any
    reason: str
    also: Mapping[str, Any] | None = None
    """Other inputs that must be there, by their place."""

    def inputs(self, sound: Sound, value: Any) -> dict[str, Any]:
        inputs = deepcopy(sound[self.token])
        for place, other in (self.also or {}).items():
            _put(inputs, parse_path(place), deepcopy(other))
        _put(inputs, parse_path(self.place), value)
        return inputs


def _put(container: Any, path: Path, value: Any) -> None:
    first, *rest = path
    if isinstance(first, int) and first == len(container):
        container.append({})
    if not rest:
        container[first] = value
        return
    if not isinstance(first, int):
        container.setdefault(first, [] if isinstance(rest[0], int) else {})
    _put(container[first], tuple(rest), value)
