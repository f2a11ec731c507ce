"""Where digests must be: nothing there is not nothing wrong."""

import asyncio
from typing import Any

import boto3
import pytest
from integrity.expectation import Expected, expect, organization_places
from integrity.findings import Kind
from integrity.log_layout import AccountRegion, LogLayout
from moto import mock_aws

from tests.support.digests import ACCOUNT, BUCKET, ORGANIZATION, TRAIL_ARN, Chain
from tests.support.s3_server import S3Server
from tests.support.stores import reading

LAYOUT = LogLayout(bucket=BUCKET, trail_arn=TRAIL_ARN, organization=ORGANIZATION)
OWNER = LAYOUT.owner
OTHER = "444455556666"
HOME = "us-east-1"
AWAY = "eu-west-1"

Places = list[tuple[str, str]]


def find(s3: S3Server, *arguments: Any, layout: LogLayout = LAYOUT) -> Expected:
    async def ask() -> Expected:
        with reading(s3) as store:
            return await expect(store, layout, *arguments)

    return asyncio.run(ask())


def deliver(s3: S3Server, *what: tuple[str, str, str]) -> None:
    for account, region, folder in what:
        key = f"{LAYOUT.root}{account}/{folder}/{region}/2026/03/01/file"
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")


@pytest.mark.parametrize(
    ("in_bucket", "accounts", "regions", "asked", "expected"),
    [
        ([], [], [], [], []),
        (
            [(ACCOUNT, HOME, "CloudTrail-Digest")],
            *([], [], []),
            [(ACCOUNT, HOME), (OWNER, HOME)],
        ),
        (
            [(ACCOUNT, AWAY, "CloudTrail-Digest")],
            *([], [], []),
            [(ACCOUNT, AWAY), (ACCOUNT, HOME), (OWNER, HOME)],
        ),
        (
            [(ACCOUNT, AWAY, "CloudTrail")],
            *([], [], []),
            [(ACCOUNT, AWAY), (ACCOUNT, HOME), (OWNER, HOME)],
        ),
        (
            [(ACCOUNT, HOME, "CloudTrail"), (OTHER, AWAY, "CloudTrail-Digest")],
            *([], [AWAY], []),
            [(ACCOUNT, AWAY), (OWNER, AWAY), (OTHER, AWAY)],
        ),
        ([], [OTHER], [], [], [(OTHER, HOME)]),
        ([], [OTHER], [AWAY], [], [(OTHER, AWAY)]),
        (
            [(ACCOUNT, HOME, "CloudTrail-Digest"), (OTHER, AWAY, "CloudTrail")],
            *([OTHER], [], []),
            [(OTHER, AWAY), (OTHER, HOME)],
        ),
        ([], [], [], [(OTHER, AWAY)], [(OWNER, HOME), (OTHER, AWAY), (OTHER, HOME)]),
        (
            [(ACCOUNT, HOME, "CloudTrail-Digest")],
            *([ACCOUNT], []),
            [(OTHER, AWAY), (ACCOUNT, AWAY)],
            [(ACCOUNT, AWAY), (ACCOUNT, HOME)],
        ),
    ],
    ids=[
        *("an empty bucket", "digests at home", "digests elsewhere", "logs alone"),
        *("a named region", "a named account", "both named", "a named account with logs"),
        *("the organization", "the organization and a named account"),
    ],
)
def test_digests_are_expected_where_something_speaks_for_them(  # noqa: PLR0913, PLR0917 - a table's columns
    s3: S3Server,
    in_bucket: list[tuple[str, str, str]],
    accounts: list[str],
    regions: list[str],
    asked: Places,
    expected: Places,
) -> None:
    deliver(s3, *in_bucket)

    found = find(s3, accounts, regions, [AccountRegion(*place) for place in asked])

    assert found.places == sorted(AccountRegion(*place) for place in expected)
    assert found.problems == []


def test_an_account_is_expected_whatever_page_of_the_listing_it_is_on(s3: S3Server) -> None:
    accounts = [f"{n:012}" for n in range(1, 1102)]
    for account in accounts:
        deliver(s3, (account, HOME, "CloudTrail"))

    found = find(s3)

    assert {place.account for place in found.places} == {*accounts, OWNER}


@pytest.mark.parametrize("name", ["junk.json.gz", "us_east/junk", "../junk"])
def test_what_is_no_regions_folder_among_the_digests_is_named(s3: S3Server, name: str) -> None:
    Chain(s3).deliver(1)
    s3.put_object(Bucket=BUCKET, Key=LAYOUT.digests(ACCOUNT) + name, Body=b"junk")
    s3.put_object(Bucket=BUCKET, Key=LAYOUT.digests(ACCOUNT), Body=b"")

    (problem,) = find(s3).problems

    assert (problem.account, problem.region) == (ACCOUNT, "")
    assert [finding.kind for finding in problem.findings] == [Kind.UNEXPECTED_FILE]
    assert name.split("/", maxsplit=1)[0] in problem.findings[0].subject


def test_folders_of_no_account_are_no_accounts(s3: S3Server) -> None:
    Chain(s3).deliver(1)
    s3.put_object(Bucket=BUCKET, Key=f"{LAYOUT.root}notes/x", Body=b"")

    assert {place.account for place in find(s3).places} == {ACCOUNT, OWNER}


def test_another_prefix_is_another_trails(s3: S3Server) -> None:
    Chain(s3).deliver(1)
    layout = LogLayout(bucket=BUCKET, trail_arn=TRAIL_ARN, organization=ORGANIZATION, prefix="x")

    assert find(s3, layout=layout).places == []


class AccountManagement:
    """A client of Account Management, which moto does not have."""

    def get_paginator(self, operation: str) -> "AccountManagement":
        assert operation == "list_regions"
        return self

    def paginate(
        self,
        *,
        RegionOptStatusContains: list[str],  # noqa: N803
        AccountId: str | None = None,  # noqa: N803
    ) -> list[dict[str, Any]]:
        assert RegionOptStatusContains == ["ENABLED", "ENABLED_BY_DEFAULT"]
        return [
            {"Regions": [{"RegionName": "us-east-1"}]},
            {"Regions": [{"RegionName": "own" if AccountId is None else f"of-{AccountId}"}]},
        ]


class Session:
    """A session of an account whose organization moto has."""

    def __init__(self, account: str | None = None) -> None:
        self._account = account

    def client(self, service: str) -> Any:
        if service == "account":
            return AccountManagement()
        if service == "sts" and self._account:
            return Caller(self._account)
        return boto3.client(service, region_name="us-east-1")  # type: ignore[call-overload]


class Caller:
    def __init__(self, account: str) -> None:
        self._account = account

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": self._account}


@mock_aws
def test_the_organizations_active_accounts_are_asked_for_their_enabled_regions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    organizations: Any = boto3.client("organizations", region_name="us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    management = organizations.describe_organization()["Organization"]["MasterAccountId"]
    members = [
        organizations.create_account(AccountName=name, Email=f"{name}@example.com")[
            "CreateAccountStatus"
        ]["AccountId"]
        for name in ("active", "closed")
    ]
    organizations.close_account(AccountId=members[1])

    by_management = organization_places(Session().client)
    by_delegate = organization_places(Session(members[0]).client)

    assert set(by_management) == {
        *((management, "us-east-1"), (management, "own")),
        *((members[0], "us-east-1"), (members[0], f"of-{members[0]}")),
    }
    assert set(by_delegate) == {(members[0], "us-east-1"), (members[0], "own")}
