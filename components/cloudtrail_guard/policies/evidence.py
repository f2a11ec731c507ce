"""The policies of buckets that hold evidence besides the logs: access logs and query results.

Neither has an Object Lock: S3 delivers access logs to no bucket with a default retention
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html), and a
bucket of results leaves with its stack. Versions and these denies keep what is in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import bucket_arn, object_arn
from cloudtrail_guard.operations import Target, actions_on
from cloudtrail_guard.policies.bucket_guard import deny_insecure_transport
from cloudtrail_guard.policies.conditions import (
    exempt_principals,
    not_a_service,
    require_exempt_roles,
)
from cloudtrail_guard.policies.document import Document, Statement, document, one_or_many, to_json


@dataclass(frozen=True, kw_only=True)
class EvidenceBucket:
    """A bucket with evidence, and who may delete it.

    Attributes:
        partition: the bucket's partition.
        bucket: its name.
        break_glass: full role ARNs that may delete evidence and change the bucket. None: nothing
            is denied but insecure transport.
        deployers: full ARNs of the roles that may change the bucket, but not delete evidence.
    """

    partition: str
    bucket: str
    break_glass: tuple[str, ...] = ()
    deployers: tuple[str, ...] = ()


def access_log_bucket_policy(
    evidence: EvidenceBucket, *, source_bucket: str, account: str
) -> Document:
    """The policy of the bucket that receives the log bucket's server access logs.

    S3's log delivery, an AWS service, alone writes there.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html

    Args:
        evidence: the bucket.
        source_bucket: name of the bucket whose access logs it receives.
        account: id of the account of both.

    Raises:
        InvalidValueError: an exempt ARN is not one role or user, or the policy is too long.
    """
    objects = object_arn(evidence.partition, evidence.bucket)
    return _checked(
        [
            {
                "Sid": "S3ServerAccessLogsWrite",
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": objects,
                "Condition": {
                    "ArnLike": {"aws:SourceArn": bucket_arn(evidence.partition, source_bucket)},
                    "StringEquals": {"aws:SourceAccount": account},
                },
            },
            *deny_insecure_transport(evidence.partition, evidence.bucket),
            *_deny_loss(evidence),
            *(
                [
                    _deny(
                        "DenyEvidenceForgery",
                        actions_on(Target.LOG_PREFIX),
                        objects,
                        not_a_service(),
                    )
                ]
                if evidence.break_glass
                else []
            ),
        ]
    )


def results_bucket_policy(evidence: EvidenceBucket) -> Document:
    """The policy of the bucket with the results of queries, which those write who query.

    Athena writes with the permissions of who asks, and deletes nothing
    (https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html).

    Raises:
        InvalidValueError: an exempt ARN is not one role or user, or the policy is too long.
    """
    return _checked(
        [*deny_insecure_transport(evidence.partition, evidence.bucket), *_deny_loss(evidence)]
    )


def _deny_loss(evidence: EvidenceBucket) -> list[Statement]:
    if not evidence.break_glass:
        return []
    what = f"bucket {evidence.bucket!r}"
    require_exempt_roles(what, evidence.break_glass, evidence.deployers)
    bucket = bucket_arn(evidence.partition, evidence.bucket)
    objects = object_arn(evidence.partition, evidence.bucket)
    managers = exempt_principals((*evidence.break_glass, *evidence.deployers))
    return [
        _deny(
            "DenyEvidenceDeletion",
            [*actions_on(Target.OBJECTS), *actions_on(Target.REPLICATION)],
            objects,
            exempt_principals(evidence.break_glass),
        ),
        _deny("DenyEvidenceTampering", actions_on(Target.BUCKET), bucket, managers),
    ]


def _deny(
    sid: str, actions: list[str], resource: str, condition: Mapping[str, object]
) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": one_or_many(actions),
        "Resource": resource,
        "Condition": condition,
    }


def _checked(statements: list[Statement]) -> Document:
    policy = document(statements)
    quotas.BUCKET_POLICY.check(to_json(policy))
    return policy
