"""Which hours have a digest file, in every account and region.

A listing says that a file of the right name is there, not that it is genuine:
`cloudtrail-guard integrity` verifies that. One call for an account and region: keys are in the
order of time, so that the listing starts at the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integrity.log_layout import ACCOUNT, REGION, AccountRegion

from posture.collect.answers import Answer, Place, ask
from stacks.lookups.found import NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from datetime import datetime

    from integrity.log_layout import LogLayout

    from posture.collect.access import Clients

HOUR = timedelta(hours=1)
_ALWAYS = ("ENABLED_BY_DEFAULT",)
_ENABLED = ("ENABLED", *_ALWAYS)


@dataclass(frozen=True, kw_only=True)
class DigestFolders:
    """Where digests are listed.

    Attributes:
        s3: a client in the bucket's region.
        layout: where the trail delivers.
    """

    s3: Any
    layout: LogLayout


def digest_places(
    trail: Clients,
    folders: DigestFolders,
    accounts: Sequence[str],
    pool: Executor,
    on_done: Callable[[int, int], None],
) -> tuple[list[AccountRegion], Answer]:
    """Where digests must be: each account's enabled regions, and what the bucket has folders of.

    Args:
        trail: clients of the trail's account.
        folders: where digests are listed.
        accounts: the organization's active accounts; empty without Organizations.
        pool: runs a question for each account.
        on_done: called with how many accounts were asked about, of how many.

    Returns:
        The places, and the answer that says whether every account's regions are known.
    """
    s3, layout = folders.s3, folders.layout
    top = ask("s3:ListObjectsV2", layout.root, lambda: _folders(s3, layout.bucket, layout.root))
    in_bucket = {name for name in top.value or () if ACCOUNT.fullmatch(name)}
    wanted = sorted({*accounts, *in_bucket, layout.owner})
    client = trail("account", layout.home_region)

    def regions(account: str, states: Sequence[str] = _ENABLED) -> Answer:
        # An account must not name itself.
        of = {} if account == layout.owner else {"AccountId": account}

        def question() -> list[str]:
            pages = client.get_paginator("list_regions").paginate(
                **of, RegionOptStatusContains=states
            )
            return [each["RegionName"] for page in pages for each in page["Regions"]]

        return ask("account:ListRegions", account, question)

    def of_bucket(account: str) -> set[str]:
        try:
            found = _folders(s3, layout.bucket, layout.digests(account))
        except NO_ANSWER:
            return set()
        return {name for name in found if REGION.fullmatch(name)}

    # No account can disable these, so they are every account's.
    everywhere = set(regions(layout.owner, _ALWAYS).value or ()) | {layout.home_region}
    places: set[AccountRegion] = set()
    refused: list[str] = []
    for n, (account, answer) in enumerate(
        zip(wanted, pool.map(regions, wanted), strict=True), start=1
    ):
        names = everywhere | set(answer.value or ())
        if answer.error:
            refused.append(f"{account}: {answer.error}")
            names |= of_bucket(account)
        places |= {AccountRegion(account, name) for name in names}
        on_done(n, len(wanted))
    first = f"{len(refused)} of {len(wanted)} accounts; {refused[0]}" if refused else ""
    error = top.error or first
    asked = Answer(
        call="account:ListRegions",
        of=f"{len(wanted)} accounts",
        at=top.at,
        value=None if error else len(wanted),
        error=error,
    )
    return sorted(places), asked


def covered_hours(folders: DigestFolders, of: AccountRegion, start: datetime, hours: int) -> Place:
    """The hours of one account and region for which a digest is listed.

    Args:
        folders: where digests are listed.
        of: the account and region.
        start: the period's first hour.
        hours: how many hours it has.
    """
    layout = folders.layout
    prefix = layout.digests(*of)
    found = 0
    try:
        pages = folders.s3.get_paginator("list_objects_v2").paginate(
            Bucket=layout.bucket, Prefix=prefix, StartAfter=f"{prefix}{start:%Y/%m/%d}/"
        )
        for page in pages:
            for each in page.get("Contents", ()):
                named = layout.digest_key(of, each["Key"])
                if named is None or named.backfill:
                    continue
                # Its hour may begin at any minute; most of it lies in the hour of its middle.
                number = (named.end - HOUR / 2 - start) // HOUR
                if 0 <= number < hours:
                    found |= 1 << number
    except NO_ANSWER as error:
        return Place(account=of.account, region=of.region, error=str(error))
    return Place(account=of.account, region=of.region, hours=found)


def _folders(s3: Any, bucket: str, prefix: str) -> list[str]:  # noqa: ANN401 - boto3 has no types
    """The names of the folders right below a prefix."""
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, Delimiter="/"
    )
    return [
        each["Prefix"].removeprefix(prefix).removesuffix("/")
        for page in pages
        for each in page.get("CommonPrefixes", ())
    ]
