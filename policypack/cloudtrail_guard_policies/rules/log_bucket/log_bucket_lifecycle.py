"""A log bucket keeps log files long enough, and not for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, at, is_true, items
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    LIFECYCLE,
    OBJECT_LOCK,
    log_buckets,
)
from cloudtrail_guard_policies.subjects.retention import lock_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Unknown, Value
    from cloudtrail_guard_policies.subjects.log_buckets import Declaration, LogBucket

_DAYS = integer(
    "retentionDays", "For how many days log files must be kept.", default=365, minimum=1
)
_LOGS = "AWSLogs/"


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        least = max(settings[_DAYS], _lock(bucket))
        declarations = bucket.declarations(LIFECYCLE)
        if not declarations:
            yield Violation(
                resource=bucket.bucket,
                path="rules",
                problem="is missing: log files are kept, and paid for, for ever",
                remediation="add a BucketLifecycleConfiguration that expires old log files",
            )
        for declaration in declarations:
            if declaration.value is UNKNOWN:
                yield Undecidable(resource=declaration.resource, path=declaration.path)
                continue
            for index, rule in enumerate(items(declaration.value)):
                if _concerns(bucket, rule):
                    yield from _evaluate(declaration, f"{declaration.path}[{index}]", rule, least)


def _evaluate(declaration: Declaration, path: str, rule: Value, least: int) -> Iterator[Finding]:
    days = UNKNOWN if rule is UNKNOWN else _expiry(rule)
    if days is UNKNOWN:
        yield Undecidable(resource=declaration.resource, path=f"{path}.expiration.days")
    elif days is not None and days < least:
        yield Violation(
            resource=declaration.resource,
            path=f"{path}.expiration.days",
            problem=f"is shorter than the {least} days for which log files must be kept",
            remediation=f"set expiration.days to {least} or more",
        )


def _expiry(rule: Value) -> int | Unknown | None:
    """Return after how many days an enabled rule expires objects; None if it does not."""
    known = rule if isinstance(rule, dict) else {}
    if known.get("status") not in ("Enabled", UNKNOWN) and not is_true(known.get("enabled")):
        return None
    days = at(known, "expiration.days")
    if isinstance(days, bool) or not isinstance(days, int):
        return UNKNOWN if days is UNKNOWN else None
    return days or None


def _concerns(bucket: LogBucket, rule: Value) -> bool:
    """Return whether a rule can hold log files: a prefix may leave them out."""
    if not isinstance(rule, dict) or any(
        trail.properties.get("s3KeyPrefix") for trail in bucket.trails
    ):
        return True
    paths = ("filter.prefix", "filter.and.prefix", "prefix")
    prefixes = [prefix for path in paths if isinstance(prefix := at(rule, path), str) and prefix]
    return all(_LOGS.startswith(each) or each.startswith(_LOGS) for each in prefixes)


def _lock(bucket: LogBucket) -> int:
    """Return for how many days the bucket locks log files, as far as that is known."""
    days = [lock_days(declaration.value) for declaration in bucket.declarations(OBJECT_LOCK)]
    return max((each for each in days if each is not UNKNOWN), default=0)


RULE = StackRule(
    id="log-bucket-lifecycle",
    title="A log bucket's lifecycle keeps log files for as long as they must be kept.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | LIFECYCLE.types | OBJECT_LOCK.types,
    joins=JOINED,
    controls=controls("s3_bucket_lifecycle_enabled", "S3.13"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
    rationale=(
        "A lifecycle rule that expires log files before their retention ends destroys evidence"
        " without anybody doing anything. Shorter than the lock, it shows log files as deleted"
        " that are still there, and paid for. Without any lifecycle they are kept, and paid for,"
        " for ever."
    ),
    remediation="Expire log files after the retention, and never before the lock ends.",
    check=_check,
    parameters=(_DAYS,),
)
