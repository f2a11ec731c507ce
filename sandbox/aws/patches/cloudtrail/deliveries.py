"""Delivery: log files, signed digests and notifications, as far as time is moved on.

CloudTrail's clock stands still by two days behind the real one until it is moved on by a control,
``POST /_sandbox/deliver?hours=2`` (``python -m sandbox deliver``). So what is delivered is never of
the future, and hours of digests take no hours. All else keeps the real time.
"""

from __future__ import annotations

import gzip
import json
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
from sandbox.aws.patches.cloudtrail.digests import ALGORITHM, SigningKey, sha256, sign
from sandbox.aws.patches.cloudtrail.records import GLOBAL_SERVICES, record
from sandbox.aws.patches.cloudtrail.selection import selects
from sandbox.aws.patches.cloudtrail.selectors import DEFAULT_SELECTOR
from sandbox.aws.patches.logs.groups import find_group
from sandbox.aws.patches.registry import REGISTRY, patch
from sandbox.aws.patches.s3.replication import replicate
from sandbox.aws.patches.store import kept, kept_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from moto.cloudtrail.models import Trail

    from sandbox.aws.call import Answer, Call, Reply
    from sandbox.aws.patches.cloudtrail.digests import Digest

BEHIND = timedelta(days=2)
_HOUR = timedelta(hours=1)
_NAME, _MINUTE, _DAY = "%Y%m%dT%H%M%SZ", "%Y%m%dT%H%MZ", "%Y/%m/%d"


@dataclass
class Clock:
    """The time at which CloudTrail records and delivers."""

    offset: timedelta = -BEHIND

    def now(self) -> datetime:
        """The time, to the second."""
        return (datetime.now(UTC) + self.offset).replace(microsecond=0)

    def move(self, hours: int) -> None:
        """Move the clock on.

        Raises:
            ValueError: it would pass the real one, or go back.
        """
        left = int(-self.offset / _HOUR)
        if not 0 <= hours <= left:
            raise ValueError(f"hours must be from 0 to {left}, got {hours}")
        self.offset += hours * _HOUR


@dataclass
class Chain:
    """The digests of one account and region, which name each other."""

    start: datetime
    previous: Digest | None = None
    files: list[tuple[datetime, dict[str, str]]] = field(
        default_factory=list[tuple[datetime, dict[str, str]]]
    )


@dataclass
class Delivery:
    """What a trail has to deliver, and how the last attempt went."""

    pending: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    started: datetime | None = None
    stopped: datetime | None = None
    chains: dict[tuple[str, str], Chain] = field(default_factory=dict[tuple[str, str], Chain])
    status: dict[str, Any] = field(default_factory=dict[str, Any])

    def start(self) -> None:
        """Begin, with new chains of digests unless the trail logged already."""
        if self.started is None or self.stopped is not None:
            self.started, self.stopped = kept_once(Clock).now(), None
            self.chains.clear()

    def stop(self) -> None:
        """Record nothing more; what is pending is delivered yet."""
        self.stopped = self.stopped or kept_once(Clock).now()


@dataclass
class _Deliveries:
    """The deliveries of an account's trails of a region, by ARN."""

    of: dict[str, Delivery] = field(default_factory=dict[str, Delivery])


def delivery_of(trail: Trail) -> Delivery:
    """The delivery of a trail."""
    of = kept(_Deliveries, trail.account_id, trail.region_name).of
    return of.setdefault(trail.arn, Delivery())


def forget(trail: Trail) -> None:
    """Forget what a trail that is deleted had to deliver."""
    kept(_Deliveries, trail.account_id, trail.region_name).of.pop(trail.arn, None)


@patch(
    "cloudtrail",
    "ListPublicKeys",
    "moto lacks this operation",
    limit="one key signs in all regions, and is never rotated",
)
def list_public_keys(_call: Call) -> Answer:
    """List the key that digests are signed with."""
    key, now = kept_once(SigningKey), datetime.now(UTC)
    return {
        "PublicKeyList": [
            {
                "Value": key.public,
                "ValidityStartTime": (now - 30 * BEHIND).timestamp(),
                "ValidityEndTime": (now + 30 * BEHIND).timestamp(),
                "Fingerprint": key.fingerprint,
            }
        ]
    }


@REGISTRY.observe
def observe(call: Call, reply: Reply) -> None:
    """Keep the event of a call for each trail that logs it.

    Events of a call are for the caller's account, and the accounts of the resources.
    """
    trails = [trail for trail in store.all_trails() if trail.status.is_logging]
    event = record(call, reply, kept_once(Clock).now()) if trails else None
    if event is None:
        return
    for account_id in {call.signer.account_id, *call.owners}:
        mine = {**event, "recipientAccountId": account_id}
        for trail in trails:
            basic = trail.event_selectors or [DEFAULT_SELECTOR]
            if _covers(trail, account_id, mine, call.service) and selects(
                basic, trail.advanced_event_selectors, mine
            ):
                delivery_of(trail).pending.append(mine)


