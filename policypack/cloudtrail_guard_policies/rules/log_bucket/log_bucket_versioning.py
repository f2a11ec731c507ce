"""A log bucket keeps the versions of its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable
from cloudtrail_guard_policies.engine.values import UNKNOWN, at, is_true
from cloudtrail_guard_policies.rules.checks import log_bucket_must
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, VERSIONING, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.subjects.log_buckets import LogBucket


def _enabled(value: Value) -> bool:
    return value == "Enabled" or is_true(value)


_declared = log_bucket_must(
    VERSIONING,
    _enabled,
    missing="is missing: a log file that is overwritten or deleted is gone",
    wrong="is not Enabled: a log file that is overwritten or deleted is gone",
    remediation="add a BucketVersioning of this bucket with versioningConfiguration.status Enabled",
)


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    # Object Lock at birth switches versions on, and they cannot be suspended any more.
    locked = {each.bucket.urn: _lock(each) for each in log_buckets(stack)}
    for finding in _declared(stack, settings):
        lock = locked.get(finding.resource.urn)
        if lock is UNKNOWN:
            yield Undecidable(resource=finding.resource, path="objectLockEnabled")
        elif not is_true(lock):
            yield finding


def _lock(bucket: LogBucket) -> Value:
    """Return whether the bucket is made with Object Lock, by either of its properties."""
    inline = at(bucket.bucket.properties, "objectLockConfiguration.objectLockEnabled")
    enabled = bucket.bucket.properties.get("objectLockEnabled")
    return True if inline == "Enabled" else enabled if enabled is not None else inline


RULE = StackRule(
    id="log-bucket-versioning",
    title="A log bucket keeps every version of its objects.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | VERSIONING.types,
    joins=JOINED,
    controls=controls("s3_bucket_object_versioning", "S3.14"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    rationale=(
        "Without versions, a log file that is overwritten or deleted is gone. With them it lies"
        " behind the new version or the delete marker, and Object Lock, which needs versions, can"
        " hold it. A bucket made with Object Lock has versions from birth."
    ),
    remediation="Add a BucketVersioning with status Enabled.",
    check=_check,
)
