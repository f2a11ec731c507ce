from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.trail.cloudtrail_lambda_data_events import RULE

from tests.policypack.support import NATIVE_TRAIL, NOT_KNOWN, TRAIL, Case
from tests.policypack.tables import Table, one

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

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)