@REGISTRY.control("deliver")
def deliver(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Deliver what is pending, move the clock on, and deliver the digests of the hours that passed.

    Args:
        parameters: ``hours``, by default 0.

    Returns:
        ``clock`` (CloudTrail's time now) and ``trails``: for each its ARN, bucket, the keys of its
        new log files and digests, and the error of the last attempt.

    Raises:
        ValueError: the hours are no number, or too many.
    """
    clock = kept_once(Clock)
    trails, now = store.all_trails(), clock.now()
    delivered = {trail.arn: (trail, _deliver_logs(trail, now)) for trail in trails}
    clock.move(int(parameters.get("hours") or 0))
    return {
        "clock": clock.now().isoformat(),
        "trails": [
            {
                "arn": arn,
                "bucket": trail.bucket_name,
                "logFiles": files,
                "digests": _deliver_digests(trail, clock.now()),
                "error": delivery_of(trail).status.get("LatestDeliveryError", ""),
            }
            for arn, (trail, files) in delivered.items()
        ],
    }


def _covers(trail: Trail, account_id: str, event: Mapping[str, Any], service: str) -> bool:
    """Whether an event is of an account and a region that a trail logs."""
    accounts = _accounts(trail)
    if service in GLOBAL_SERVICES and not trail.include_global_service_events:
        return False
    return account_id in accounts and (
        trail.is_multi_region
        or service in GLOBAL_SERVICES
        or event["awsRegion"] == trail.region_name
    )


def _accounts(trail: Trail) -> list[str]:
    organization = trail.is_org_trail and lookups.organization_of(trail.account_id)
    return [str(each.id) for each in organization.accounts] if organization else [trail.account_id]


def _deliver_logs(trail: Trail, now: datetime) -> list[str]:
    """Deliver the pending events, a file for each account and region; the keys of the files."""
    delivery = delivery_of(trail)
    events: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for event in delivery.pending:
        events[event["recipientAccountId"], event["awsRegion"]].append(event)
    delivered: list[str] = []
    for (account_id, region), found in events.items():
        name = f"{now:{_MINUTE}}_{secrets.token_hex(8)}"
        key = _key(trail, account_id, region, kind="CloudTrail", name=name, at=now)
        body = json.dumps({"Records": found}).encode()
        if not _write(trail, key, body, {}):
            # As in AWS, what cannot be delivered is tried again.
            return delivered
        delivered.append(key)
        for event in found:
            delivery.pending.remove(event)
        chain = delivery.chains.setdefault(
            (account_id, region), Chain(start=delivery.started or now)
        )
        chain.files.append((now, _named(trail, key, body, found)))
        _deliver_events(trail, account_id, region, found)
    if delivered:
        _notify(trail, delivered)
    return delivered


def _named(
    trail: Trail, key: str, body: bytes, events: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """A log file as digests name it."""
    times = [event["eventTime"] for event in events]
    return {
        "s3Bucket": trail.bucket_name,
        "s3Object": key,
        "hashValue": sha256(body),
        "hashAlgorithm": "SHA-256",
        "newestEventTime": max(times),
        "oldestEventTime": min(times),
    }


def _deliver_digests(trail: Trail, now: datetime) -> list[str]:
    """Deliver the digests of all hours that are over; the keys of the files."""
    delivery = delivery_of(trail)
    delivered: list[str] = []
    if not trail.log_validation or delivery.started is None:
        return delivered
    for account_id in _accounts(trail):
        for region in _regions(trail):
            place = (account_id, region)
            chain = delivery.chains.setdefault(place, Chain(start=delivery.started))
            delivered += _continue(trail, place, chain, min(now, delivery.stopped or now))
    return delivered


def _continue(trail: Trail, place: tuple[str, str], chain: Chain, until: datetime) -> Iterable[str]:
    account_id, region = place
    while chain.start + _HOUR <= until:
        end = chain.start + _HOUR
        name = f"{trail.trail_name}_{trail.region_name}_{end:{_NAME}}"
        key = _key(trail, account_id, region, kind="CloudTrail-Digest", name=name, at=end)
        files = [each for at, each in chain.files if at < end]
        digest = sign(
            kept_once(SigningKey),
            account_id=account_id,
            place=(trail.bucket_name, key),
            period=(chain.start, end),
            files=files,
            previous=chain.previous,
        )
        signature = {"signature": digest.signature, "signature-algorithm": ALGORITHM}
        if not _write(trail, key, digest.body, signature):
            return
        delivery_of(trail).status["LatestDigestDeliveryTime"] = end.timestamp()
        chain.files = [(at, each) for at, each in chain.files if at >= end]
        chain.start, chain.previous = end, digest
        yield key


def _key(  # noqa: PLR0913 - the parts of a name
    trail: Trail, account_id: str, region: str, *, kind: str, name: str, at: datetime
) -> str:
    """The key of a file.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
    """
    prefix = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    organization = f"{lookups.organization_id(trail.account_id)}/" if trail.is_org_trail else ""
    return (
        f"{prefix}AWSLogs/{organization}{account_id}/{kind}/{region}/{at:{_DAY}}/"
        f"{account_id}_{kind}_{region}_{name}.json.gz"
    )


def _write(trail: Trail, key: str, body: bytes, metadata: Mapping[str, str]) -> bool:
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


def _notify(trail: Trail, keys: Sequence[str]) -> None:
    """Tell the trail's topic of new log files."""
    if trail.sns_topic_name:
        topic = lookups.topic(store.topic_arn(trail))
        if topic is not None:
            topic.publish(json.dumps({"s3Bucket": trail.bucket_name, "s3ObjectKey": list(keys)}))


def _deliver_events(
    trail: Trail, account_id: str, region: str, events: Sequence[Mapping[str, Any]]
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


def _regions(trail: Trail) -> list[str]:
    """The regions of a trail: all that are enabled by default, or its own."""
    if not trail.is_multi_region:
        return [trail.region_name]
    return lookups.default_regions(trail.partition)
