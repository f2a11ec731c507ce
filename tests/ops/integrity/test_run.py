"""All accounts and regions: the same report whatever the timing, and after a stop."""

import asyncio
import random
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integrity.coverage import Period
from integrity.findings import Kind, Report, Request, Verified
from integrity.log_layout import AccountRegion
from integrity.report_file import plain
from integrity.run import (
    UNHURRIED,
    Clients,
    Wanted,
    find_places,
    layout_of,
    verify_rest,
    with_places,
)
from integrity.s3.objects import Patience
from integrity.shards import Shard
from integrity.verification import PublicKeys, Source, verify

from sandbox.tests.limits import PATIENCE
from tests.support.digests import (
    BUCKET,
    HOUR,
    ORGANIZATION,
    START,
    TRAIL_ARN,
    Chain,
    PublicKeysClient,
)
from tests.support.s3_server import Request as Asked
from tests.support.s3_server import Response, S3Server, error, serving
from tests.support.stores import reading

ACCOUNTS = ("111122223333", "123456789012", "444455556666")
REGIONS = ("eu-west-1", "us-east-1")
END = START + 6 * HOUR
REQUEST = Request(
    bucket=BUCKET,
    trail_arn=TRAIL_ARN,
    organization=ORGANIZATION,
    prefix="",
    start=START,
    end=END,
    due=END,
)
EVERYTHING = Wanted(
    accounts=(), regions=(), whole_organization=False, organization_profile=None, shard=None
)
SOON = Patience(tries=50, throttled=PATIENCE, first_wait=0.001, longest_wait=0.01)


class Unsteady(S3Server):
    """Answers after times of its own, throttles, and loses connections."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(0)  # noqa: S311 - no secret
        self.failures = 0.0
        self.fault = self._fail

    @property
    def delay(self) -> float:
        return self.chance.random() / 100 * (self.failures > 0)

    @delay.setter
    def delay(self, value: float) -> None:
        del value

    def _fail(self, _request: Asked) -> Response | None:
        if self.chance.random() >= self.failures:
            return None
        return self.chance.choice([error(503, "SlowDown"), Response(reset=True)])


@pytest.fixture(scope="module")
def damaged() -> Generator[Unsteady]:
    """Three accounts in two regions, with something wrong in most."""
    s3 = Unsteady()
    chains = {
        (account, region): Chain(s3, account=account, region=region, logs_each=3).deliver(6)
        for account in ACCOUNTS
        for region in REGIONS
    }
    one = chains[ACCOUNTS[0], REGIONS[0]]
    one.delete(one.logs[1], one.logs[4], one.digests[3])
    one.rewrite(one.logs[2], b"StopLogging", b"GetTrail")
    s3.put_object(Key=one.digests[0].replace("AWSLogs", "AWSLogs") + ".bak", Body=b"junk")
    two = chains[ACCOUNTS[1], REGIONS[1]]
    two.rewrite(two.digests[2], b"SHA-256", b"SHA-512")
    two.delete(*two.logs[-3:])
    three = chains[ACCOUNTS[2], REGIONS[0]]
    three.delete(*three.digests)
    s3.put_object(Key=f"AWSLogs/{ORGANIZATION}/{ACCOUNTS[2]}/CloudTrail-Digest/x", Body=b"junk")
    with serving(s3):
        yield s3


def run(s3: S3Server, wanted: Wanted = EVERYTHING, **options: Any) -> Report:
    async def ask() -> Report:
        with reading(s3, patience=SOON, **options) as store:
            source = _source(store)
            report = Report(request=REQUEST, expected_from="the accounts in the bucket")
            expected = await find_places(source, wanted)
            report = replace(report, shard=str(wanted.shard) if wanted.shard else None)
            return await verify_rest(source, with_places(report, expected, wanted.shard))

    return asyncio.run(ask())


def _source(store: Any) -> Source:
    keys = PublicKeys(lambda _region: PublicKeysClient(), START, END)
    return Source(store=store, keys=keys, layout=layout_of(REQUEST))


def one_after_the_other(s3: S3Server) -> Sequence[Verified]:
    """What is found by verifying one account and region after the other, sorted as in a report."""

    async def ask() -> list[Verified]:
        with reading(s3, patience=SOON, at_once=1) as store:
            source = _source(store)
            expected = await find_places(source, EVERYTHING)
            period = Period(start=START, end=END, now=END + 12 * HOUR)
            found = [await verify(source, place, period) for place in expected.places]
            return sorted(
                [*expected.problems, *found], key=lambda each: (each.account, each.region)
            )

    return asyncio.run(ask())


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), failures=st.sampled_from([0.01, 0.1, 0.3]))
def test_the_report_is_the_same_whatever_the_timing(
    damaged: Unsteady, seed: int, failures: float
) -> None:
    damaged.failures = 0
    expected = one_after_the_other(damaged)
    damaged.chance, damaged.failures = random.Random(seed), failures  # noqa: S311 - no secret

    report = run(damaged, at_once=50)

    assert report.verified == expected
    assert report.unchecked == []


def test_findings_come_by_account_and_region_and_in_the_order_of_time(damaged: Unsteady) -> None:
    damaged.failures = 0.1

    report = run(damaged)

    assert [(e.account, e.region, [f.kind for f in e.findings]) for e in report.verified] == [
        (
            ACCOUNTS[0],
            REGIONS[0],
            [
                Kind.UNEXPECTED_FILE,
                *(Kind.LOG_MISSING, Kind.LOG_ALTERED, Kind.LOG_MISSING),
                Kind.DIGESTS_MISSING,
            ],
        ),
        (ACCOUNTS[0], REGIONS[1], []),
        (ACCOUNTS[1], REGIONS[0], []),
        (
            ACCOUNTS[1],
            REGIONS[1],
            [Kind.DIGEST_INVALID, *[Kind.LOG_MISSING] * 3, Kind.DIGESTS_MISSING],
        ),
        (ACCOUNTS[2], "", [Kind.UNEXPECTED_FILE]),
        (ACCOUNTS[2], REGIONS[0], [Kind.DIGESTS_MISSING]),
        (ACCOUNTS[2], REGIONS[1], []),
    ]


def test_the_parts_of_a_verification_are_the_whole(damaged: Unsteady) -> None:
    damaged.failures = 0

    parts = [
        run(damaged, replace(EVERYTHING, shard=Shard(number, 3))).verified for number in (1, 2, 3)
    ]

    together = sorted(
        (each for part in parts for each in part), key=lambda each: (each.account, each.region)
    )
    assert together == run(damaged).verified


def test_what_was_stopped_is_gone_on_with(damaged: Unsteady) -> None:
    """Cancelled after two places: what is done is kept, the rest is named and done later."""
    damaged.failures = 0
    whole = run(damaged)

    async def stopped() -> Report:
        with reading(damaged, patience=SOON) as store:
            source, done = _source(store), 0
            expected = await find_places(source, EVERYTHING)
            report = with_places(
                Report(request=REQUEST, expected_from=whole.expected_from), expected, None
            )
            task = asyncio.current_task()

            def stop() -> None:
                nonlocal done
                done += 1
                if done == 2:
                    assert task is not None
                    task.cancel()

            return await verify_rest(source, report, progress=stop)

    async def resumed(report: Report) -> Report:
        with reading(damaged, patience=SOON) as store:
            return await verify_rest(_source(store), report)

    part = asyncio.run(stopped())

    assert part.unchecked
    assert part.exit_code != 0
    assert len(part.unchecked) + sum(1 for each in part.verified if each.region) == 6
    assert {AccountRegion(e.account, e.region) for e in part.verified}.isdisjoint(part.unchecked)
    assert plain(asyncio.run(resumed(part))) == plain(whole)


def test_what_is_verified_so_far_is_saved_now_and_then(
    damaged: Unsteady, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed says nothing: its last saved report does."""
    monkeypatch.setattr("integrity.run._SAVED_EVERY", 0.01)
    damaged.failures = 0.05
    saved: list[Report] = []

    async def ask() -> Report:
        with reading(damaged, patience=SOON, at_once=2) as store:
            source = _source(store)
            expected = await find_places(source, EVERYTHING)
            report = Report(request=REQUEST, expected_from="the accounts in the bucket")
            return await verify_rest(source, with_places(report, expected, None), save=saved.append)

    whole = asyncio.run(ask())

    assert saved
    for each in saved:
        places = [(found.account, found.region) for found in each.verified if found.region]
        assert sorted([*places, *each.unchecked]) == sorted(
            (found.account, found.region) for found in whole.verified if found.region
        )
        assert (each.exit_code == 0) <= each.whole


