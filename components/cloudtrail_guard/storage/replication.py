"""How logs are copied to a second region.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
"""

from typing import Any

from cloudtrail_guard.arns import bucket_arn
from cloudtrail_guard.errors import InvalidValueError

RULE_ID = "replicate-logs"
"""The replication rule's id."""

REPLICATION_TIME_MINUTES = 15
"""The only value that S3 takes
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html)."""


def check_replica(*, source_bucket: str, source_region: str, bucket: str, region: str) -> None:
    """Reject a replica that would be lost with its source.

    Raises:
        InvalidValueError: both are one bucket, or in one region.
    """
    if region == source_region:
        raise InvalidValueError(
            f"replica region {region!r} is the log bucket's own: a replica there would be lost "
            "with it; name another region of the same partition"
        )
    if bucket == source_bucket:
        raise InvalidValueError(
            f"replica bucket {bucket!r} is the log bucket itself: give the replica another name"
        )


def replication_rule(
    *, partition: str, bucket: str, key: str, replication_time: bool
) -> dict[str, Any]:
    """The one rule of the log bucket's replication, in Pulumi's names.

    Everything in the bucket, whatever encrypts it. No delete marker: what is hidden in one bucket
    stays visible in the other.

    Args:
        partition: of both buckets.
        bucket: the replica's name.
        key: ARN of the replica's key.
        replication_time: whether S3 promises 15 minutes and measures them, at extra cost.
    """
    destination: dict[str, Any] = {
        "bucket": bucket_arn(partition, bucket),
        "encryption_configuration": {"replica_kms_key_id": key},
    }
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
