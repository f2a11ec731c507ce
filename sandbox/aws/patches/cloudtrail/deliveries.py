"""Delivery: log files, signed digests and notifications, as far as time is moved on.

CloudTrail's clock stands still by two days behind the real one until it is moved on by a control,
``POST /_sandbox/deliver?hours=2`` (``python -m sandbox deliver``). So what is delivered is never of
the future, and hours of digests take no hours. All else keeps the real time.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.patches.cloudtrail import store
from sandbox.aws.patches.cloudtrail.delivery_state import BEHIND, HOUR, Chain, Clock, delivery_of
from sandbox.aws.patches.cloudtrail.delivery_targets import log, notify, write
from sandbox.aws.patches.cloudtrail.digests import ALGORITHM, SigningKey, sha256, sign
from sandbox.aws.patches.cloudtrail.records import (
    GLOBAL_SERVICES,
    recipients,
    record,
    service_events,
)
from sandbox.aws.patches.cloudtrail.selection import selects
from sandbox.aws.patches.cloudtrail.selectors import DEFAULT_SELECTOR
from sandbox.aws.patches.events import delivery as event_bus
from sandbox.aws.patches.registry import REGISTRY, patch
from sandbox.aws.patches.store import kept_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from moto.cloudtrail.models import Trail

    from sandbox.aws.call import Answer, Call, Reply

_NAME, _MINUTE, _DAY = "%Y%m%dT%H%M%SZ", "%Y%m%dT%H%MZ", "%Y/%m/%d"


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


@dataclass
class _Logging:
    """The trails that logged when the last call was answered, as they were."""

    trails: list[Trail] = field(default_factory=list["Trail"])


@REGISTRY.observe
def observe(call: Call, reply: Reply) -> None:
    """Keep the event of a call for each trail that logs it, and send it to EventBridge.

    Events of a call are for the caller's account, and the accounts of the resources. EventBridge
    has what a trail logs, and the call that ended that too: by stopping or deleting the trail, or
    by other selectors.
    """
    trails = [trail for trail in store.all_trails() if trail.status.is_logging]
    logging = kept_once(_Logging)
    before, logging.trails = logging.trails, [copy(trail) for trail in trails]
    event = record(call, reply, kept_once(Clock).now()) if trails or before else None
    if event is None:
        return
    for account_id in recipients(call, reply):
        mine = {**event, "recipientAccountId": account_id}
        logged = [trail for trail in trails if _logs(trail, account_id, mine, call.service)]
        for trail in logged:
            delivery_of(trail).pending.append(mine)
        if logged or any(_logs(trail, account_id, mine, call.service) for trail in before):
            event_bus.deliver(account_id, mine)
    for account_id, service_event in service_events(call, reply, kept_once(Clock).now()):
        logged = [t for t in trails if _logs(t, account_id, service_event, call.service)]
        for trail in logged:
            delivery_of(trail).pending.append(service_event)
        if logged:
            event_bus.deliver(account_id, service_event)


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


def _logs(trail: Trail, account_id: str, event: Mapping[str, Any], service: str) -> bool:
    """Whether a trail logs an event of an account."""
    basic = trail.event_selectors or [DEFAULT_SELECTOR]
    return _covers(trail, account_id, event, service) and selects(
        basic, trail.advanced_event_selectors, event
    )


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
        if not write(trail, key, body, {}):
            # As in AWS, what cannot be delivered is tried again.
            return delivered
        delivered.append(key)
        for event in found:
            delivery.pending.remove(event)
        chain = delivery.chains.setdefault(
            (account_id, region), Chain(start=delivery.started or now)
        )
        chain.files.append((now, _named(trail, key, body, found)))
        log(trail, account_id, region, found, at=now)
    if delivered:
        notify(trail, delivered)
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
    while chain.start + HOUR <= until:
        end = chain.start + HOUR
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
        if not write(trail, key, digest.body, signature):
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


def _regions(trail: Trail) -> list[str]:
    """The regions of a trail: all that are enabled by default, or its own."""
    if not trail.is_multi_region:
        return [trail.region_name]
    return lookups.default_regions(trail.partition)
