"""How logs are copied to a second region, or to another account.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
"""

from typing import Any

from cloudtrail_guard.arns import Location, bucket_arn, parse_arn
from cloudtrail_guard.errors import InvalidValueError

RULE_ID = "replicate-logs"
"""The replication rule's id."""

REPLICATION_TIME_MINUTES = 15
"""The only value that S3 takes
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html)."""


def check_replica(*, source_bucket: str, source: Location, bucket: str, replica: Location) -> None:
    """Reject a replica that would be lost with its source.

    In another account it may be in the same region, where logs may not leave that one
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html#srr-scenario).

    Args:
        source_bucket: the log bucket's name.
        source: its account and region.
        bucket: the replica's name.
        replica: the replica's account and region.

    Raises:
        InvalidValueError: both are one bucket, or in one region of one account.
    """
    if replica == source:
        raise InvalidValueError(
            f"replica region {replica.region!r} is the log bucket's own, in the same account: a "
            "replica there would be lost with it; name another region of the same partition, or a "
            "replica in another account"
        )
    if bucket == source_bucket:
        raise InvalidValueError(
            f"replica bucket {bucket!r} is the log bucket itself: give the replica another name"
        )


def location_of_key(*, key: str, partition: str) -> Location:
    """Account and region of a replica's key, and so of the replica.

    Args:
        key: ARN of the key.
        partition: of the log bucket.

    Raises:
        InvalidValueError: the key is of another partition: S3 replicates within one.
    """
    arn = parse_arn(key, service="kms", what="replica key")
    if arn.partition != partition:
        raise InvalidValueError(
            f"replica key {key!r} is of partition {arn.partition}, and the log bucket of "
            f"{partition}: name a replica of the same partition"
        )
    return Location(partition=partition, account=arn.account, region=arn.region)


def check_replication_role(role: str, replica: Location) -> None:
    """Reject a role that does not copy from another account of the partition.

    Args:
        role: ARN of the role that S3 replicates with.
        replica: the replica's account and region.

    Raises:
        InvalidValueError: the role is of the replica's own account, or of another partition.
    """
    source = parse_arn(role, service="iam", what="replication role")
    if source.account == replica.account:
        raise InvalidValueError(
            f"replication role {role!r} is of the replica's own account, whose administrators "
            "could delete logs and replicas alike: name the role of the log bucket's account"
        )
    if source.partition != replica.partition:
        raise InvalidValueError(
            f"replication role {role!r} is of partition {source.partition}, and the replica of "
            f"{replica.partition}: S3 replicates within one partition"
        )


def replication_rule(
    *,
    partition: str,
    bucket: str,
    key: str,
    replication_time: bool,
    account: str | None = None,
) -> dict[str, Any]:
    """The one rule of the log bucket's replication, in Pulumi's names.

    Everything in the bucket, whatever encrypts it. No delete marker: what is hidden in one bucket
    stays visible in the other.

    Args:
        partition: of both buckets.
        bucket: the replica's name.
        key: ARN of the replica's key.
        replication_time: whether S3 promises 15 minutes and measures them, at extra cost.
        account: the replica's account, where it is another one.
    """
    destination: dict[str, Any] = {
        "bucket": bucket_arn(partition, bucket),
        "encryption_configuration": {"replica_kms_key_id": key},
    }
    if account is not None:
        destination["account"] = account
    if replication_time:
        minutes = {"minutes": REPLICATION_TIME_MINUTES}
        destination["replication_time"] = {"status": "Enabled", "time": minutes}
        destination["metrics"] = {"status": "Enabled", "event_threshold": minutes}
    return {
        "id": RULE_ID,
        "status": "Enabled",
        "priority": 0,
        "filter": {},
        "delete_marker_replication": {"status": "Disabled"},
        "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
        "destination": destination,
    }
