"""Where CloudTrail delivers to: a trail's bucket, topic and log group."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.s3.models import s3_backends

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudtrail import store
from sandbox.aws.patches.cloudtrail.delivery_checks import (
    check_bucket,
    check_key,
    check_log_group,
    stream_name,
)
from sandbox.aws.patches.cloudtrail.delivery_state import delivery_of
from sandbox.aws.patches.logs.groups import find_group
from sandbox.aws.patches.s3.replication import replicate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moto.cloudtrail.models import Trail


def write(trail: Trail, key: str, body: bytes, metadata: Mapping[str, str]) -> bool:
    """Write a file as CloudTrail would, if bucket and key let it; whether they did."""
    status = delivery_of(trail).status
    try:
        check_bucket(trail, key)
        check_key(trail)
    except AwsError as error:
        status["LatestDeliveryError"] = error.code
        return False
    bucket = lookups.bucket(trail.bucket_name)
    assert bucket is not None  # noqa: S101 - checked above
    locked = bool(bucket.object_lock_enabled and bucket.has_default_lock)
    made = s3_backends[bucket.account_id][bucket.partition].put_object(
        bucket.name,
        key,
        gzip.compress(body),
        encryption="aws:kms" if trail.kms_key_id else None,
        kms_key_id=trail.kms_key_id or None,
        lock_mode=bucket.default_lock_mode if locked else None,
        lock_until=bucket.default_retention() if locked else None,
    )
    made.set_metadata({f"x-amz-meta-{name}": value for name, value in metadata.items()})
    replicate(bucket, made)
    status.pop("LatestDeliveryError", None)
    return True


def notify(trail: Trail, keys: Sequence[str]) -> None:
    """Tell the trail's topic of new log files."""
    if trail.sns_topic_name:
        topic = lookups.topic(store.topic_arn(trail))
        if topic is not None:
            topic.publish(json.dumps({"s3Bucket": trail.bucket_name, "s3ObjectKey": list(keys)}))


def log(
    trail: Trail, account_id: str, region: str, events: Sequence[Mapping[str, Any]], *, at: datetime
) -> None:
    """Deliver events to the trail's log group, if it has one and may."""
    if not trail.cw_log_group_arn:
        return
    status = delivery_of(trail).status
    try:
        check_log_group(trail)
    except AwsError as error:
        status["LatestCloudWatchLogsDeliveryError"] = error.code
        return
    owner, name = trail.cw_log_group_arn.split(":")[4], trail.cw_log_group_arn.split(":")[6]
    group = find_group(name, account_id=owner, region=trail.region_name)
    assert group is not None  # noqa: S101 - checked above
    stream = stream_name(trail, account_id, region)
    if stream not in group.streams:
        group.create_log_stream(stream)
    group.put_log_events(
        stream,
        [
            {
                "timestamp": int(datetime.fromisoformat(event["eventTime"]).timestamp() * 1000),
                "message": json.dumps(event),
            }
            for event in events
        ],
    )
    status.pop("LatestCloudWatchLogsDeliveryError", None)
    status["LatestCloudWatchLogsDeliveryTime"] = at.timestamp()
