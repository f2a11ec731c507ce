"""A log bucket's readers are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Violation
from framework.values import UNKNOWN, is_blank
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._examples import BUCKET, TRAIL
from rules._log_buckets import BUCKETS, JOINED, LOGGING, log_buckets, owners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings

    from rules._log_buckets import LogBucket, Place


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        places = bucket.places(LOGGING)
        if not any(place.value is UNKNOWN or not is_blank(place.value) for place in places):
            yield Violation(
                resource=bucket.bucket,
                path="logging",
                problem="is missing: who reads log files is not recorded",
                mend="add a BucketLogging of this bucket whose targetBucket is another bucket",
            )
        for place in places:
            if _is_itself(stack, bucket, place):
                yield Violation(
                    resource=place.resource,
                    path=place.path,
                    problem="is the log bucket itself: each access log causes another one",
                    mend="set targetBucket to another bucket",
                )


def _is_itself(stack: Stack, bucket: LogBucket, place: Place) -> bool:
    if place.resource is bucket.bucket:
        return place.value in bucket.bucket.identifiers
    # A target that is not known yet is set; it is another bucket unless it refers to this one.
    return bucket.bucket in owners(stack, place.resource, place.path)


RULE = StackRule(
    id="log-bucket-access-logging",
    title="A log bucket writes its server access logs to another bucket.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | LOGGING.types,
    joins=JOINED,
    controls=controls(
        "cloudtrail_logs_s3_bucket_access_logging_enabled",
        "s3_bucket_server_access_logging_enabled",
        "S3.9",
    ),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
    rationale=(
        "Server access logs tell who asked for which log file, and who was refused. They must go"
        " to another bucket: written to the log bucket itself, each access log causes another"
        " one."
    ),
    mend="Add a BucketLogging whose targetBucket is another bucket.",
    good=BUCKET
    + """\
access = aws.s3.Bucket("access-logs")
aws.s3.BucketLogging(
    "logs",
    bucket=logs.bucket,
    target_bucket=access.bucket,
    target_prefix="access/",
)
"""
    + TRAIL,
    bad=BUCKET
    + """\
aws.s3.BucketLogging(
    "logs",
    bucket=logs.bucket,
    target_bucket=logs.bucket,
    target_prefix="access/",
)
"""
    + TRAIL,
    check=_check,
)
