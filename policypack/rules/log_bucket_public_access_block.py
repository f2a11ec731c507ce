"""A log bucket blocks public access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN, is_true
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._examples import BUCKET, TRAIL
from rules._log_buckets import BUCKETS, JOINED, PUBLIC_ACCESS_BLOCK, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings

_SETTINGS: Final = (
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
)


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        places = bucket.places(PUBLIC_ACCESS_BLOCK)
        if not places:
            yield Violation(
                resource=bucket.bucket,
                path="publicAccessBlock",
                problem="is missing: only buckets made since April 2023 block public access",
                mend="add a BucketPublicAccessBlock of this bucket with all four settings true",
            )
        for place in places:
            if place.resource not in bucket.separate(PUBLIC_ACCESS_BLOCK):
                yield Undecidable(resource=place.resource, path=place.path)
                continue
            for name in _SETTINGS:
                value = place.resource.properties.get(name)
                if value is UNKNOWN:
                    yield Undecidable(resource=place.resource, path=name)
                elif not is_true(value):
                    yield Violation(
                        resource=place.resource,
                        path=name,
                        problem="is not true: public access is not blocked",
                        mend=f"set {name} to true",
                    )


RULE = StackRule(
    id="log-bucket-public-access-block",
    title="A log bucket blocks all public access.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | PUBLIC_ACCESS_BLOCK.types,
    joins=JOINED,
    controls=controls("s3_bucket_level_public_access_block", "S3.8"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    rationale=(
        "The four settings refuse public ACLs and policies, and ignore those that are there."
        " Buckets made since April 2023 have them on, but a BucketPublicAccessBlock that leaves"
        " one out switches that one off, and older buckets have none."
    ),
    mend="Add a BucketPublicAccessBlock with all four settings true.",
    good=BUCKET
    + """\
aws.s3.BucketPublicAccessBlock(
    "logs",
    bucket=logs.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
"""
    + TRAIL,
    bad=BUCKET
    + """\
# A setting that is left out is false.
aws.s3.BucketPublicAccessBlock(
    "logs",
    bucket=logs.bucket,
    block_public_acls=True,
    block_public_policy=True,
)
"""
    + TRAIL,
    check=_check,
    fixes={each: dict.fromkeys(_SETTINGS, True) for each in PUBLIC_ACCESS_BLOCK.types},
)
