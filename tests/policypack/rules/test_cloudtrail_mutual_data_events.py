"""Trails that record the writing of each other's log files.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.trail.cloudtrail_mutual_data_events import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource


def records(values: object, bucket: object, **more: object) -> dict[str, object]:
    """Return the properties of a trail into a bucket that records objects of these ARN prefixes."""
    data = [{"type": "AWS::S3::Object", "values": values}]
    return {"s3BucketName": bucket, "eventSelectors": [{"dataResources": data}], **more}


def beside_one_that_records_it(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    other = made(TRAIL, "other", records(["arn:aws:s3:::logs/"], "other-logs"))
    return [made(TRAIL, "audit", {"s3BucketName": "logs", **properties}), other]


CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="other-data", properties=records(["arn:aws:s3:::data/"], "logs"), verdict="pass"),
    Case(
        name="its-own-log-files-alone",
        properties=records(["arn:aws:s3:::logs/"], "logs"),
        verdict="pass",
    ),
    Case(name="mutual", properties=records(["arn:aws:s3:::other-logs/"], "logs"), verdict="fail"),
    Case(name="everything", properties=records(["arn:aws:s3"], "logs"), verdict="fail"),
    Case(
        name="below-another-prefix",
        properties=records(["arn:aws:s3:::other-logs/trails/"], "logs"),
        verdict="pass",
    ),
    Case(name="unknown-selector", properties=records([NOT_KNOWN], "logs"), verdict="undecided"),
    Case(
        name="unknown-bucket",
        properties=records(["arn:aws:s3:::other-logs/"], NOT_KNOWN),
        verdict="undecided",
    ),
]

TABLES = (Table(RULE, CASES, beside_one_that_records_it),)


def test_a_circle_of_three_trails_is_found() -> None:
    names = ("one", "two", "three")
    circle = [
        made(TRAIL, name, records([f"arn:aws:s3:::{names[index - 1]}/"], name))
        for index, name in enumerate(names)
    ]

    assert stack_verdict(RULE, circle) == "fail"
    assert stack_verdict(RULE, circle[:2]) == "pass"


def test_a_trail_that_records_a_pair_but_is_recorded_by_none_passes() -> None:
    pair = [
        made(TRAIL, "one", records(["arn:aws:s3:::two/"], "one")),
        made(TRAIL, "two", records(["arn:aws:s3:::data/"], "two")),
    ]
    watcher = made(TRAIL, "watcher", records(["arn:aws:s3:::one/", "arn:aws:s3:::two/"], "third"))

    assert stack_verdict(RULE, [*pair, watcher]) == "pass"
