from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.trail.cloudtrail_s3_data_events import RULE

from tests.policypack.support import NATIVE_TRAIL, NOT_KNOWN, TRAIL, Case
from tests.policypack.tables import Table, one

if TYPE_CHECKING:
    from collections.abc import Mapping


TYPE = "AWS::S3::Object"


def basic(values: object, **more: object) -> dict[str, object]:
    return {"eventSelectors": [{"dataResources": [{"type": TYPE, "values": values}], **more}]}


def advanced(*fields: Mapping[str, object]) -> dict[str, object]:
    of_type = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": [TYPE]},
    ]
    return {"advancedEventSelectors": [{"name": "data", "fieldSelectors": [*of_type, *fields]}]}


OTHER = [{"type": "AWS::Lambda::Function", "values": ["arn:aws:lambda"]}]
OWN = {"field": "resources.ARN", "notStartsWiths": ["arn:aws:s3:::logs/"]}
CASES = [
    Case(name="basic", properties=basic(["arn:aws:s3"]), verdict="pass"),
    Case(name="basic-all", properties=basic(["arn:aws:s3"], readWriteType="All"), verdict="pass"),
    Case(name="advanced", properties=advanced(), verdict="pass"),
    Case(name="advanced-but-the-log-bucket", properties=advanced(OWN), verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="none", properties={"advancedEventSelectors": []}, verdict="fail"),
    Case(name="basic-writes", properties=basic([""], readWriteType="WriteOnly"), verdict="fail"),
    Case(name="other", properties={"eventSelectors": [{"dataResources": OTHER}]}, verdict="fail"),
    Case(
        name="advanced-reads",
        properties=advanced({"field": "readOnly", "equals": ["true"]}),
        verdict="fail",
    ),
    Case(name="unknown", properties={"advancedEventSelectors": NOT_KNOWN}, verdict="undecided"),
    Case(name="unknown-basic", properties={"eventSelectors": [NOT_KNOWN]}, verdict="undecided"),
    Case(
        name="unknown-fields",
        properties={"advancedEventSelectors": [{"fieldSelectors": NOT_KNOWN}]},
        verdict="undecided",
    ),
    Case(
        name="unknown-type",
        properties={"eventSelectors": [{"dataResources": [{"type": NOT_KNOWN}]}]},
        verdict="undecided",
    ),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)
