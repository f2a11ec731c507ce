"""A log bucket keeps log files long enough, and not for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, at, is_true, items, whole_number
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import (
    BUCKETS,
    JOINED,
    LIFECYCLE,
    OBJECT_LOCK,
    log_buckets,
    log_prefixes,
)
from cloudtrail_guard_policies.subjects.retention import lock_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.subjects.log_buckets import Declaration, LogBucket

_DAYS = integer(
    "retentionDays", "For how many days log files must be kept.", default=365, minimum=1
)


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
                path = f"{declaration.path}[{index}]"
                yield from _evaluate(bucket, declaration, path, rule, least)


def _evaluate(
    bucket: LogBucket, declaration: Declaration, path: str, rule: Value, least: int
) -> Iterator[Finding]:
    expires_early = _expires_before(least, rule)
    concerns = _concerns(bucket, rule) if expires_early is not False else False
    if expires_early and concerns:
        yield Violation(
            resource=declaration.resource,
            path=f"{path}.expiration.days",
            problem=f"is shorter than the {least} days for which log files must be kept",
            remediation=f"set expiration.days to {least} or more",
        )
    elif expires_early is not False and concerns is not False:
        yield Undecidable(resource=declaration.resource, path=path)


def _expires_before(least: int, rule: Value) -> bool | None:
    """Return whether a rule is enabled and expires objects too early; None while not known."""
    if not isinstance(rule, dict):
        return None if rule is UNKNOWN else False
    status, given = rule.get("status", rule.get("enabled")), at(rule, "expiration.days")
    days = whole_number(given)
    if status not in ("Enabled", UNKNOWN) and not is_true(status):
        return False
    if given is not UNKNOWN and (days is None or not 0 < days < least):
        return False
    return None if UNKNOWN in (status, given) else True


def _concerns(bucket: LogBucket, rule: Value) -> bool | None:
    """Return whether a rule can hold log files; None while that is not known.

    Its prefix may be another one, and log files have no tags.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html
    """
    tags = ("filter.tag", "filter.and.tags", "tags")
    prefixes = ("filter.prefix", "filter.and.prefix", "prefix")
    if not isinstance(rule, dict):
        return None
    found = [at(rule, path) for path in (*tags, *prefixes)]
    if any(each not in (None, UNKNOWN, "", [], {}) for each in found[: len(tags)]):
        return False
    given = [each for each in found[len(tags) :] if isinstance(each, str) and each]
    places = log_prefixes(bucket)
    overlapping = [
        place is UNKNOWN or all(place.startswith(each) or each.startswith(place) for each in given)
        for place in places
    ]
    if not any(overlapping):
        return False
    return None if UNKNOWN in found or (given and UNKNOWN in places) else True


def _lock(bucket: LogBucket) -> int:
    """Return for how many days the bucket locks log files, as far as that is known."""
    days = [lock_days(each.value) for each in bucket.declarations(OBJECT_LOCK)]
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
