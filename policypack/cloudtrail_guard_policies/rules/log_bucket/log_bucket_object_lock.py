"""A log bucket locks its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import choice, integer
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, OBJECT_LOCK, log_buckets
from cloudtrail_guard_policies.subjects.retention import lock_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.subjects.log_buckets import Declaration

_MODE = choice(
    "mode",
    "The lock mode that is asked for: any, GOVERNANCE or COMPLIANCE.",
    default="any",
    allowed=("any", "GOVERNANCE", "COMPLIANCE"),
)
_DAYS = integer(
    "minimumDays", "The shortest period, in days; a year counts as 365.", default=1, minimum=1
)
_REMEDIATION = "add a BucketObjectLockConfiguration with rule.defaultRetention: a mode and a period"


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        declarations = bucket.declarations(OBJECT_LOCK)
        if not declarations:
            yield Violation(
                resource=bucket.bucket,
                path="rule.defaultRetention",
                problem="is missing: a log file can be deleted as soon as it has arrived",
                remediation=_REMEDIATION,
            )
        for declaration in declarations:
            yield from _evaluate(declaration, settings[_MODE], settings[_DAYS])


def _evaluate(declaration: Declaration, mode: str, least: int) -> Iterator[Finding]:
    retention = declaration.value
    if retention is UNKNOWN:
        yield Undecidable(resource=declaration.resource, path=declaration.path)
        return
    if not isinstance(retention, dict) or not retention.get("mode"):
        yield Violation(
            resource=declaration.resource,
            path=declaration.path,
            problem="has no mode: a log file can be deleted as soon as it has arrived",
            remediation=_REMEDIATION,
        )
        return
    if retention["mode"] is UNKNOWN:
        if mode != "any":
            yield Undecidable(resource=declaration.resource, path=f"{declaration.path}.mode")
    elif mode not in ("any", retention["mode"]):
        yield Violation(
            resource=declaration.resource,
            path=f"{declaration.path}.mode",
            problem=f"is not {mode}",
            remediation=f"set mode to {mode}",
        )
    days = lock_days(retention)
    if days is UNKNOWN:
        if least > 1:
            yield Undecidable(resource=declaration.resource, path=declaration.path)
    elif days < least:
        yield Violation(
            resource=declaration.resource,
            path=f"{declaration.path}.days",
            problem=f"is shorter than {least} days",
            remediation=f"set days to {least} or more, or years",
        )


RULE = StackRule(
    id="log-bucket-object-lock",
    title="A log bucket locks each new log file for a time.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | OBJECT_LOCK.types,
    joins=JOINED,
    controls=controls("s3_bucket_object_lock"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    rationale=(
        "Object Lock alone does nothing: only a default retention, with a mode and a period,"
        " locks each log file as it arrives. GOVERNANCE lets those through who may bypass it,"
        " COMPLIANCE no principal, not even the root user, until the period ends."
    ),
    remediation="Add a BucketObjectLockConfiguration with a default retention.",
    check=_check,
    parameters=(_MODE, _DAYS),
)
