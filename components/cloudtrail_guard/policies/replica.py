"""The replica's policies: its bucket, its key, and the role that S3 copies logs with.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
(the role), https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
(the keys), https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html (locks),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html (two accounts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import (
    Location,
    bucket_arn,
    dns_suffix,
    object_arn,
    parse_arn,
    root_arn,
)
from cloudtrail_guard.policies.bucket_guard import BucketGuard, guard_statements
from cloudtrail_guard.policies.conditions import require_exempt_roles
from cloudtrail_guard.policies.document import (
    Document,
    Statement,
    document,
    one_or_many,
    to_json,
)
from cloudtrail_guard.policies.log_key import administration, deny_key_tampering

S3 = "s3.amazonaws.com"
WRITE = ["s3:ReplicateObject", "s3:ReplicateTags"]
CHECK = ["s3:GetBucketVersioning"]
ENCRYPT = ["kms:Encrypt", "kms:GenerateDataKey"]
"""What replication needs of the replica's objects, its bucket and its key."""


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
        foreign: whether the replica is in another account.
    """

    partition: str
    source_bucket: str
    source_region: str
    source_key: str
    bucket: str
    region: str
    key: str
    foreign: bool = False


def replica_bucket_policy(guard: BucketGuard, *, account: str, replication_role: str) -> Document:
    """The replica's whole policy: the log bucket's denies, and one role that copies into it.

    Args:
        guard: the replica, and who is exempt.
        account: the replica's account. A role of another one needs to be let in.
        replication_role: ARN of the role that S3 replicates with.

    Raises:
        InvalidValueError: no role is exempt, an ARN is malformed, or the policy is too long.
    """
    role, objects = replication_role, guard.objects()
    policy = document(
        [
            *guard_statements(replace(guard, replication_role=role)),
            # AWS's example also grants ReplicateDelete, by which delete markers would hide
            # replicas, and PutBucketVersioning. No owner has to be overridden: without ACLs, all
            # that is in the bucket is its account's
            # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-change-owner.html).
            *_admit("AllowReplication", WRITE, objects, role=role, account=account),
            *_admit("AllowReplicationChecks", CHECK, guard.arn, role=role, account=account),
        ]
    )
    quotas.BUCKET_POLICY.check(to_json(policy))
    return policy


def _admit(  # noqa: PLR0913 - all that a statement is made of
    sid: str,
    actions: Sequence[str],
    resource: str,
    *,
    role: str,
    account: str,
    conditions: Mapping[str, object] | None = None,
) -> list[Statement]:
    """An Allow for one role of another account; none for one of this account, which IAM admits.

    By a condition and not as the principal: S3 and KMS refuse the ARN of a role that is still to be
    made, and a role that is made again would be another principal
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles).
    """
    source = parse_arn(role, service="iam", what="replication role")
    if source.account == account:
        return []
    return [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"AWS": root_arn(source.partition, source.account)},
            "Action": one_or_many(actions),
            "Resource": resource,
            "Condition": {"ArnEquals": {"aws:PrincipalArn": role}, **(conditions or {})},
        }
    ]


def replica_key_policy(
    location: Location,
    *,
    bucket: str,
    replication_role: str,
    break_glass: tuple[str, ...],
    deployers: tuple[str, ...],
) -> Document:
    """The policy of the replica's key; CloudTrail has nothing to do with it.

    Args:
        location: where the key is.
        bucket: the replica's name.
        replication_role: ARN of the role that S3 replicates with.
        break_glass: full ARNs of the roles that may disable and delete the key.
        deployers: full ARNs of the roles that may change it besides.

    Raises:
        InvalidValueError: no role is exempt, or an ARN is malformed.
    """
    require_exempt_roles("replica key", break_glass, deployers)
    return document(
        [
            administration(location.partition, location.account),
            *deny_key_tampering(break_glass, deployers),
            *_admit(
                "AllowReplicationEncrypt",
                ENCRYPT,
                "*",
                role=replication_role,
                account=location.account,
                conditions=_through_s3(location.partition, location.region, bucket),
            ),
        ]
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
                "Action": WRITE,
                "Resource": object_arn(replication.partition, replication.bucket),
            },
            *([_check_replica(replication)] if replication.foreign else ()),
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
                "Action": ENCRYPT,
                "Resource": replication.key,
                "Condition": _through_s3(
                    replication.partition, replication.region, replication.bucket
                ),
            },
        ]
    )


def _check_replica(replication: Replication) -> Statement:
    return {
        "Sid": "CheckReplicas",
        "Effect": "Allow",
        "Action": one_or_many(CHECK),
        "Resource": bucket_arn(replication.partition, replication.bucket),
    }


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
