"""A log bucket locks its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.parameters import choice, integer
from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._log_buckets import BUCKETS, JOINED, OBJECT_LOCK, log_buckets
from rules._retention import lock_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings

    from rules._log_buckets import Place

_MODE = choice(
    "mode",
    "The lock mode that is asked for: any, GOVERNANCE or COMPLIANCE.",
    default="any",
    allowed=("any", "GOVERNANCE", "COMPLIANCE"),
)
_DAYS = integer(
    "minimumDays", "The shortest period, in days; a year counts as 365.", default=1, minimum=1
)
_MEND = "add a BucketObjectLockConfiguration with rule.defaultRetention: a mode and a period"


def _check(stack: Stack, settings: Settings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        places = bucket.places(OBJECT_LOCK)
        if not places:
            yield Violation(
                resource=bucket.bucket,
                path="rule.defaultRetention",
                problem="is missing: a log file can be deleted as soon as it has arrived",
                mend=_MEND,
            )
        for place in places:
            yield from _judge(place, settings[_MODE], settings[_DAYS])


def _judge(place: Place, mode: str, least: int) -> Iterator[Finding]:
    retention = place.value
    if retention is UNKNOWN:
        yield Undecidable(resource=place.resource, path=place.path)
        return
    if not isinstance(retention, dict) or not retention.get("mode"):
        yield Violation(
            resource=place.resource,
            path=place.path,
            problem="has no mode: a log file can be deleted as soon as it has arrived",
            mend=_MEND,
        )
        return
    if retention["mode"] is UNKNOWN:
        if mode != "any":
            yield Undecidable(resource=place.resource, path=f"{place.path}.mode")
    elif mode not in ("any", retention["mode"]):
        yield Violation(
            resource=place.resource,
            path=f"{place.path}.mode",
            problem=f"is not {mode}",
            mend=f"set mode to {mode}",
        )
    days = lock_days(retention)
    if days is UNKNOWN:
        if least > 1:
            yield Undecidable(resource=place.resource, path=place.path)
    elif days < least:
        yield Violation(
            resource=place.resource,
            path=f"{place.path}.days",
            problem=f"is shorter than {least} days",
            mend=f"set days to {least} or more, or years",
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
        " COMPLIANCE nobody, not even the root user, until the period ends."
    ),
    mend="Add a BucketObjectLockConfiguration with a default retention.",
    good="""\
import pulumi_aws as aws

logs = aws.s3.Bucket("logs", object_lock_enabled=True)
aws.s3.BucketObjectLockConfiguration(
    "logs",
    bucket=logs.bucket,
    rule={"default_retention": {"mode": "GOVERNANCE", "days": 365}},
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
""",
    bad="""\
import pulumi_aws as aws

# Without a default retention nothing is locked.
logs = aws.s3.Bucket("logs", object_lock_enabled=True)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
""",
    check=_check,
    parameters=(_MODE, _DAYS),
)
