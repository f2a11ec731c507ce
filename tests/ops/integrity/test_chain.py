"""Digest chains that are whole, and chains that somebody was at."""

from collections.abc import Callable, Generator
from datetime import datetime
from typing import Any

import boto3
import pytest
from integrity.chain import Period, accept_restarts, check
from integrity.findings import Checked, Kind
from integrity.places import Logs, find_places
from moto import mock_aws

from tests.support.digests import (
    ACCOUNT,
    BUCKET,
    HOUR,
    ORGANIZATION,
    START,
    TRAIL_ARN,
    Chain,
    PublicKeys,
)

LOGS = Logs(bucket=BUCKET, trail_arn=TRAIL_ARN, organization=ORGANIZATION)
HOURS = 6
END = START + HOURS * HOUR

Tampering = Callable[[Chain], None]


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client: Any = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def checked(s3: Any, start: datetime = START, end: datetime = END, **of: str) -> Checked:
    place = (of.get("account", ACCOUNT), of.get("region", "us-east-1"))
    period = Period(start=start, end=end, now=end + 12 * HOUR)
    return check(s3, PublicKeys(), LOGS, place, period)


def test_a_whole_chain_with_an_hour_in_which_nothing_happened(s3: Any) -> None:
    Chain(s3).deliver(HOURS)

    assert checked(s3) == Checked(
        account=ACCOUNT, region="us-east-1", digests=6, logs=5, findings=[]
    )


def test_a_part_of_a_chain_is_whole_by_itself(s3: Any) -> None:
    chain = Chain(s3).deliver(HOURS)
    chain.delete(chain.digests[0])

    part = checked(s3, start=START + 1.5 * HOUR, end=START + 4.5 * HOUR)

    assert (part.digests, part.findings) == (4, [])


@pytest.mark.parametrize(
    ("tamper", "kind", "said"),
    [
        (
            lambda chain: chain.rewrite(chain.logs[2], b"StopLogging", b"GetTrail"),
            Kind.LOG_ALTERED,
            "its hash is not the one in AWSLogs/",
        ),
        (
            lambda chain: chain.s3.put_object(Bucket=BUCKET, Key=chain.logs[2], Body=b"{}"),
            Kind.LOG_ALTERED,
            "its hash is not the one in AWSLogs/",
        ),
        (lambda chain: chain.delete(chain.logs[2]), Kind.LOG_MISSING, "20260301T041207Z"),
        (
            lambda chain: chain.rewrite(chain.digests[3], b"SHA-256", b"SHA-512"),
            Kind.DIGEST_INVALID,
            "signature verification failed",
        ),
        (
            lambda chain: chain.s3.put_object(
                Bucket=BUCKET, Key=chain.digests[3], Body=b"not compressed"
            ),
            Kind.DIGEST_INVALID,
            "invalid format",
        ),
        (
            lambda chain: chain.delete(chain.digests[3]),
            Kind.DIGESTS_MISSING,
            "1 digest file: ",
        ),
        (
            lambda chain: chain.delete(chain.digests[2], chain.digests[3]),
            Kind.DIGESTS_MISSING,
            "2 digest files: ",
        ),
        (lambda chain: chain.delete(chain.digests[0]), Kind.DIGESTS_MISSING, "1 digest file: "),
        (
            lambda chain: chain.delete(*chain.digests[-2:]),
            Kind.DIGESTS_MISSING,
            "2 digest files: nothing follows",
        ),
        (
            lambda chain: chain.delete(*chain.digests),
            Kind.DIGESTS_MISSING,
            "6 digest files: there is no digest at all",
        ),
    ],
    ids=[
        *("log altered", "log replaced", "log missing", "digest altered", "digest replaced"),
        *("digest missing", "two digests missing in a row", "first missing", "newest missing"),
        "all missing",
    ],
)
def test_what_was_done_to_a_chain_is_found_and_nothing_else(
    s3: Any, tamper: Tampering, kind: Kind, said: str
) -> None:
    chain = Chain(s3).deliver(HOURS)
    tamper(chain)

    (finding,) = checked(s3).findings

    assert finding.kind is kind
    assert said in finding.detail


def test_digests_that_somebody_else_signed_are_invalid(s3: Any) -> None:
    Chain(s3).deliver(3).deliver(3, signer="somebody")

    assert [finding.kind for finding in checked(s3).findings] == [Kind.DIGEST_INVALID] * 3


def test_a_trail_that_was_stopped_in_between_is_for_an_auditor_to_judge(s3: Any) -> None:
    Chain(s3).deliver(2).deliver(2, skip=2)

    found = checked(s3)

    (finding,) = found.findings
    assert finding.kind is Kind.CHAIN_RESTARTED
    assert finding.what == "2026-03-01T02:12:07Z to 2026-03-01T04:12:07Z"
    assert accept_restarts(found).findings == []


def test_every_account_and_region_with_digests_is_found(s3: Any) -> None:
    for account in (ACCOUNT, "444455556666"):
        for region in ("us-east-1", "eu-west-1"):
            Chain(s3, account=account, region=region).deliver(1)
    s3.put_object(Bucket=BUCKET, Key=f"AWSLogs/{ORGANIZATION}/notes/x", Body=b"")

    every = find_places(s3, LOGS, (), ())

    assert every == [
        (ACCOUNT, "eu-west-1"),
        (ACCOUNT, "us-east-1"),
        ("444455556666", "eu-west-1"),
        ("444455556666", "us-east-1"),
    ]
    assert find_places(s3, LOGS, (ACCOUNT,), ("us-east-1",)) == [(ACCOUNT, "us-east-1")]
    assert find_places(s3, LOGS, (), ("us-west-2",)) == [
        (ACCOUNT, "us-west-2"),
        ("444455556666", "us-west-2"),
    ]


def test_one_bad_region_does_not_taint_another(s3: Any) -> None:
    Chain(s3).deliver(HOURS)
    bad = Chain(s3, region="eu-west-1").deliver(HOURS)
    bad.delete(bad.logs[0])

    assert checked(s3).findings == []
    assert [f.kind for f in checked(s3, region="eu-west-1").findings] == [Kind.LOG_MISSING]
