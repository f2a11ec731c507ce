"""What lies in the folder of one account's digests in one region.

Every object is looked at, whatever its name: the digests of the period are verified, and what the
trail did not deliver there is named. So no file can hide another one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrity.coverage import HOUR, Period
from integrity.findings import IntegrityFinding, Kind
from integrity.log_layout import AccountRegion, DigestKey, LogLayout
from integrity.s3.objects import ObjectStore

_FOLDERS = (re.compile(r"\d{4}"), re.compile(r"\d{2}"), re.compile(r"\d{2}"))
"""Year, month and day below a region."""
_OTHER_TRAIL = re.compile(
    r"\d{12}_CloudTrail-Digest_(?P<region>[a-z0-9-]+)_(?P<trail>.+)_[a-z0-9-]+_"
    r"\d{8}T\d{6}Z(_backfill)?\.json\.gz"
)


@dataclass(kw_only=True)
class Listing:
    """The objects of one folder.

    Attributes:
        digests: those named like digests of the trail, of the period.
        unexpected: keys of all others: none of them is the trail's.
    """

    digests: list[DigestKey] = field(default_factory=list[DigestKey])
    unexpected: list[str] = field(default_factory=list[str])


async def list_digests(
    store: ObjectStore,
    layout: LogLayout,
    of: AccountRegion,
    period: Period,
) -> Listing:
    """List the folders of the period's days, and the folders above them.

    Raises:
        ClientError: AWS rejected the listing.
    """
    found = Listing()
    root = layout.digests(*of)
    last = period.read_until
    wanted = _folders(period.start, last)
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        depth = folder.count("/")
        async for name, is_folder in store.children(layout.read_bucket, root + folder):
            path = folder + name
            if is_folder and depth < len(_FOLDERS) and _FOLDERS[depth].fullmatch(name):
                if f"{path}/" in wanted:
                    waiting.append(f"{path}/")
            elif is_folder or depth < len(_FOLDERS):
                found.unexpected.append(root + path)
            elif digest := layout.digest_key(of, root + path):
                if period.start < digest.end <= last:
                    found.digests.append(digest)
            else:
                found.unexpected.append(root + path)
    found.digests.sort(key=lambda digest: digest.end)
    return found


def unexpected_files(
    of: AccountRegion, keys: Sequence[str], other_trails: Sequence[str]
) -> list[IntegrityFinding]:
    """Findings for files that are not the trail's: one for all digests of another trail.

    Args:
        of: the account and region whose folder was listed.
        keys: the keys.
        other_trails: names of other trails that are known to deliver to the same folder.
    """
    findings: list[IntegrityFinding] = []
    trails: dict[str, list[str]] = {}
    for key in keys:
        named = _OTHER_TRAIL.fullmatch(key.rsplit("/", maxsplit=1)[-1])
        if named is None or named["region"] != of.region:
            findings.append(_unexpected(key, "it is not named like a digest file of the trail"))
        elif named["trail"] not in other_trails:
            trails.setdefault(named["trail"], []).append(key)
    for trail, theirs in trails.items():
        detail = (
            f"{len(theirs)} digest file{'s' if len(theirs) > 1 else ''} named for the trail "
            f"{trail}: if that trail delivers here as well, pass --other-trail {trail}"
        )
        findings.append(_unexpected(theirs[0], detail))
    return findings


async def log_between(
    store: ObjectStore,
    layout: LogLayout,
    of: AccountRegion,
    since: datetime,
    until: datetime,
) -> str | None:
    """The key of a log file that was delivered well within a time; None where there is none.

    An hour at each end is left out: logs that are late, and those of the first digest.
    """
    since, until = since + HOUR, until - HOUR
    folder = layout.logs(*of)
    day = since
    while day.date() <= until.date():
        path = f"{folder}{day:%Y/%m/%d}/"
        async for name, is_folder in store.children(layout.read_bucket, path):
            delivered = None if is_folder else layout.log_time(of, name)
            if delivered and since <= delivered < until:
                return path + name
        day += timedelta(days=1)
    return None


def _folders(start: datetime, end: datetime) -> set[str]:
    """The folders of the days, and their years and months: ``2026/``, ``2026/03/``, ..."""
    days = [start + timedelta(days=n) for n in range((end.date() - start.date()).days + 1)]
    return {f"{day:{path}}" for day in days for path in ("%Y/", "%Y/%m/", "%Y/%m/%d/")}


def _unexpected(key: str, detail: str) -> IntegrityFinding:
    return IntegrityFinding(kind=Kind.UNEXPECTED_FILE, subject=key, detail=detail)
