"""A log bucket is not emptied when it is destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        value = bucket.bucket.properties.get("forceDestroy")
        if value is UNKNOWN:
            yield Undecidable(resource=bucket.bucket, path="forceDestroy")
        elif is_true(value):
            yield Violation(
                resource=bucket.bucket,
                path="forceDestroy",
                problem="is true: destroying the bucket deletes every log file in it",
                remediation="set forceDestroy to false",
            )


RULE = StackRule(
    id="log-bucket-force-destroy",
    title="A log bucket that holds log files cannot be destroyed by Pulumi.",
    severity=Severity.HIGH,
    level=EnforcementLevel.MANDATORY,
    types=BUCKETS,
    joins=JOINED,
    controls={},
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html",
    rationale=(
        "With forceDestroy, a destroy, a rename or a replacement of the bucket deletes every log"
        " file in it, all versions included, and lifts governance retention to do so. Without it,"
        " S3 refuses to delete a bucket that is not empty."
    ),
    remediation="Set forceDestroy to false, or leave it out.",
    check=_check,
)
