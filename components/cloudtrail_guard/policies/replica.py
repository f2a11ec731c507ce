"""The replica's policies: its bucket, its key, and the role that S3 copies logs with.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
(the role), https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
(the keys), https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html (locks).
"""

from dataclasses import dataclass, replace

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import bucket_arn, dns_suffix, object_arn
from cloudtrail_guard.policies.bucket_guard import BucketGuard, guard_statements
from cloudtrail_guard.policies.conditions import require_exempt_roles
from cloudtrail_guard.policies.document import Document, document, to_json
from cloudtrail_guard.policies.log_key import administration, deny_key_tampering

S3 = "s3.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Replication:
    """From where to where the logs are copied.

    Attributes:
        partition: of both buckets.
        source_bucket: the log bucket's name.
        source_region: its region.
        source_key: ARN of the key that encrypts its logs.
        bucket: the replica's name.
        region: its region.
        key: ARN of the key that encrypts it.
    """

    partition: str
    source_bucket: str
    source_region: str
    source_key: str
    bucket: str
    region: str
    key: str


def replica_bucket_policy(guard: BucketGuard, *, replication_role: str) -> Document:
    """The replica's whole policy: the log bucket's denies, and one role that copies into it.

    Raises:
        InvalidValueError: no role is exempt, an ARN is malformed, or the policy is too long.
    """
    policy = document(
        [
            *guard_statements(replace(guard, replication_role=replication_role)),
        ]
    )
    quotas.BUCKET_POLICY.check(to_json(policy))
    return policy


def replica_key_policy(
    *, partition: str, account: str, break_glass: tuple[str, ...], deployers: tuple[str, ...]
) -> Document:
    """The policy of the replica's key; CloudTrail has nothing to do with it.

    Raises:
        InvalidValueError: no role is exempt, or an ARN is malformed.
    """
    require_exempt_roles("replica key", break_glass, deployers)
    return document(
        [administration(partition, account), *deny_key_tampering(break_glass, deployers)]
    )


def replication_policy(replication: Replication) -> Document:
    """What copying logs takes, and nothing that deletes or hides one."""
    source = bucket_arn(replication.partition, replication.source_bucket)
    return document(
        [
            {
                "Sid": "ReadReplicationConfiguration",
                "Effect": "Allow",
                "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
                "Resource": source,
            },
            {
                "Sid": "ReadLogVersions",
                "Effect": "Allow",
                "Action": [
                    "s3:GetObjectVersionForReplication",
                    "s3:GetObjectVersionAcl",
                    "s3:GetObjectVersionTagging",
                    "s3:GetObjectRetention",
                    "s3:GetObjectLegalHold",
                ],
                "Resource": f"{source}/*",
            },
            {
                "Sid": "WriteReplicas",
                "Effect": "Allow",
                "Action": ["s3:ReplicateObject", "s3:ReplicateTags"],
                "Resource": object_arn(replication.partition, replication.bucket),
            },
            {
                "Sid": "DecryptLogs",
                "Effect": "Allow",
                "Action": "kms:Decrypt",
                "Resource": replication.source_key,
                "Condition": _through_s3(
                    replication.partition, replication.source_region, replication.source_bucket
                ),
            },
            {
                "Sid": "EncryptReplicas",
                "Effect": "Allow",
                "Action": ["kms:Encrypt", "kms:GenerateDataKey"],
                "Resource": replication.key,
                "Condition": _through_s3(
                    replication.partition, replication.region, replication.bucket
                ),
            },
        ]
    )


def _through_s3(partition: str, region: str, bucket: str) -> dict[str, dict[str, object]]:
    """Only through S3, for this bucket.

    The encryption context is the bucket's ARN with a bucket key, else the object's.
    """
    return {
        "StringEquals": {"kms:ViaService": f"s3.{region}.{dns_suffix(partition)}"},
        "StringLike": {
            "kms:EncryptionContext:aws:s3:arn": [
                bucket_arn(partition, bucket),
                object_arn(partition, bucket),
            ]
        },
    }
