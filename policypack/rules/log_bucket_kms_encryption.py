"""A log bucket encrypts with a KMS key by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN, is_blank
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._examples import BUCKET, TRAIL
from rules._log_buckets import BUCKETS, ENCRYPTION, JOINED, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        places = bucket.places(ENCRYPTION)
        if not places:
            yield Violation(
                resource=bucket.bucket,
                path="rules",
                problem="is missing: the bucket encrypts with a key that S3 manages",
                mend="add a BucketServerSideEncryptionConfiguration with aws:kms and a key",
            )
        for place in places:
            default = place.value if isinstance(place.value, dict) else {}
            algorithm = UNKNOWN if place.value is UNKNOWN else default.get("sseAlgorithm")
            if algorithm is UNKNOWN:
                yield Undecidable(resource=place.resource, path=place.path)
            elif algorithm not in ("aws:kms", "aws:kms:dsse"):
                yield Violation(
                    resource=place.resource,
                    path=f"{place.path}.sseAlgorithm",
                    problem="is not aws:kms: the bucket encrypts with a key that S3 manages",
                    mend="set sseAlgorithm to aws:kms, and kmsMasterKeyId to a key",
                )
            elif is_blank(default.get("kmsMasterKeyId")):
                yield Violation(
                    resource=place.resource,
                    path=f"{place.path}.kmsMasterKeyId",
                    problem="is not set: the bucket encrypts with the account's aws/s3 key",
                    mend="set kmsMasterKeyId to the ARN of a customer managed key",
                )


RULE = StackRule(
    id="log-bucket-kms-encryption",
    title="A log bucket encrypts with a KMS key by default.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | ENCRYPTION.types,
    joins=JOINED,
    controls=controls("s3_bucket_kms_encryption", "S3.4"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",
    rationale=(
        "The trail's key encrypts log files; digest files, and whatever else comes into the"
        " bucket, take the bucket's default. With SSE-KMS and a key of one's own, reading takes"
        " permission on the key as well as on the bucket."
    ),
    mend="Add a BucketServerSideEncryptionConfiguration with aws:kms and a key.",
    good=BUCKET
    + """\
key = aws.kms.Key("logs", enable_key_rotation=True)
aws.s3.BucketServerSideEncryptionConfiguration(
    "logs",
    bucket=logs.bucket,
    rules=[
        {
            "apply_server_side_encryption_by_default": {
                "sse_algorithm": "aws:kms",
                "kms_master_key_id": key.arn,
            },
            "bucket_key_enabled": True,
        }
    ],
)
"""
    + TRAIL,
    bad=BUCKET
    + """\
aws.s3.BucketServerSideEncryptionConfiguration(
    "logs",
    bucket=logs.bucket,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
)
"""
    + TRAIL,
    check=_check,
)
