"""Whether digests cover every hour, as pure values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from integrity.findings import Kind
from integrity.hours import HOUR, Digest, uncovered

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + 4 * HOUR
LATER = END + 24 * HOUR


def chain(*hours: int) -> list[Digest]:
    """Digests of these hours, each following the hour before it."""
    return [
        Digest(
            key=f"digest-{hour}",
            start=START + hour * HOUR,
            end=START + (hour + 1) * HOUR,
            signature=f"signature-{hour}",
            previous_key=f"digest-{hour - 1}",
            previous_signature=f"signature-{hour - 1}",
        )
        for hour in hours
    ]


@pytest.mark.parametrize(
    ("hours", "missing"),
    [
        ((0, 1, 2, 3), []),
        ((3, 1, 0, 2), []),
        ((-1, 0, 1, 2, 3, 4), []),
        ((0, 2, 3), ["1 digest file: digest-2 follows digest-1, which is not there"]),
        ((0, 3), ["2 digest files: digest-3 follows digest-2, which is not there"]),
        ((1, 2, 3), ["1 digest file: digest-1 follows digest-0, which is not there"]),
        ((0, 1), ["2 digest files: nothing follows digest-1"]),
        ((), ["4 digest files: there is no digest at all"]),
        (
            (1, 3),
            [
                "1 digest file: digest-1 follows digest-0, which is not there",
                "1 digest file: digest-3 follows digest-2, which is not there",
            ],
        ),
    ],
)
def test_hours_without_a_digest_are_counted(hours: tuple[int, ...], missing: list[str]) -> None:
    findings = uncovered(chain(*hours), START, END, LATER)

    assert [finding.detail for finding in findings] == missing
    assert {finding.kind for finding in findings} <= {Kind.DIGESTS_MISSING}


@pytest.mark.parametrize(
    ("after", "found"), [(timedelta(minutes=119), 0), (timedelta(minutes=121), 1)]
)
def test_the_newest_digest_may_be_two_hours_late(after: timedelta, found: int) -> None:
    now = END + after

    assert len(uncovered(chain(0, 1, 2, 3), START, now, now)) == found


def test_a_digest_of_another_chain_in_the_right_hour_does_not_follow() -> None:
    first, second, third, fourth = chain(0, 1, 2, 3)
    swapped = replace(second, signature="somebody's")

    (finding,) = uncovered([first, swapped, third, fourth], START, END, LATER)

    assert (finding.kind, finding.what) == (Kind.CHAIN_BROKEN, "digest-2")


def test_an_invalid_digest_counts_for_its_hour_and_proves_nothing_about_its_neighbours() -> None:
    first, second, third, fourth = chain(0, 1, 2, 3)
    altered = replace(second, signature="", previous_key=None, valid=False)

    assert uncovered([first, altered, third, fourth], START, END, LATER) == []
