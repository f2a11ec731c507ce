"""Whether digests cover every hour, as pure values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from integrity.coverage import HOUR, Digest, Period, uncovered
from integrity.findings import Kind

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + 4 * HOUR
LATER = END + 24 * HOUR
PERIOD = Period(start=START, end=END, now=LATER)


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
        ((0, 1), ["2 digest files: nothing valid follows digest-1"]),
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
    findings = uncovered(chain(*hours), PERIOD)

    assert [finding.detail for finding in findings] == missing
    assert {finding.kind for finding in findings} <= {Kind.DIGESTS_MISSING}


@pytest.mark.parametrize(
    ("after", "found"), [(timedelta(minutes=119), 0), (timedelta(minutes=121), 1)]
)
def test_the_newest_digest_may_be_two_hours_late(after: timedelta, found: int) -> None:
    now = END + after

    assert len(uncovered(chain(0, 1, 2, 3), Period(start=START, end=now, now=now))) == found


def test_a_digest_of_another_chain_in_the_right_hour_does_not_follow() -> None:
    first, second, third, fourth = chain(0, 1, 2, 3)
    swapped = replace(second, signature="somebody's")

    (finding,) = uncovered([first, swapped, third, fourth], PERIOD)

    assert (finding.kind, finding.subject) == (Kind.CHAIN_BROKEN, "digest-2")


def test_a_missing_digest_that_lies_there_and_is_invalid_proves_nothing() -> None:
    first, _, third, fourth = chain(0, 1, 2, 3)

    (finding,) = uncovered([first, third, fourth], PERIOD, invalid=["digest-1"])

    assert finding.detail == "1 digest file: digest-2 follows digest-1, which is not valid"


def test_a_digest_that_could_not_be_read_stands_for_its_hour_and_not_for_its_neighbors() -> None:
    first, second, third, fourth = chain(0, 1, 2, 3)
    unreadable = replace(second, signature="", previous_key=None, readable=False)

    assert uncovered([first, unreadable, third, fourth], PERIOD) == []
    assert len(uncovered([unreadable, third, fourth], PERIOD)) == 1


def test_a_digest_that_follows_one_in_another_bucket_says_which() -> None:
    second, *later = chain(1, 2, 3)

    (finding,) = uncovered([replace(second, previous_bucket="old-logs"), *later], PERIOD)

    assert "in bucket old-logs: verify that one with --bucket as well" in finding.detail


@pytest.mark.parametrize(
    ("log", "kind"), [(None, Kind.CHAIN_RESTARTED), ("log-2", Kind.DIGESTS_MISSING)]
)
def test_a_restart_in_whose_gap_logs_were_delivered_is_none(log: str | None, kind: Kind) -> None:
    first, _, _, fourth = chain(0, 1, 2, 3)
    restarted = replace(fourth, previous_key=None, previous_signature=None)

    (finding,) = uncovered([first, restarted], PERIOD, log_between=lambda _since, _until: log)

    assert finding.kind is kind
    assert log is None or f"but {log} was delivered before" in finding.detail
