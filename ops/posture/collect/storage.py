"""Bucket, key and replica: their settings and policies."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from posture.collect.answers import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from posture.collect.access import Clients
    from posture.collect.answers import Answer

STORAGE_TYPES = {
    "StandardStorage": "STANDARD",
    "GlacierInstantRetrievalStorage": "GLACIER_IR",
    "DeepArchiveStorage": "DEEP_ARCHIVE",
}
"""What CloudWatch calls the storage classes that the stacks use
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html)."""


def bucket_region(clients: Clients, bucket: str, somewhere: str) -> Answer:
    """Where a bucket is. Source: API_GetBucketLocation of the S3 API reference."""

    def question() -> str:
        found = clients("s3", somewhere).get_bucket_location(Bucket=bucket)["LocationConstraint"]
        old = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}
        return str(old.get(found, found))

    return ask("s3:GetBucketLocation", bucket, question, absent=("NoSuchBucket",))


def ask_about_bucket(clients: Clients, bucket: str, region: str, name: str) -> dict[str, Answer]:
    """The answers about a bucket, under ``<name>.…``."""
    s3 = clients("s3", region)

    def get(
        what: str, operation: str, pick: Callable[[Any], Any], absent: str = ""
    ) -> tuple[str, Answer]:
        method = getattr(s3, operation)
        call = "s3:" + "".join(part.capitalize() for part in operation.split("_"))
        answer = ask(call, bucket, lambda: pick(method(Bucket=bucket)), absent=absent.split())
        return f"{name}.{what}", answer

    return dict(
        [
            get("versioning", "get_bucket_versioning", lambda a: a.get("Status", "never enabled")),
            get(
                "lock",
                "get_object_lock_configuration",
                lambda a: a["ObjectLockConfiguration"],
                "ObjectLockConfigurationNotFoundError",
            ),
            get(
                "encryption",
                "get_bucket_encryption",
                lambda a: a["ServerSideEncryptionConfiguration"]["Rules"],
                "ServerSideEncryptionConfigurationNotFoundError",
            ),
            get(
                "public-access",
                "get_public_access_block",
                lambda a: a["PublicAccessBlockConfiguration"],
                "NoSuchPublicAccessBlockConfiguration",
            ),
            get(
                "ownership",
                "get_bucket_ownership_controls",
                lambda a: a["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
                "OwnershipControlsNotFoundError",
            ),
            get("payer", "get_bucket_request_payment", lambda a: a.get("Payer", "BucketOwner")),
            get("access-logs", "get_bucket_logging", lambda a: a.get("LoggingEnabled")),
            get(
                "lifecycle",
                "get_bucket_lifecycle_configuration",
                lambda a: a["Rules"],
                "NoSuchLifecycleConfiguration",
            ),
            get(
                "replication",
                "get_bucket_replication",
                lambda a: a["ReplicationConfiguration"],
                "ReplicationConfigurationNotFoundError",
            ),
            get(
                "policy",
                "get_bucket_policy",
                lambda a: json.loads(a["Policy"]),
                "NoSuchBucketPolicy",
            ),
        ]
    )


def ask_about_key(clients: Clients, arn: str, name: str) -> dict[str, Answer]:
    """The answers about a KMS key, under ``<name>.…``."""
    kms = clients("kms", arn.split(":")[3])
    return {
        f"{name}.state": ask(
            "kms:DescribeKey",
            arn,
            lambda: kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"],
            absent=("NotFoundException",),
        ),
        f"{name}.rotation": ask(
            "kms:GetKeyRotationStatus",
            arn,
            lambda: kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"],
            absent=("NotFoundException",),
        ),
        f"{name}.policy": ask(
            "kms:GetKeyPolicy",
            arn,
            lambda: json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]),
            absent=("NotFoundException",),
        ),
        f"{name}.grants": ask(
            "kms:ListGrants",
            arn,
            lambda: [
                grant["GranteePrincipal"]
                for page in kms.get_paginator("list_grants").paginate(KeyId=arn)
                for grant in page["Grants"]
            ],
            absent=("NotFoundException",),
        ),
    }


def ask_about_size(clients: Clients, bucket: str, region: str) -> Answer:
    """How many bytes a bucket keeps in each storage class, as of the last days."""
    cloudwatch = clients("cloudwatch", region)
    now = datetime.now(UTC)

    def question() -> dict[str, float]:
        sizes: dict[str, float] = {}
        for kind, name in STORAGE_TYPES.items():
            points = cloudwatch.get_metric_statistics(
                Namespace="AWS/S3",
                MetricName="BucketSizeBytes",
                Dimensions=[
                    {"Name": "BucketName", "Value": bucket},
                    {"Name": "StorageType", "Value": kind},
                ],
                StartTime=now - timedelta(days=3),
                EndTime=now,
                Period=86_400,
                Statistics=["Average"],
            )["Datapoints"]
            if points:
                sizes[name] = max(points, key=lambda point: point["Timestamp"])["Average"]
        return sizes

    return ask("cloudwatch:GetMetricStatistics", bucket, question)
