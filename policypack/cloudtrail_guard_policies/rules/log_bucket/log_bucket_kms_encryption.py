"""A log bucket encrypts with a KMS key by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_blank
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, ENCRYPTION, JOINED, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        declarations = bucket.declarations(ENCRYPTION)
        if not declarations:
            yield Violation(
                resource=bucket.bucket,
                path="rules",
                problem="is missing: the bucket encrypts with a key that S3 manages",
                remediation="add a BucketServerSideEncryptionConfiguration with aws:kms and a key",
            )
        for declaration in declarations:
            default = declaration.value if isinstance(declaration.value, dict) else {}
            algorithm = UNKNOWN if declaration.value is UNKNOWN else default.get("sseAlgorithm")
            if algorithm is UNKNOWN:
                yield Undecidable(resource=declaration.resource, path=declaration.path)
            elif algorithm not in ("aws:kms", "aws:kms:dsse"):
                yield Violation(
                    resource=declaration.resource,
                    path=f"{declaration.path}.sseAlgorithm",
                    problem="is not aws:kms: the bucket encrypts with a key that S3 manages",
                    remediation="set sseAlgorithm to aws:kms, and kmsMasterKeyId to a key",
                )
            elif _is_of_aws(default.get("kmsMasterKeyId")):
                yield Violation(
                    resource=declaration.resource,
                    path=f"{declaration.path}.kmsMasterKeyId",
                    problem="names no key of yours: the account's aws/s3 key encrypts",
                    remediation="set kmsMasterKeyId to the ARN of a customer managed key",
                )


def _is_of_aws(key: Value) -> bool:
    """Return whether the key is the one that AWS manages for S3, as it is where none is named."""
    return is_blank(key) or (isinstance(key, str) and key.endswith("alias/aws/s3"))


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
    remediation="Add a BucketServerSideEncryptionConfiguration with aws:kms and a key.",
    check=_check,
)
