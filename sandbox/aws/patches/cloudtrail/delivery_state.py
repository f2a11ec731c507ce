"""CloudTrail's clock, and what each trail has to deliver."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.aws.patches.store import kept, kept_once

if TYPE_CHECKING:
    from moto.cloudtrail.models import Trail

    from sandbox.aws.patches.cloudtrail.digests import Digest

BEHIND = timedelta(days=2)
HOUR = timedelta(hours=1)


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
        left = int(-self.offset / HOUR)
        if not 0 <= hours <= left:
            raise ValueError(f"hours must be from 0 to {left}, got {hours}")
        self.offset += hours * HOUR


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
