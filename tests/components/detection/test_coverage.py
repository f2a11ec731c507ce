"""Operation by event rule, alarm, response and query: seen, or not seen for a reason."""

import pytest
from cloudtrail_guard.operations import OPERATIONS, Operation, Target
from generate.detection import PAGE, detection_page

from tests.corpus.coverage import KINDS, REASONS, cell


def operation(action: str, target: Target) -> Operation:
    (found,) = (o for o in OPERATIONS if (o.action, o.target) == (action, target))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_see_an_operation_has_a_reason(kind: str) -> None:
    assert [name for each in OPERATIONS for name in cell(each, kind).unexplained] == []


@pytest.mark.parametrize("each", OPERATIONS, ids=lambda o: f"{o.action} on {o.target.name}")
def test_a_query_finds_every_record_of_an_operation(each: Operation) -> None:
    assert cell(each, "query").reasons == (() if each.events else ("no event",))


def test_every_reason_is_one_of_something() -> None:
    """A reason that is left over would hide a gap that comes later."""
    used = {reason for each in OPERATIONS for kind in KINDS for reason in cell(each, kind).reasons}

    assert used == set(REASONS)


@pytest.mark.parametrize(
    ("action", "target", "kind", "catches", "reasons"),
    [
        ("cloudtrail:StopLogging", Target.TRAIL, "event rule", ("trail",), ()),
        (
            "cloudtrail:StopLogging",
            Target.TRAIL,
            "alarm",
            ("CloudTrailChanges", "UnauthorizedApiCalls"),
            (),
        ),
        ("cloudtrail:StopLogging", Target.TRAIL, "response", ("start_logging",), ("refused",)),
        ("cloudtrail:StopLogging", Target.TRAIL, "query", ("who-stopped-logging",), ()),
        ("kms:PutKeyPolicy", Target.KEY, "alarm", ("KeyChanges", "UnauthorizedApiCalls"), ()),
        ("kms:ReplicateKey", Target.KEY, "alarm", ("UnauthorizedApiCalls",), ("CIS",)),
        ("s3:DeleteObject", Target.OBJECTS, "event rule", ("objects",), ()),
        ("s3:DeleteObject", Target.OBJECTS, "query", ("changes-of-bucket-or-key",), ()),
        (
            "organizations:LeaveOrganization",
            Target.MEMBERSHIP,
            "query",
            ("who-stopped-logging",),
            (),
        ),
        ("s3:PauseReplication", Target.BUCKET, "query", (), ("no event",)),
    ],
)
def test_an_operation_is_seen_by_what_is_about_it(
    action: str, target: Target, kind: str, catches: tuple[str, ...], reasons: tuple[str, ...]
) -> None:
    found = cell(operation(action, target), kind)

    assert (found.catches, found.reasons) == (catches, reasons)


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == detection_page(), "run `make generate`"
