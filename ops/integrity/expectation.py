"""Which accounts and regions must have digests: nothing there is not nothing wrong.

Expected are the accounts and regions that are named; every account with a folder in the bucket, in
each region that its digests or its logs have a folder for, and in the trail's home region; the
trail's own account; and, where the caller may ask for them, the organization's accounts in the
regions that they have enabled.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from integrity.findings import IntegrityFinding, Kind, Verified, unreadable
from integrity.log_layout import ACCOUNT, REGION, AccountRegion, LogLayout
from integrity.s3.objects import ObjectStore


@dataclass(kw_only=True)
class Expected:
    """Where digests must be.

    Attributes:
        places: the accounts and regions, in order.
        problems: findings about folders of whole accounts.
    """

    places: list[AccountRegion] = field(default_factory=list[AccountRegion])
    problems: list[Verified] = field(default_factory=list[Verified])


async def expect(
    store: ObjectStore,
    layout: LogLayout,
    accounts: Sequence[str] = (),
    regions: Sequence[str] = (),
    organization: Iterable[AccountRegion] = (),
) -> Expected:
    """Find out where digests must be.

    Args:
        store: reads the bucket.
        layout: where the trail delivers.
        accounts: the accounts to verify; none: all that the bucket or the organization has.
        regions: the regions to verify; none: all that the bucket or the organization has.
        organization: the organization's accounts in the regions that they have enabled.

    Returns:
        The places; none where neither bucket, nor organization, nor caller names an account.

    Raises:
        ClientError: AWS rejected the listing of the accounts' folders.
    """
    asked = [place for place in organization if not accounts or place.account in accounts]
    listed = {
        name
        async for name, is_folder in store.children(layout.read_bucket, layout.root)
        if is_folder and ACCOUNT.fullmatch(name)
    }
    found = set(accounts) or listed | {place.account for place in asked}
    if found and not accounts:
        found.add(layout.owner)
    expected = Expected()
    places: set[AccountRegion] = set()
    ordered = sorted(found)
    for account, (in_bucket, findings) in zip(
        ordered,
        await asyncio.gather(*(_regions(store, layout, account) for account in ordered)),
        strict=True,
    ):
        theirs = {place.region for place in asked if place.account == account} | in_bucket
        places |= {
            AccountRegion(account, region) for region in regions or theirs | {layout.home_region}
        }
        if findings:
            expected.problems.append(Verified(account=account, region="", findings=findings))
    expected.places = sorted(places)
    return expected


async def _regions(
    store: ObjectStore, layout: LogLayout, account: str
) -> tuple[set[str], list[IntegrityFinding]]:
    """The regions of an account's folders, and what else lies beside the digests' folders."""
    try:
        bucket = layout.read_bucket
        digests = {each async for each in store.children(bucket, layout.digests(account))}
        logs = {each async for each in store.children(bucket, layout.logs(account))}
    except (BotoCoreError, ClientError) as error:
        return set(), [unreadable("the folders of its regions", error)]
    regions = {name for name, is_folder in digests if is_folder and REGION.fullmatch(name)}
    stray = [
        IntegrityFinding(
            kind=Kind.UNEXPECTED_FILE,
            subject=layout.digests(account) + name + ("/" if is_folder else ""),
            detail="digests lie in folders of regions",
        )
        for name, is_folder in sorted(digests)
        if name not in regions
    ]
    regions |= {name for name, is_folder in logs if is_folder and REGION.fullmatch(name)}
    return regions, stray


def organization_places(client: Callable[[str], Any]) -> list[AccountRegion]:
    """The active accounts of the caller's organization, in the regions that they have enabled.

    Args:
        client: gives clients, by service, of the management account, or of a delegated
            administrator of Account Management. The latter may not ask about the management
            account, which is left out
            (https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html).

    Raises:
        ClientError: AWS rejected the call.
    """
    caller = client("sts").get_caller_identity()["Account"]
    organizations = client("organizations")
    management = organizations.describe_organization()["Organization"]["MasterAccountId"]
    pages = organizations.get_paginator("list_accounts").paginate()
    accounts = [a["Id"] for page in pages for a in page["Accounts"] if a["Status"] == "ACTIVE"]
    list_regions = client("account").get_paginator("list_regions")
    places: list[AccountRegion] = []
    for account in accounts:
        if account == management != caller:
            continue
        # An account must not name itself.
        of = {} if account == caller else {"AccountId": account}
        for page in list_regions.paginate(
            **of, RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"]
        ):
            places += [AccountRegion(account, region["RegionName"]) for region in page["Regions"]]
    return places
