from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rules.cloudtrail_lambda_data_events import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping


TYPE = "AWS::Lambda::Function"


def basic(values: object, **more: object) -> dict[str, object]:
    return {"eventSelectors": [{"dataResources": [{"type": TYPE, "values": values}], **more}]}


def advanced(*fields: Mapping[str, object]) -> dict[str, object]:
    of_type = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": [TYPE]},
    ]
    return {"advancedEventSelectors": [{"name": "data", "fieldSelectors": [*of_type, *fields]}]}


CASES = [
    Case(name="basic", properties=basic(["arn:aws:lambda"]), verdict="pass"),
    Case(name="advanced", properties=advanced(), verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(
        name="one-event",
        properties=advanced({"field": "eventName", "equals": ["Invoke"]}),
        verdict="fail",
    ),
    Case(name="unknown", properties={"eventSelectors": NOT_KNOWN}, verdict="undecided"),
    Case(
        name="unknown-field",
        properties={"advancedEventSelectors": [{"fieldSelectors": [NOT_KNOWN]}]},
        verdict="undecided",
    ),
]


@pytest.mark.parametrize("trail_type", [TRAIL, "aws-native:cloudtrail:Trail"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_judged_by_the_data_events_it_selects(case: Case, trail_type: str) -> None:
    assert verdict(RULE, case.properties, trail_type) == case.verdict
