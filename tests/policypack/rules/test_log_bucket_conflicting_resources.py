"""Two resources that set the same of a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html: "If the specified bucket
already has a bucket policy, the policy in the request completely replaces it"; the same holds for
the other settings of a bucket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_conflicting_resources import RULE

from tests.policypack.support import (
    BUCKET,
    NOT_KNOWN,
    TRAIL,
    VERSIONING,
    Case,
    log_bucket,
    made,
    policy,
    stack_verdict,
)
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ENABLED = {"versioningConfiguration": {"status": "Enabled"}}


def twice(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    resources = log_bucket(POLICY, policy())
    logs = resources[0]
    return (
        [*resources, made(POLICY, "second", properties, bucket=logs)] if properties else resources
    )


def beside(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    """Return a bucket with these properties and a separate BucketVersioning."""
    return log_bucket(VERSIONING, ENABLED, bucket=properties)


SECOND = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="same", properties=policy(), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="fail"),
]
INLINE = [
    Case(name="other-property", properties={"forceDestroy": False}, verdict="pass"),
    Case(name="same-property", properties={"versioning": {"enabled": True}}, verdict="fail"),
    Case(name="unknown-property", properties={"versioning": NOT_KNOWN}, verdict="pass"),
]

TABLES = (Table(RULE, SECOND, twice), Table(RULE, INLINE, beside))


@pytest.mark.parametrize(
    "resource_type",
    [
        "aws:s3/bucketAcl:BucketAcl",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketLogging:BucketLogging",
        "aws:s3/bucketNotification:BucketNotification",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
    ],
)
def test_whatever_two_resources_set_of_one_bucket_conflicts(resource_type: str) -> None:
    logs = made(BUCKET, "logs", {"bucket": "logs-1"})
    trail = made(TRAIL, "audit", s3BucketName=logs)
    first = made(resource_type, "first", bucket=logs)
    second = made(resource_type, "second", {"bucket": "logs-1"})
    of_another = made(resource_type, "second", {"bucket": "logs-2"})

    assert stack_verdict(RULE, [logs, trail, first, second]) == "fail"
    assert stack_verdict(RULE, [logs, trail, first, of_another]) == "pass"


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        (POLICY, {"policy": "{}"}),
        (VERSIONING, {"versioning": {"enabled": True}}),
        ("aws:s3/bucketAcl:BucketAcl", {"acl": "log-delivery-write"}),
        ("aws:s3/bucketLogging:BucketLogging", {"logging": {"targetBucket": "access"}}),
        (
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            {"lifecycleRules": [{"enabled": True}]},
        ),
        (
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            {
                "serverSideEncryptionConfiguration": {
                    "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
                }
            },
        ),
        (
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            {"objectLockConfiguration": {"rule": {"defaultRetention": {"days": 1}}}},
        ),
    ],
)
def test_the_buckets_own_property_conflicts_with_a_separate_resource(
    resource_type: str, properties: dict[str, object]
) -> None:
    logs = made(BUCKET, "logs", properties)
    trail = made(TRAIL, "audit", s3BucketName=logs)

    assert stack_verdict(RULE, [logs, trail]) == "pass"
    assert stack_verdict(RULE, [logs, trail, made(resource_type, "x", bucket=logs)]) == "fail"


def test_other_buckets_may_be_declared_twice() -> None:
    other = made(BUCKET, "other")
    both = [made(VERSIONING, name, ENABLED, bucket=other) for name in ("first", "second")]

    assert stack_verdict(RULE, [*log_bucket("", {}), other, *both]) == "pass"
