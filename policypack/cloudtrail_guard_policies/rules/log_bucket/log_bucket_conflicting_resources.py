"""No two resources set the same of a log bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.rules.checks import overwrite_each_other, set_twice
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, PARTS, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.subjects.log_buckets import LogBucket, Part


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        for part in PARTS:
            yield from _conflicts(bucket, part)


def _conflicts(bucket: LogBucket, part: Part) -> Iterator[Finding]:
    separate = bucket.separate(part)
    yield from overwrite_each_other(separate, path="bucket", what="bucket")
    # What a bucket that is only read has is what the separate resource has set.
    for declaration in bucket.inline(part) if separate and not bucket.bucket.read else ():
        # `private` is the default that older versions of the provider fill in.
        if declaration.value not in (UNKNOWN, "private", "", [], {}):
            yield set_twice(declaration.resource, declaration.path, separate[0])


RULE = StackRule(
    id="log-bucket-conflicting-resources",
    title="Each setting of a log bucket is declared once.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS.union(*(part.types for part in PARTS)),
    joins=JOINED,
    controls={},
    link="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html",
    rationale=(
        "A bucket has one policy, one lifecycle, one of each setting, and S3 replaces it as a"
        " whole. Where two resources declare it, the one that is applied last wins: a policy that"
        " denies plain HTTP and another that denies deletion leave one of the two denials, though"
        " every rule that looks for either finds it in the program."
    ),
    remediation="Merge the two into one resource.",
    check=_check,
)
