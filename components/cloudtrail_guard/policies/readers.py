"""What those who read logs may do: read, query, and nothing that changes a log.

In the log bucket's own account this is all that a role needs: neither the bucket's nor the key's
policy has to name it, because the key's policy leaves the account to IAM.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import bucket_arn, object_arn, parse_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Target, actions_on
from cloudtrail_guard.policies.bucket_guard import LOG_PREFIX
from cloudtrail_guard.policies.conditions import member_trail_arns
from cloudtrail_guard.policies.document import (
    Document,
    Statement,
    document,
    one_or_many,
    to_json,
)
from cloudtrail_guard.policies.log_key import encryption_contexts


@dataclass(frozen=True, kw_only=True)
class LogSource:
    """The logs that are read.

    Attributes:
        bucket: the log bucket's name.
        key_arn: ARN of the key that encrypts the logs.
        trails: ARNs of the trails that write them.
        member_trails: names of trails with which any account writes them.
    """

    bucket: str
    key_arn: str
    trails: tuple[str, ...]
    member_trails: tuple[str, ...] = ()

    @property
    def partition(self) -> str:
        """The partition of bucket and key."""
        return parse_arn(self.key_arn, service="kms", what="log key").partition


@dataclass(frozen=True, kw_only=True)
class QueryAccess:
    """The query layer over the logs.

    Attributes:
        workgroup: the name of the Athena workgroup.
        database: the name of the Glue database.
        results_bucket: the name of the bucket with the results.
        results_key_arn: ARN of the key that encrypts the results; all is in the key's region and
            account.
    """

    workgroup: str
    database: str
    results_bucket: str
    results_key_arn: str


def log_read_statements(source: LogSource) -> list[Statement]:
    """Allows listing, getting and decrypting logs, and no other object of the bucket.

    Raises:
        InvalidValueError: no trail is named, or an ARN is malformed.
    """
    if not source.trails:
        raise InvalidValueError(
            "log readers: no trail is named; give the ARNs of the trails whose logs are read"
        )
    contexts = [
        *encryption_contexts(source.trails),
        *member_trail_arns(source.partition, source.member_trails),
    ]
    bucket = bucket_arn(source.partition, source.bucket)
    return [
        _allow("LocateLogs", ["s3:GetBucketLocation"], bucket),
        {
            **_allow("ListLogs", ["s3:ListBucket", "s3:ListBucketVersions"], bucket),
            "Condition": {"StringLike": {"s3:prefix": [LOG_PREFIX, f"{LOG_PREFIX}/*"]}},
        },
        _allow(
            "GetLogs",
            ["s3:GetObject", "s3:GetObjectVersion"],
            object_arn(source.partition, source.bucket, f"{LOG_PREFIX}/*"),
        ),
        {
            **_allow("DecryptLogs", ["kms:Decrypt"], source.key_arn),
            "Condition": {
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": one_or_many(contexts)}
            },
        },
    ]


def reader_policy(source: LogSource, queries: QueryAccess | None = None) -> Document:
    """The policy of a role that reads logs.

    The deny holds whatever else is attached to the role one day.

    Args:
        source: the logs.
        queries: the query layer, if the role may use it: it writes results, nothing else.

    Raises:
        InvalidValueError: no trail is named, or an ARN is malformed.
    """
    return _fitting(
        [
            *log_read_statements(source),
            *([] if queries is None else _query_statements(queries)),
            _deny_changing(source),
        ]
    )


def integrity_policy(source: LogSource) -> Document:
    """The policy of a role that proves logs to be whole: it reads logs, digests and public keys.

    Public keys belong to CloudTrail, not to an account, so that call knows no resource
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html).

    Raises:
        InvalidValueError: no trail is named, or an ARN is malformed.
    """
    return _fitting(
        [
            *log_read_statements(source),
            _allow("ListPublicKeys", ["cloudtrail:ListPublicKeys"], "*"),
            _deny_changing(source),
        ]
    )


def _fitting(statements: Sequence[Statement]) -> Document:
    policy = document(statements)
    quotas.ROLE_POLICIES.check(to_json(policy), ": name fewer trails")
    return policy


def _deny_changing(source: LogSource) -> Statement:
    return {
        "Sid": "DenyChangingLogs",
        "Effect": "Deny",
        "Action": [
            *actions_on(Target.LOG_PREFIX),
            *actions_on(Target.OBJECTS),
            *actions_on(Target.REPLICATION),
            *actions_on(Target.BUCKET),
        ],
        "Resource": [
            bucket_arn(source.partition, source.bucket),
            object_arn(source.partition, source.bucket),
        ],
    }


def _query_statements(queries: QueryAccess) -> list[Statement]:
    """Source: https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html."""
    key = parse_arn(queries.results_key_arn, service="kms", what="results key")
    here = f"{key.region}:{key.account}"
    athena = f"arn:{key.partition}:athena:{here}"
    glue = f"arn:{key.partition}:glue:{here}"
    results = bucket_arn(key.partition, queries.results_bucket)
    return [
        _allow(
            "QueryLogs",
            [
                "athena:BatchGetNamedQuery",
                "athena:BatchGetQueryExecution",
                "athena:GetNamedQuery",
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetQueryResultsStream",
                "athena:GetWorkGroup",
                "athena:ListNamedQueries",
                "athena:ListQueryExecutions",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ],
            f"{athena}:workgroup/{queries.workgroup}",
        ),
        _allow(
            "ReadTable",
            [
                "glue:GetDatabase",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ],
            [
                f"{glue}:catalog",
                f"{glue}:database/{queries.database}",
                f"{glue}:table/{queries.database}/*",
            ],
        ),
        _allow("LocateResults", ["s3:GetBucketLocation", "s3:ListBucket"], results),
        _allow(
            "KeepResults",
            [
                "s3:AbortMultipartUpload",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
            ],
            f"{results}/*",
        ),
        _allow("EncryptResults", ["kms:Decrypt", "kms:GenerateDataKey"], queries.results_key_arn),
    ]


def _allow(sid: str, actions: Sequence[str], resources: str | list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}
