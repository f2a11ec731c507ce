"""Which selectors record the writing of the trail's own log files.

Fields and operators: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
"""

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
PREFIXED = {"s3KeyPrefix": "trails"}
LATER = {"s3BucketName": NOT_KNOWN}


def arns(**operators: object) -> dict[str, object]:
    return {"field": "resources.ARN", **operators}


def events(**operators: object) -> dict[str, object]:
    return advanced({"field": "eventName", **operators})


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
    Case(
        name="basic-writes-alone",
        properties=LOGS | basic(["arn:aws:s3:::logs/"], readWriteType="WriteOnly"),
        verdict="fail",
    ),
    Case(
        name="basic-reads-and-writes",
        properties=LOGS | basic(["arn:aws:s3:::logs/"], readWriteType="All"),
        verdict="fail",
    ),
    Case(
        name="basic-another-prefix",
        properties=LOGS | basic(["arn:aws:s3:::logs/exports/"]),
        verdict="pass",
    ),
    Case(
        name="basic-own-prefix",
        properties=LOGS | PREFIXED | basic(["arn:aws:s3:::logs/trails/"]),
        verdict="fail",
    ),
    Case(
        name="basic-outside-own-prefix",
        properties=LOGS | PREFIXED | basic(["arn:aws:s3:::logs/AWSLogs/"]),
        verdict="pass",
    ),
    Case(
        name="basic-unknown-kind",
        properties=LOGS | basic(["arn:aws:s3"], readWriteType=NOT_KNOWN),
        verdict="undecided",
    ),
    Case(
        name="writes-alone",
        properties=LOGS | advanced({"field": "readOnly", "equals": ["false"]}),
        verdict="fail",
    ),
    Case(name="other-events", properties=LOGS | events(equals=["GetObject"]), verdict="pass"),
    Case(
        name="deletions-and-puts",
        properties=LOGS | events(startsWiths=["Delete", "Put"]),
        verdict="fail",
    ),
    Case(name="not-puts", properties=LOGS | events(notEquals=["PutObject"]), verdict="pass"),
    Case(name="not-reads", properties=LOGS | events(notStartsWiths=["Get"]), verdict="fail"),
    Case(
        # Positive operators are alternatives, and a negative one always excludes.
        name="puts-but-no-puts",
        properties=LOGS | events(startsWiths=["Put"], notEndsWiths=["Object"]),
        verdict="pass",
    ),
    Case(name="unknown-event", properties=LOGS | events(equals=[NOT_KNOWN]), verdict="undecided"),
    Case(
        name="one-role",
        properties=LOGS
        | advanced({"field": "userIdentity.arn", "startsWiths": ["arn:aws:iam::111122223333:"]}),
        verdict="pass",
    ),
    Case(
        name="all-but-one-role",
        properties=LOGS
        | advanced({"field": "userIdentity.arn", "notEquals": ["arn:aws:iam::111122223333:x"]}),
        verdict="fail",
    ),
    Case(
        name="console-sessions",
        properties=LOGS | advanced({"field": "sessionCredentialFromConsole", "equals": ["true"]}),
        verdict="pass",
    ),
    Case(name="reports", properties=LOGS | advanced(arns(endsWiths=[".csv"])), verdict="pass"),
    Case(name="archives", properties=LOGS | advanced(arns(endsWiths=[".gz"])), verdict="fail"),
    Case(
        name="part-is-excluded",
        properties=LOGS | advanced(arns(notStartsWiths=["arn:aws:s3:::logs/AWSLogs/1/"])),
        verdict="fail",
    ),
    Case(
        name="without-slash",
        properties=LOGS | advanced(arns(notStartsWiths=["arn:aws:s3:::logs"])),
        verdict="pass",
    ),
    Case(
        name="another-prefix-is-excluded",
        properties=LOGS | PREFIXED | advanced(arns(notStartsWiths=["arn:aws:s3:::logs/AWSLogs"])),
        verdict="fail",
    ),
    Case(
        name="own-prefix-is-excluded",
        properties=LOGS | PREFIXED | advanced(arns(notStartsWiths=["arn:aws:s3:::logs/trails/"])),
        verdict="pass",
    ),
    Case(
        name="unknown-prefix",
        properties=LOGS
        | {"s3KeyPrefix": NOT_KNOWN}
        | advanced(arns(startsWiths=["arn:aws:s3:::logs/trails/"])),
        verdict="undecided",
    ),
    Case(
        name="unknown-prefix-of-everything",
        properties=LOGS | {"s3KeyPrefix": NOT_KNOWN} | advanced(),
        verdict="fail",
    ),
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
