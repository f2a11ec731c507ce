"""A log bucket keeps log files long enough, and not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
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
    from collections.abc import Iterator, Sequence

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Unknown, Value
    from cloudtrail_guard_policies.subjects.log_buckets import Declaration, LogBucket

_DAYS = integer(
    "retentionDays", "For how many days log files must be kept.", default=365, minimum=1
)


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        locks = _locks(bucket)
        lock = max((each for each in locks if each is not UNKNOWN), default=0)
        least = max(settings[_DAYS], lock)
        declarations = bucket.declarations(LIFECYCLE)
        if not declarations:
            yield Violation(
                resource=bucket.bucket,
                path="rules",
                problem="is missing: log files are kept, and paid for, for ever",
                remediation="add a BucketLifecycleConfiguration that expires old log files",
            )
        elif not any(_may_act(each.value) for each in declarations):
            yield Violation(
                resource=declarations[0].resource,
                path=declarations[0].path,
                problem="has no rule that is enabled: log files are kept, and paid for, for ever",
                remediation="enable a rule that expires old log files",
            )
        for declaration in declarations:
            if declaration.value is UNKNOWN:
                yield Undecidable(resource=declaration.resource, path=declaration.path)
                continue
            for index, rule in enumerate(items(declaration.value)):
                path = f"{declaration.path}[{index}]"
                yield from _evaluate(
                    bucket, declaration, path, rule, _Kept(_EXPIRATION, "log files", least)
                )
                # A lock keeps hidden versions as well.
                if lock < settings[_DAYS]:
                    what, certain = "log files that a new version hides", UNKNOWN not in locks
                    kept = _Kept(_HIDDEN, what, settings[_DAYS], certain=certain)
                    yield from _evaluate(bucket, declaration, path, rule, kept)


_EXPIRATION: Final = ("expiration.days",)
_HIDDEN: Final = (
    "noncurrentVersionExpiration.noncurrentDays",
    "noncurrentVersionExpiration.days",
)
"""Where a lifecycle configuration, and a bucket itself, say it."""


@dataclass(frozen=True)
class _Kept:
    """For how many days something must be kept.

    Attributes:
        paths: Where in a rule the days are.
        what: What must be kept.
        days: For how many days at least.
        certain: Whether nothing that is not known yet may keep it.
    """

    paths: Sequence[str]
    what: str
    days: int
    certain: bool = True


def _evaluate(
    bucket: LogBucket, declaration: Declaration, path: str, rule: Value, kept: _Kept
) -> Iterator[Finding]:
    expires_early = _expires_before(kept, rule)
    concerns = _concerns(bucket, rule) if expires_early is not False else False
    if expires_early and concerns and kept.certain:
        yield Violation(
            resource=declaration.resource,
            path=f"{path}.{kept.paths[0]}",
            problem=f"is shorter than the {kept.days} days for which {kept.what} must be kept",
            remediation=f"set {kept.paths[0]} to {kept.days} or more",
        )
    elif expires_early is not False and concerns is not False:
        yield Undecidable(resource=declaration.resource, path=path)


def _may_act(rules: Value) -> bool:
    """Return whether a rule is enabled, or may be while its status is not known.

    A bucket needs a lifecycle rule that is active:
    https://docs.aws.amazon.com/config/latest/developerguide/s3-lifecycle-policy-check.html
    """
    return rules is UNKNOWN or any(
        rule is UNKNOWN or (isinstance(rule, dict) and _is_on(rule)) for rule in items(rules)
    )


def _is_on(rule: dict[str, Value]) -> bool:
    status = rule.get("status", rule.get("enabled"))
    return status in ("Enabled", UNKNOWN) or is_true(status)


def _expires_before(kept: _Kept, rule: Value) -> bool | None:
    """Return whether a rule is enabled and expires too early; None while not known."""
    if not isinstance(rule, dict):
        return None if rule is UNKNOWN else False
    least = kept.days
    status = rule.get("status", rule.get("enabled"))
    given = next((at(rule, path) for path in kept.paths if at(rule, path) is not None), None)
    days = whole_number(given)
    if not _is_on(rule):
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


def _locks(bucket: LogBucket) -> list[int | Unknown]:
    """Return for how many days the bucket locks log files, by each declaration."""
    return [lock_days(each.value) for each in bucket.declarations(OBJECT_LOCK)]


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
        " for ever. Hidden by a new version or a delete marker, a log file is a noncurrent version:"
        " if those expire within days, hiding it destroys it, unless a lock keeps it."
    ),
    remediation=(
        "Expire log files after the retention, and never before the lock ends; noncurrent versions"
        " no earlier."
    ),
    check=_check,
    parameters=(_DAYS,),
)
