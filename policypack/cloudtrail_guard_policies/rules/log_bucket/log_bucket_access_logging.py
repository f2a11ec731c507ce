"""A log bucket's readers are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_blank
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    LOGGING,
    log_buckets,
    owners,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.subjects.log_buckets import Declaration, LogBucket


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        declarations = bucket.declarations(LOGGING)
        if not bucket.possible(LOGGING) and not any(
            declaration.value is UNKNOWN or not is_blank(declaration.value)
            for declaration in declarations
        ):
            yield Violation(
                resource=bucket.bucket,
                path="logging",
                problem="is missing: who reads log files is not recorded",
                remediation="add a BucketLogging whose targetBucket is another bucket",
            )
        for declaration in declarations:
            if _is_itself(stack, bucket, declaration):
                yield Violation(
                    resource=declaration.resource,
                    path=declaration.path,
                    problem="is the log bucket itself: each access log causes another one",
                    remediation="set targetBucket to another bucket",
                )


def _is_itself(stack: Stack, bucket: LogBucket, declaration: Declaration) -> bool:
    if declaration.resource is bucket.bucket:
        return declaration.value in bucket.bucket.identifiers
    # A target that is not known yet is set; it is another bucket unless it refers to this one.
    return bucket.bucket in owners(stack, declaration.resource, declaration.path).certain


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
        "Server access logs tell who asked for which log file, and who was denied. They must go"
        " to another bucket: written to the log bucket itself, each access log causes another"
        " one."
    ),
    remediation="Add a BucketLogging whose targetBucket is another bucket.",
    check=_check,
)
