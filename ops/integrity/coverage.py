"""Whether valid digests cover every hour of a period.

CloudTrail delivers a digest file for every hour, account and region, also when nothing happened
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html).
The chain alone does not show that: where a digest and the one before it are both gone,
`validate-logs` goes on with the next that is there
(https://github.com/aws/aws-cli/issues/7054).
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from integrity.findings import IntegrityFinding, Kind

HOUR = timedelta(hours=1)
LATE = 2 * HOUR
"""How late the newest digest may be: an hour until it is due, and one to deliver it."""
REPLICATION = timedelta(minutes=15)
"""How much later it may be in a replica: most objects take less, and S3 promises it where
Replication Time Control is on
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html)."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """The time that is verified.

    Attributes:
        start: from when.
        end: until when.
        now: the time of the verification.
        replicated: whether a replica is read.
    """

    start: datetime
    end: datetime
    now: datetime
    replicated: bool = False

    @property
    def due(self) -> datetime:
        """Until when digests must be there."""
        return min(self.end, self.now - late(replicated=self.replicated))

    @property
    def read_until(self) -> datetime:
        """Until when digests are read: the one of the last hour ends after it.

        What a newer digest in a replica lists may still be on its way, in any order.
        """
        return (self.due if self.replicated else self.end) + HOUR


def late(*, replicated: bool) -> timedelta:
    """How late the newest digest may be, in the log bucket or in a replica."""
    return LATE + REPLICATION if replicated else LATE


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A digest file that proves its hour, or one that could not be read.

    Attributes:
        key: its key in the bucket.
        start: the period's start.
        end: the period's end.
        signature: its own signature; empty where it could not be read.
        previous_key: the key of the one before it; None where a chain starts.
        previous_signature: the signature of the one before it.
        previous_bucket: the bucket of the one before it.
        readable: False for one that may be valid and could not be read: a finding of its own.
    """

    key: str
    start: datetime
    end: datetime
    signature: str = ""
    previous_key: str | None = None
    previous_signature: str | None = None
    previous_bucket: str | None = None
    readable: bool = True


def uncovered(
    digests: Sequence[Digest],
    period: Period,
    invalid: Collection[str] = (),
    log_between: Callable[[datetime, datetime], str | None] = lambda _since, _until: None,
) -> list[IntegrityFinding]:
    """The hours that no digest proves, and digests that do not follow each other.

    Args:
        digests: the valid ones, and those that could not be read.
        period: the time that must be covered, up to `Period.due`.
        invalid: keys of files that are named like digests and are not valid. They prove nothing.
        log_between: the key of a log file that was delivered between two times, if there is one:
            where logs were delivered, the trail was neither stopped nor new.
    """
    before = partial(_before, invalid=invalid, log_between=log_between)
    if not digests:
        none = "there is no valid digest" if invalid else "there is no digest at all"
        return [_missing(period.start, period.due, none)] if period.due > period.start else []
    ordered = sorted(digests, key=lambda digest: (digest.end, digest.start))
    first, last = ordered[0], ordered[-1]
    found: list[IntegrityFinding] = []
    if first.start > period.start:
        found.append(before(first, period.start))
    for earlier, later in pairwise(ordered):
        if later.start > earlier.end:
            found.append(before(later, earlier.end))
        elif later.readable and earlier.readable and not _follows(earlier, later):
            found.append(_broken(earlier, later))
    if last.end < period.due:
        found.append(_missing(last.end, period.due, f"nothing valid follows {last.key}"))
    return found


def _broken(earlier: Digest, later: Digest) -> IntegrityFinding:
    return IntegrityFinding(
        kind=Kind.CHAIN_BROKEN,
        subject=later.key,
        detail=f"it follows {later.previous_key}, not {earlier.key} as it is now",
    )


def _follows(earlier: Digest, later: Digest) -> bool:
    return (later.previous_key, later.previous_signature) == (earlier.key, earlier.signature)


def _before(
    digest: Digest,
    since: datetime,
    invalid: Collection[str],
    log_between: Callable[[datetime, datetime], str | None],
) -> IntegrityFinding:
    """The finding for the hours before a digest."""
    if not digest.readable:
        return _missing(since, digest.start, f"before {digest.key}")
    if digest.previous_key is None:
        if log := log_between(since, digest.start):
            detail = f"{digest.key} is the first of its chain, but {log} was delivered before"
            return _missing(since, digest.start, detail)
        return IntegrityFinding(
            kind=Kind.CHAIN_RESTARTED,
            subject=_period(since, digest.start),
            detail=f"{digest.key} is the first of its chain: nothing was recorded before, or no "
            "digests were delivered",
        )
    state = "which is not valid" if digest.previous_key in invalid else "which is not there"
    if digest.previous_bucket is not None:
        state = f"in bucket {digest.previous_bucket}: verify that one with --bucket as well"
    return _missing(since, digest.start, f"{digest.key} follows {digest.previous_key}, {state}")


def _missing(since: datetime, until: datetime, detail: str) -> IntegrityFinding:
    count = math.ceil((until - since) / HOUR)
    return IntegrityFinding(
        kind=Kind.DIGESTS_MISSING,
        subject=_period(since, until),
        detail=f"{count} digest file{'s' if count > 1 else ''}: {detail}",
    )


def _period(since: datetime, until: datetime) -> str:
    return f"{since:%Y-%m-%dT%H:%M:%SZ} to {until:%Y-%m-%dT%H:%M:%SZ}"
