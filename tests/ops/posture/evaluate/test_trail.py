"""What a trail and an event data store record, and hours without a digest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from posture.collect.answers import Place
from posture.evaluate.coverage import make_coverage
from posture.evaluate.trail import data_events, management_events
from posture.report import State

from tests.support.posture import LOGS, changed, good_facts, report
from tests.support.posture_changes import first


def test_an_event_data_store_that_is_gone_is_bad_where_the_stack_has_one() -> None:
    gone = changed("lake", lambda _: [])

    found = report(gone)

    assert {check.id: check.state for check in found.checks if check.subject == "lake"} == {
        "lake.stores": State.BAD
    }
    [drift] = [check for check in found.checks if check.id == "drift.eventDataStoreArn"]
    assert drift.state is State.BAD
    [without] = [check for check in report(gone, {}).checks if check.subject == "lake"]
    assert without.state is State.OFF


def test_a_store_of_other_events_is_no_line_of_the_report() -> None:
    other = {"Field": "eventCategory", "Equals": ["ConfigurationItem"]}
    facts = changed("lake", first(AdvancedEventSelectors=[{"FieldSelectors": [other]}]))

    found = report(facts, {})

    [check] = [check for check in found.checks if check.subject == "lake"]
    assert (check.id, check.state) == ("lake.stores", State.OFF)


def test_a_trail_that_is_gone_is_one_finding_beside_what_stays() -> None:
    found = report(changed("trail", lambda _: None))

    assert [check.id for check in found.checks if check.subject == "trail"] == ["trail.exists"]
    assert found.exit_code == 1


MANAGEMENT_EVENTS = [
    ({"Field": "eventCategory", "Equals": ["Management"]}, None, State.GOOD),
    (
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "readOnly", "Equals": ["false"]},
        State.BAD,
    ),
    (
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
        State.BAD,
    ),
    ({"Field": "eventCategory", "Equals": ["Data"]}, None, State.BAD),
]


@pytest.mark.parametrize(("category", "narrowed", "state"), MANAGEMENT_EVENTS)
def test_management_events_are_all_recorded_or_it_is_bad(
    category: dict[str, Any], narrowed: dict[str, Any] | None, state: State
) -> None:
    fields = [category, *([narrowed] if narrowed else [])]

    assert management_events({"AdvancedEventSelectors": [{"FieldSelectors": fields}]})[0] is state


@pytest.mark.parametrize(
    ("selector", "state"),
    [
        ({"IncludeManagementEvents": True, "ReadWriteType": "All"}, State.GOOD),
        ({"IncludeManagementEvents": True, "ReadWriteType": "WriteOnly"}, State.BAD),
        (
            {
                "IncludeManagementEvents": True,
                "ReadWriteType": "All",
                "ExcludeManagementEventSources": ["kms.amazonaws.com"],
            },
            State.BAD,
        ),
        ({"IncludeManagementEvents": False, "ReadWriteType": "All"}, State.BAD),
    ],
)
def test_basic_selectors_are_read_as_well(selector: dict[str, Any], state: State) -> None:
    assert management_events({"EventSelectors": [selector]})[0] is state


def test_no_selector_records_nothing() -> None:
    assert management_events(None)[0] is State.BAD
    assert data_events(None)[0] is State.OFF


LATE = "2026-03-01T16:20:00+00:00"


@pytest.mark.parametrize(
    ("hours", "status", "expected", "state"),
    [
        ("1" * 21, {}, "#" * 21 + "---", State.GOOD),
        ("1" * 10 + "0" + "1" * 10, {}, "#" * 10 + "." + "#" * 10 + "---", State.BAD),
        ("0" * 21, {}, "." * 21 + "---", State.BAD),
        ("0" * 4 + "1" * 17, {"StartLoggingTime": LATE}, "-" * 4 + "#" * 17 + "---", State.GOOD),
        (
            "0" * 4 + "1" * 17,
            {"StartLoggingTime": LATE, "StopLoggingTime": "2026-02-01T00:00:00+00:00"},
            "." * 4 + "#" * 17 + "---",
            State.BAD,
        ),
        (
            "1" + "0" * 3 + "1" * 17,
            {"StartLoggingTime": LATE},
            "#..." + "#" * 17 + "---",
            State.BAD,
        ),
    ],
)
def test_an_hour_without_a_digest_is_a_gap_once_it_is_due_and_the_trail_was_there(
    hours: str, status: dict[str, str], expected: str, state: State
) -> None:
    facts = changed("trail.status", lambda found: {**found, **status})
    place = Place(account=LOGS, region="eu-west-1", hours=int(hours[::-1], 2))

    [covered] = make_coverage(replace(facts, places=(place,))).places

    assert (covered.hours, covered.state) == (expected, state)


def test_digests_that_cannot_be_listed_are_unknown() -> None:
    place = Place(account=LOGS, region="eu-west-1", error="AccessDenied: no")

    found = report(replace(good_facts(), places=(*good_facts().places, place)))

    [check] = [check for check in found.checks if check.id == "coverage.digests"]
    assert check.state is State.UNKNOWN
