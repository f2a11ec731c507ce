from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.trail.cloudtrail_data_event_loop import RULE

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


LOGS = {"s3BucketName": "logs"}
LATER = {"s3BucketName": NOT_KNOWN}


def arns(**operators: object) -> dict[str, object]:
    return {"field": "resources.ARN", **operators}


WITHOUT_LOGS = advanced(arns(notStartsWiths=["arn:aws-cn:s3:::logs/"]))
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="other-bucket", properties=LOGS | basic(["arn:aws:s3:::data/"]), verdict="pass"),
    Case(
        name="other-bucket-whose-name-begins-alike",
        properties=LOGS | basic(["arn:aws:s3:::logs-2/"]),
        verdict="pass",
    ),
    Case(
        name="reads-only",
        properties=LOGS | basic(["arn:aws:s3"], readWriteType="ReadOnly"),
        verdict="pass",
    ),
    Case(
        name="advanced-reads-only",
        properties=LOGS | advanced({"field": "readOnly", "equals": ["true"]}),
        verdict="pass",
    ),
    Case(name="excluded", properties=LOGS | WITHOUT_LOGS, verdict="pass"),
    Case(
        name="only-another",
        properties=LOGS | advanced(arns(startsWiths=["arn:aws:s3:::data/"])),
        verdict="pass",
    ),
    Case(name="everything", properties=LOGS | basic(["arn:aws:s3"]), verdict="fail"),
    Case(name="every-bucket", properties=LOGS | basic(["arn:aws:s3:::"]), verdict="fail"),
    Case(name="own-bucket", properties=LOGS | basic(["arn:aws:s3:::logs/"]), verdict="fail"),
    Case(name="advanced", properties=LOGS | advanced(), verdict="fail"),
    Case(
        name="another-is-excluded",
        properties=LOGS | advanced(arns(notStartsWiths=["arn:aws:s3:::data/"])),
        verdict="fail",
    ),
    Case(
        name="only-own",
        properties=LOGS | advanced(arns(startsWiths=["arn:aws:s3:::logs/"])),
        verdict="fail",
    ),
    Case(
        name="everything-unknown-bucket", properties=LATER | basic(["arn:aws:s3"]), verdict="fail"
    ),
    Case(name="advanced-unknown-bucket", properties=LATER | advanced(), verdict="fail"),
    Case(
        name="some-bucket-unknown-bucket",
        properties=LATER | basic(["arn:aws:s3:::data/"]),
        verdict="undecided",
    ),
    Case(name="excluded-unknown-bucket", properties=LATER | WITHOUT_LOGS, verdict="undecided"),
    Case(
        name="excluded-unknown-prefix",
        properties=LOGS | advanced(arns(notStartsWiths=[NOT_KNOWN])),
        verdict="undecided",
    ),
    Case(
        name="unknown", properties=LOGS | {"advancedEventSelectors": NOT_KNOWN}, verdict="undecided"
    ),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)
