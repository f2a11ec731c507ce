"""Whether the digests cover every hour.

CloudTrail delivers a digest file for every hour, account and region, also when nothing happened
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html).
The chain alone does not show that: where a digest and the one before it are both gone,
``validate-logs`` goes on with the next that is there
(https://github.com/aws/aws-cli/issues/7054).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from integrity.findings import Finding, Kind

HOUR = timedelta(hours=1)
LATE = 2 * HOUR
"""How late the newest digest may be: an hour until it is due, and one to deliver it."""


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A digest file.

    Attributes:
        key: its key in the bucket.
        start: the period's start.
        end: the period's end.
        signature: its own signature; empty where it is not valid.
        previous_key: the key of the one before it; None where a chain starts.
        previous_signature: the signature of the one before it.
        valid: whether it is what CloudTrail delivered.
    """

    key: str
    start: datetime
    end: datetime
    signature: str = ""
    previous_key: str | None = None
    previous_signature: str | None = None
    valid: bool = True


def uncovered(
    digests: Sequence[Digest], start: datetime, end: datetime, now: datetime
) -> list[Finding]:
    """The hours without a digest, and digests that do not follow each other.

    Args:
        digests: those that are there, valid or not.
        start: from when there must be digests.
        end: until when.
        now: the newest digests of the last two hours may be on their way still.
    """
    due = min(end, now - LATE)
    if not digests:
        return [_missing(start, due, "there is no digest at all")] if due > start else []
    ordered = sorted(digests, key=lambda digest: digest.end)
    first, last = ordered[0], ordered[-1]
    found: list[Finding] = []
    if first.start > start:
        found.append(_before(first, start))
    for earlier, later in pairwise(ordered):
        found += _between(earlier, later)
    if last.end < due:
        found.append(_missing(last.end, due, f"nothing follows {last.key}"))
    return found


def _between(earlier: Digest, later: Digest) -> Iterator[Finding]:
    if later.start > earlier.end:
        yield _before(later, earlier.end)
    elif later.valid and earlier.valid and not _follows(earlier, later):
        yield Finding(
            kind=Kind.CHAIN_BROKEN,
            what=later.key,
            detail=f"it follows {later.previous_key}, not {earlier.key} as that one stands here",
        )


def _follows(earlier: Digest, later: Digest) -> bool:
    return (later.previous_key, later.previous_signature) == (earlier.key, earlier.signature)


def _before(digest: Digest, since: datetime) -> Finding:
    """What is to be said of the hours before a digest."""
    if digest.valid and digest.previous_key is None:
        return Finding(
            kind=Kind.CHAIN_RESTARTED,
            what=_period(since, digest.start),
            detail=f"{digest.key} is the first of its chain: nothing was recorded before, or no "
            "digests were delivered",
        )
    known = f"{digest.key} follows {digest.previous_key}, which is not there"
    return _missing(since, digest.start, known if digest.previous_key else f"before {digest.key}")


def _missing(since: datetime, until: datetime, detail: str) -> Finding:
    count = math.ceil((until - since) / HOUR)
    return Finding(
        kind=Kind.DIGESTS_MISSING,
        what=_period(since, until),
        detail=f"{count} digest file{'s' if count > 1 else ''}: {detail}",
    )


def _period(since: datetime, until: datetime) -> str:
    return f"{since:%Y-%m-%dT%H:%M:%SZ} to {until:%Y-%m-%dT%H:%M:%SZ}"
