"""What is done to the logs: to their bucket, to the log files in it, and to their key."""

from collections.abc import Sequence
from typing import Any

from cloudtrail_guard.detection.event_patterns import Clause, calls, refusal_names
from cloudtrail_guard.operations import Target, events_on


def bucket_clauses(bucket: str) -> list[Clause]:
    """The patterns of what is done to a bucket, by its name or, where tags are set, by its ARN."""
    named: list[Clause] = [
        {"requestParameters": {"bucketName": [bucket]}},
        {"requestParameters": {"resourceArn": [{"wildcard": f"arn:*:s3:::{bucket}"}]}},
    ]
    return [{**calls("s3", events_on(Target.BUCKET)), "$or": named}]


def object_clauses(bucket: str) -> list[Clause]:
    """The patterns of what is done to objects: data events, if a trail records them."""
    names = events_on(Target.OBJECTS, data_events=True)
    return [calls("s3", names, requestParameters={"bucketName": [bucket]})]


def planting_clauses(bucket: str) -> list[Clause]:
    """The patterns of new log files of others: CloudTrail's own writes are of no ARN."""
    planted: dict[str, Any] = {
        "userIdentity": {"arn": [{"exists": True}]},
        "requestParameters": {"bucketName": [bucket]},
    }
    return [calls("s3", events_on(Target.LOG_PREFIX, data_events=True), **planted)]


def key_clauses(arns: Sequence[str]) -> list[Clause]:
    """The patterns of what is done to keys.

    By the ARN that CloudTrail adds, or as a key was asked for: by id or ARN.

    Args:
        arns: the keys' ARNs.
    """
    ids = [arn.rpartition("/")[2] for arn in arns]
    asked = [{"suffix": each} for each in ids]
    named: list[Clause] = [
        {"resources": {"ARN": [*arns]}},
        {"requestParameters": {"keyId": asked}},
        {"requestParameters": {"targetKeyId": asked}},
        refusal_names(f"key/{each}" for each in ids),
    ]
    return [{**calls("kms", events_on(Target.KEY)), "$or": named}]
