"""The timeline of coverage: hours as bars, an account at a time."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from posture.evaluate.coverage import COVERED, GAP, NOT_DUE
from posture.report import State, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from posture.report import Coverage, CoveredPlace

KINDS = {COVERED: "covered", GAP: "gap", NOT_DUE: "not-due", "?": "unread"}


class Bar(NamedTuple):
    """Hours of one kind that follow each other: from which, how many, and of which kind."""

    start: int
    length: int
    kind: str


class Strip(NamedTuple):
    """The hours of one region, or of an account's regions together.

    Attributes:
        name: the region.
        state: its state.
        bars: its hours.
        says: the same in words.
    """

    name: str
    state: State
    bars: list[Bar]
    says: str


class AccountStrips(NamedTuple):
    """An account's coverage.

    Attributes:
        id: the account.
        name: its name.
        together: all its regions: an hour is a gap if it is one anywhere.
        regions: each region.
    """

    id: str
    name: str
    together: Strip
    regions: list[Strip]


def strips(coverage: Coverage, names: Mapping[str, str]) -> list[AccountStrips]:
    """The accounts, those with gaps first.

    Args:
        coverage: the hours.
        names: names of accounts by id.
    """
    found = [
        _account(coverage, account, names.get(account, ""), list(places))
        for account, places in groupby(coverage.places, key=lambda place: place.account)
    ]
    rank = {State.BAD: 0, State.UNKNOWN: 1}
    return sorted(found, key=lambda each: (rank.get(each.together.state, 2), each.name, each.id))


def _account(
    coverage: Coverage, account: str, name: str, places: Sequence[CoveredPlace]
) -> AccountStrips:
    together = "".join(
        next(letter for letter in ".?#-" if letter in column)
        for column in zip(*(place.hours for place in places), strict=True)
    )
    state = worst([place.state for place in places])
    return AccountStrips(
        id=account,
        name=name,
        together=_strip(coverage, "all regions", state, together),
        regions=[_strip(coverage, place.region, place.state, place.hours) for place in places],
    )


def _strip(coverage: Coverage, name: str, state: State, hours: str) -> Strip:
    bars: list[Bar] = []
    at = 0
    for letter, run in groupby(hours):
        length = len(list(run))
        bars.append(Bar(at, length, KINDS[letter]))
        at += length
    return Strip(name=name, state=state, bars=bars, says=", ".join(_words(coverage, bars)))


def _words(coverage: Coverage, bars: Sequence[Bar]) -> Iterator[str]:
    covered = sum(bar.length for bar in bars if bar.kind == "covered")
    yield f"{covered} hours with a digest"
    for bar in bars:
        if bar.kind in ("gap", "unread"):
            start = _hour(coverage, bar.start)
            what = "gap" if bar.kind == "gap" else "not readable"
            yield f"{what} from {start:%b %d %H:00} for {bar.length} hours"


def ticks(coverage: Coverage) -> list[tuple[int, str]]:
    """The hours that are marked, with their text: every sixth, or each day."""
    step = 6 if coverage.hours <= 48 else 24  # noqa: PLR2004 - two days
    return [
        (n, f"{at:%H:00}" if at.hour else f"{at:%b %d}")
        for n in range(coverage.hours)
        if (at := _hour(coverage, n)).hour % step == 0
    ]


def _hour(coverage: Coverage, number: int) -> datetime:
    return coverage.start + timedelta(hours=number)