def test_asking_for_each_accounts_regions_outlasts_the_quota_that_all_parts_share(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.endpoint)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    throttled = Response(status=429, headers={"x-amzn-ErrorType": "TooManyRequestsException"})
    answers = iter([throttled] * 6)
    s3.fault = lambda _request: next(answers, Response(body=b'{"Regions": []}'))

    client = Clients(config=UNHURRIED).get("account", "us-east-1")

    assert client.list_regions()["Regions"] == []
    assert s3.refused == 7


@pytest.mark.parametrize("refused", ["folders of an account", "digests of a place", "keys"])
def test_what_is_refused_in_one_place_is_a_finding_there_and_the_rest_is_verified(
    s3: S3Server, refused: str
) -> None:
    for account in ACCOUNTS:
        Chain(s3, account=account).deliver(6)
    root = f"AWSLogs/{ORGANIZATION}/{ACCOUNTS[1]}/"
    denied = {
        "folders of an account": f"{root}CloudTrail-Digest/",
        "digests of a place": f"{root}CloudTrail-Digest/us-east-1/2026/",
    }.get(refused)
    s3.fault = lambda asked: (
        error(403, "AccessDenied") if asked.query.get("prefix") == denied else None
    )

    class Refusing(PublicKeysClient):
        def paginate(self, **_: object) -> list[dict[str, Any]]:
            return super().paginate() if refused != "keys" else []

    async def ask() -> Report:
        with reading(s3, patience=SOON) as store:
            keys = PublicKeys(lambda _region: Refusing(), START, END)
            source = Source(store=store, keys=keys, layout=layout_of(REQUEST))
            expected = await find_places(source, EVERYTHING)
            report = Report(request=REQUEST, expected_from="")
            return await verify_rest(source, with_places(report, expected, None))

    report = asyncio.run(ask())

    wrong = {each.account for each in report.verified if each.findings}
    assert wrong == ({ACCOUNTS[1]} if refused != "keys" else set(ACCOUNTS))
    assert {f.kind for e in report.verified for f in e.findings} == {Kind.NOT_READABLE}
    assert report.exit_code == 2
    assert {each.account for each in report.verified} == set(ACCOUNTS)
