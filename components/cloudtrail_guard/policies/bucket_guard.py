"""What the policy of a bucket with logs denies, be they CloudTrail's own or replicas.

The actions come from the table of operations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard.arns import bucket_arn, object_arn
from cloudtrail_guard.operations import Allowed, Target, actions_on
from cloudtrail_guard.policies.conditions import (
    exempt_principals,
    not_a_service,
    require_exempt_roles,
)
from cloudtrail_guard.policies.document import Statement, one_or_many

LOG_PREFIX = "AWSLogs"


@dataclass(frozen=True, kw_only=True)
class BucketGuard:
    """The bucket that is protected, and the exempt principals.

    Attributes:
        partition: the bucket's partition.
        bucket: the bucket's name.
        organization_id: ``o-...``; no one outside it has access. None without Organizations.
        break_glass: full role ARNs that may delete logs and change the bucket.
        deployers: full ARNs of the roles that may change the bucket, but not delete logs.
        backup_roles: full ARNs of the roles with which AWS Backup copies the bucket.
        replication_role: ARN of the one role that replicates into the bucket. None: nothing is
            replicated into it.
    """

    partition: str
    bucket: str
    organization_id: str | None
    break_glass: tuple[str, ...]
    deployers: tuple[str, ...]
    backup_roles: tuple[str, ...] = ()
    replication_role: str | None = None

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return bucket_arn(self.partition, self.bucket)

    def objects(self, key: str = "*") -> str:
        """The ARN of the bucket's objects under a key pattern."""
        return object_arn(self.partition, self.bucket, key)


def guard_statements(guard: BucketGuard) -> list[Statement]:
    """The denies of a bucket with logs.

    Raises:
        InvalidValueError: no role is exempt, or an exempt ARN is not one role or user.
    """
    exempt = (*guard.deployers, *guard.backup_roles)
    require_exempt_roles(f"log bucket {guard.bucket!r}", guard.break_glass, exempt)
    return [
        _deny_deletion(guard),
        *_deny_tampering(guard),
        _deny_forgery(guard),
        *_deny_outsiders(guard),
        *deny_insecure_transport(guard.partition, guard.bucket),
        _deny_replication(guard),
    ]


def deny_insecure_transport(partition: str, bucket: str) -> list[Statement]:
    """No request without TLS, and none below TLS 1.2.

    The values are strings: a JSON boolean or number never equals what AWS gives back, and the
    auditors' checks compare with the string ``"false"``.
    """
    everything = [bucket_arn(partition, bucket), object_arn(partition, bucket)]
    return [
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": everything,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "DenyOutdatedTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": everything,
            "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        },
    ]


def _deny_deletion(guard: BucketGuard) -> Statement:
    return {
        "Sid": "DenyDeleteCloudTrailLogs",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions_on(Target.OBJECTS),
        "Resource": guard.objects(),
        "Condition": exempt_principals(guard.break_glass),
    }


def bucket_changes(
    sid: str, managers: Sequence[str], backup_roles: Sequence[str]
) -> list[tuple[str, list[str], tuple[str, ...]]]:
    """Sid, actions and exempt principals of the denies of bucket changes.

    AWS Backup has the bucket notify EventBridge of new objects: its roles, if there are any, change
    notifications and nothing else
    (https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html).

    Args:
        sid: the Sid of the first one.
        managers: full ARNs of the principals that may change the bucket.
        backup_roles: full ARNs of the roles of AWS Backup.
    """
    if not backup_roles:
        return [(sid, actions_on(Target.BUCKET), tuple(managers))]
    return [
        (sid, actions_on(Target.BUCKET, Allowed.DEPLOYER), tuple(managers)),
        (
            f"{sid.removesuffix('Tampering')}Notification",
            actions_on(Target.BUCKET, Allowed.BACKUP),
            (*managers, *backup_roles),
        ),
    ]


def _deny_tampering(guard: BucketGuard) -> list[Statement]:
    managers = (*guard.break_glass, *guard.deployers)
    return [
        {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": one_or_many(actions),
            "Resource": guard.arn,
            "Condition": exempt_principals(exempt),
        }
        for sid, actions, exempt in bucket_changes(
            "DenyLogBucketTampering", managers, guard.backup_roles
        )
    ]


def _deny_forgery(guard: BucketGuard) -> Statement:
    """Only AWS services write log files: a planted one is worse than a missing one."""
    return {
        "Sid": "DenyLogForgery",
        "Effect": "Deny",
        "Principal": "*",
        "Action": one_or_many(actions_on(Target.LOG_PREFIX)),
        "Resource": guard.objects(f"{LOG_PREFIX}/*"),
        "Condition": not_a_service(),
    }


def _deny_replication(guard: BucketGuard) -> Statement:
    """S3 replication writes, hides and tags objects without PutObject, DeleteObject or tagging."""
    exempt = guard.break_glass if guard.replication_role is None else (guard.replication_role,)
    return {
        "Sid": "DenyReplicationByOthers",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions_on(Target.REPLICATION),
        "Resource": guard.objects(),
        "Condition": exempt_principals(exempt),
    }


def _deny_outsiders(guard: BucketGuard) -> list[Statement]:
    """Deny everyone outside the organization, whatever another statement, now or later, allows.

    The exempt roles are named, so that an account that leaves the organization is not locked out
    of its own bucket, nor are logs of an account that leaves lost to the replica.
    """
    if guard.organization_id is None:
        return []
    replication = () if guard.replication_role is None else (guard.replication_role,)
    return [
        {
            "Sid": "DenyOutsideOrganization",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [guard.arn, guard.objects()],
            "Condition": {
                "StringNotEquals": {"aws:PrincipalOrgID": guard.organization_id},
                **exempt_principals((*guard.break_glass, *guard.deployers, *replication)),
                **not_a_service(),
            },
        }
    ]
