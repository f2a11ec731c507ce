"""Programs as data: what a program says of each part of a trail, its bucket and its key.

A shape names one choice for each part, and the parts whose values are known only once something
else is made. Every shape is a program that AWS accepts, but for a few combinations that it refuses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from tests.oracle.choices import BESIDE, CHOICES, RESOURCES
from tests.oracle.pairs import DIFFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

RANDOM: Final = 100
"""How many random programs are run."""

SOUND: Final = {part: next(iter(choices)) for part, choices in CHOICES.items()}
"""The first choice of each part, which neither the pack nor Prowler minds."""


@dataclass(frozen=True)
class Shape:
    """A program.

    Attributes:
        chosen: for each part, the name of the choice.
        later: the parts whose values a preview does not know.
    """

    chosen: Mapping[str, str] = field(default_factory=lambda: SOUND)
    later: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """What is not as in the sound program."""
        other = {part: one for part, one in self.chosen.items() if one != SOUND[part]}
        return json.dumps(other | ({"later": sorted(self.later)} if self.later else {}))


def sound_but_for(where: Mapping[str, str], later: Iterable[str] = ()) -> Shape:
    """The sound program with other choices, and what must be beside them."""
    return _accepted({**SOUND, **where}, frozenset(later))


def _accepted(chosen: dict[str, str], later: frozenset[str]) -> Shape:
    """A program, with another choice in the place of each that AWS would refuse."""
    for part, others in BESIDE.items():
        for other, (refused, instead) in others.items():
            if chosen[part] != SOUND[part] and chosen[other] in refused:
                chosen[other] = instead
    return Shape(chosen, later)


def each_choice() -> Iterator[Shape]:
    """For each choice, the program that makes it alone; a preview does not know what it says."""
    yield Shape()
    for part, choices in CHOICES.items():
        for choice, arguments in choices.items():
            if arguments or choice != SOUND[part]:
                yield sound_but_for({part: choice}, {part} if arguments else ())


def each_difference() -> Iterator[Shape]:
    """For each known difference that several parts make, the program that they make it in."""
    for each in DIFFERENCES:
        if len(each.where) > 1:
            yield sound_but_for({part: choices[0] for part, choices in each.where.items()})


def shapes() -> st.SearchStrategy[Shape]:
    """Any program."""
    return st.builds(
        _accepted,
        st.fixed_dictionaries({part: _choice(part) for part in CHOICES}),
        st.frozensets(st.sampled_from(sorted(CHOICES)), max_size=3),
    )


def _choice(part: str) -> st.SearchStrategy[str]:
    """The sound one more often than the others, so that most programs get through."""
    return st.one_of(st.just(SOUND[part]), st.sampled_from(list(CHOICES[part])))


def resources(shape: Shape, number: int, account: str, foreign: str) -> dict[str, Any]:
    """The resources of a program, by their names, in an order in which they can be made.

    Args:
        shape: the program.
        number: its number, which is in the names that are global.
        account: the account that it is for.
        foreign: another account.
    """
    names = {"{bucket}": f"oracle-{number}-logs", "{account}": account, "{foreign}": foreign}
    said: dict[str, dict[str, Any]] = {name: {} for name in ("logs", "key")}
    if shape.later:
        said["later"] = {}
    if shape.chosen["trail"] == "here":
        said["trail"] = {}
    for part, choice in shape.chosen.items():
        for name, arguments in CHOICES[part][choice].items():
            if name == "trail" and "trail" not in said:
                continue
            given = _later(arguments) if part in shape.later else arguments
            said[name] = _merged(said.get(name, {}), given)
    for name, holder in (("policy", "logs"), ("key-policy", "key")):
        document = said[name].pop("statements")
        policy = {"$json": {"Version": "2012-10-17", "Statement": document}}
        separate = shape.chosen[f"{name.replace('-', ' ')} in"] == "a resource of its own"
        if not separate:
            del said[name]
        said.setdefault(name if separate else holder, {})["policy"] = policy
    text = json.dumps(
        {
            name: {
                "type": kind,
                "arguments": {**arguments, **said[name]},
                "after": list(after),
            }
            for name, (kind, arguments, after) in RESOURCES.items()
            if name in said
        }
    )
    for placeholder, value in names.items():
        text = text.replace(placeholder, value)
    return json.loads(text)


def _later(given: Any) -> Any:
    """The same, where each single value is not known before something else is made."""
    if isinstance(given, dict):
        return given if "$of" in given else {key: _later(each) for key, each in given.items()}
    return [_later(each) for each in given] if isinstance(given, list) else {"$later": given}


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both; statements of policies come one after the other."""
    both = {**one, **other}
    if "statements" in one and "statements" in other:
        both["statements"] = [*one["statements"], *other["statements"]]
    return both
