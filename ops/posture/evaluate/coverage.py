"""The hours that digests are there for, and the gaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integrity.coverage import HOUR, LATE

from posture.evaluate.checks import (
    attention,
    bad,
    counted,
    evidence,
    good,
    listed,
    make,
    off,
    unanswered,
    unknown,
)
from posture.report import Coverage, CoveredPlace, Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posture.collect.answers import Facts, Place
    from posture.evaluate.checks import (
        Verdict,
    )
    from posture.report import Check

COVERED, GAP, NOT_DUE = "#", ".", "-"


def make_coverage(facts: Facts) -> Coverage:
    """The hours of every account and region, by letters."""
    return Coverage(
        start=facts.start,
        hours=facts.hours,
        places=[_place(facts, place) for place in facts.places],
    )


def _place(facts: Facts, place: Place) -> CoveredPlace:
    """A gap is an hour without a digest that is due, and after the trail or the first digest."""
    if place.error:
        hours = "?" * facts.hours
        return CoveredPlace(
            account=place.account,
            region=place.region,
            state=State.UNKNOWN,
            hours=hours,
            error=place.error,
        )
    started = _started(facts)
    due = min(facts.start + facts.hours * HOUR, facts.started - LATE)
    first = (place.hours & -place.hours).bit_length() - 1 if place.hours else facts.hours
    letters: list[str] = []
    for n in range(facts.hours):
        begins = facts.start + n * HOUR
        if place.hours >> n & 1:
            letters.append(COVERED)
        elif begins + HOUR > due:
            letters.append(NOT_DUE)
        elif n > first or started is None or begins >= started:
            letters.append(GAP)
        else:
            letters.append(NOT_DUE)
    text = "".join(letters)
    state = State.BAD if GAP in text else State.GOOD if COVERED in text else State.OFF
    return CoveredPlace(account=place.account, region=place.region, state=state, hours=text)


def _started(facts: Facts) -> datetime | None:
    """Since when the trail is logging; None where it was stopped: then no hour is excused.

    The first digest is of the hour in which it began, and may be of a part of it.
    """
    status = facts.value("trail.status", {})
    text = status.get("StartLoggingTime")
    if not text or status.get("StopLoggingTime"):
        return None
    return datetime.fromisoformat(text) + HOUR - timedelta(seconds=1)


def coverage_checks(facts: Facts, coverage: Coverage) -> Iterator[Check]:
    """Whether every hour that is due has a digest, in every account and region."""
    trail = facts["trail"].value
    if trail is None or not trail.get("LogFileValidationEnabled"):
        return
    places = coverage.places
    regions = facts["places"]
    yield make(
        "coverage.digests",
        "Every hour has a digest file, in every account and region",
        _digests(places),
        [
            Evidence(
                call="s3:ListObjectsV2",
                of=trail["S3BucketName"],
                at=facts.started,
                saw=f"{len(places)} folders of digests were listed",
            )
        ],
    )
    if facts["organization"].value is not None:
        verdict = unanswered(regions) or good("The enabled regions of every account are known.")
        if regions.error:
            verdict = unknown(
                "Digests are expected in the regions that every account has and in those that the "
                f"bucket knows; AWS did not say which others are enabled: {regions.error}"
            )
        yield make(
            "coverage.regions",
            "Where digests must be is known",
            verdict,
            [evidence(regions)],
        )


def _digests(places: list[CoveredPlace]) -> Verdict:
    by_state: dict[State, list[CoveredPlace]] = {}
    for place in places:
        by_state.setdefault(place.state, []).append(place)
    if gaps := by_state.get(State.BAD):
        hours = sum(each.hours.count(GAP) for each in gaps)
        where = listed((f"{each.account} {each.region}" for each in gaps), 4)
        return bad(f"{counted(hours, 'hour')} without a digest, in {where}.")
    if unread := by_state.get(State.UNKNOWN):
        return unknown(
            f"The digests of {counted(len(unread), 'account and region')[:-1]}"
            f"s could not be listed: {unread[0].error}"
        )
    if by_state.get(State.GOOD):
        return good("Every hour that is due has a digest.")
    if places:
        return attention("No digest is due yet.")
    return off("There are no accounts and regions to look at.")
