"""Sign-ins, service events, events of endpoints and other accounts' copies: seen as they are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard.trails.event_selectors import (
    WatchedObjects,
    advanced_event_selectors,
    as_api_value,
)

from tests.corpus.coverage import asked, is_recorded, seen_by
from tests.corpus.events import event
from tests.corpus.records import BUCKET
from tests.corpus.shapes import NETWORK_ACTIVITY, SHAPES

if TYPE_CHECKING:
    from tests.corpus.shapes import Shape

SELECTORS = as_api_value(
    advanced_event_selectors(
        "aws",
        watched=WatchedObjects(log_bucket=BUCKET),
        network_sources=["kms.amazonaws.com"],
    )
)


@cache
def queries() -> dict[str, set[str]]:
    return asked([each.record for each in SHAPES.values()])


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_a_record_is_seen_by_what_is_about_it(shape: Shape) -> None:
    found = seen_by(shape.record, queries(), SELECTORS)

    assert event(shape.record)["detail-type"] == shape.detail_type
    assert (found.rules, found.alarms) == (shape.rules, shape.alarms)
    # Others list everything that a principal did.
    assert found.queries >= shape.queries


def test_what_endpoints_refuse_is_recorded_only_where_it_is_asked_for() -> None:
    unrecorded = {name for name, each in SHAPES.items() if not is_recorded(each.record)}

    assert unrecorded == {
        name for name, each in SHAPES.items() if each.detail_type == NETWORK_ACTIVITY
    }
