"""Digest chains that are intact, and chains that were tampered with."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from integrity.coverage import Period
from integrity.findings import Kind, Verified
from integrity.log_layout import AccountRegion, LogLayout
from integrity.verification import PublicKeys, Source, accept_restarts, verify

from tests.support.digests import (
    ACCOUNT,
    BUCKET,
    HOUR,
    ORGANIZATION,
    START,
    TRAIL_ARN,
    Chain,
    PublicKeysClient,
)
from tests.support.s3_server import Request, Response, S3Server, error
from tests.support.stores import reading

LAYOUT = LogLayout(bucket=BUCKET, trail_arn=TRAIL_ARN, organization=ORGANIZATION)
HOURS = 6
END = START + HOURS * HOUR
FOLDER = f"AWSLogs/{ORGANIZATION}/{ACCOUNT}/CloudTrail-Digest/us-east-1/"
DAY = f"{FOLDER}2026/03/01/"
NAMED = f"{DAY}{ACCOUNT}_CloudTrail-Digest_us-east-1_Audit_us-east-1_"

Tampering = Callable[[Chain], object]


def verified(  # noqa: PLR0913 - what may be asked
    s3: S3Server,
    *,
    region: str = "us-east-1",
    start: datetime = START,
    end: datetime = END,
    other_trails: tuple[str, ...] = (),
    client: Any = None,
) -> Verified:
    async def ask() -> Verified:
        with reading(s3) as store:
            now = end + 12 * HOUR
            keys = PublicKeys(lambda _region: client or PublicKeysClient(), start, now)
            source = Source(store=store, keys=keys, layout=LAYOUT, other_trails=other_trails)
            period = Period(start=start, end=end, now=now)
            return await verify(source, AccountRegion(ACCOUNT, region), period)

    return asyncio.run(ask())


def put(name: str, body: bytes = b"junk", **metadata: str) -> Tampering:
    return lambda chain: chain.s3.put_object(Bucket=BUCKET, Key=name, Body=body, Metadata=metadata)


def test_an_intact_chain_with_an_hour_in_which_nothing_happened(s3: S3Server) -> None:
    Chain(s3).deliver(HOURS)

    assert verified(s3) == Verified(
        account=ACCOUNT, region="us-east-1", digests=6, logs=5, findings=[]
    )


def test_a_part_of_a_chain_is_intact_by_itself(s3: S3Server) -> None:
    chain = Chain(s3).deliver(HOURS)
    chain.delete(chain.digests[0])

    part = verified(s3, start=START + 1.5 * HOUR, end=START + 4.5 * HOUR)

    assert (part.digests, part.findings) == (4, [])


def test_a_chain_goes_on_over_midnight_and_the_end_of_the_year(s3: S3Server) -> None:
    chain = Chain(s3)
    chain.end = datetime.fromisoformat("2025-12-31T21:12:07+00:00")
    chain.deliver(6)
    late = chain.digests[2]
    start = datetime.fromisoformat("2025-12-31T21:12:07+00:00")

    assert verified(s3, start=start, end=start + 6 * HOUR).digests == 6

    chain.delete(late)
    (finding,) = verified(s3, start=start, end=start + 6 * HOUR).findings
    assert finding.subject == "2025-12-31T23:12:07Z to 2026-01-01T00:12:07Z"


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
            "2 digest files: nothing valid follows",
        ),
        (
            lambda chain: chain.delete(*chain.digests),
            Kind.DIGESTS_MISSING,
            "6 digest files: there is no digest at all",
        ),
    ],
    ids=[
        *("log altered", "log replaced", "log missing"),
        *("digest missing", "two digests missing in a row", "first missing", "newest missing"),
        "all missing",
    ],
)
def test_tampering_is_found_and_nothing_else(
    s3: S3Server, tamper: Tampering, kind: Kind, said: str
) -> None:
    chain = Chain(s3).deliver(HOURS)
    tamper(chain)

    (finding,) = verified(s3).findings

    assert finding.kind is kind
    assert said in finding.detail


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda c: c.rewrite(c.digests[3], b"SHA-256", b"SHA-512"), "signature is not CloudTrail"),
        (lambda c: put(c.digests[3], b"not compressed")(c), "no gzip file"),
        (lambda c: put(c.digests[3], b"")(c), "no whole gzip file"),
        (lambda c: put(c.digests[3], gzip.compress(b"{}"))(c), "no digest file"),
        (lambda c: put(c.digests[3], gzip.compress(b"[]"))(c), "no digest file"),
        (lambda c: put(c.digests[3], gzip.compress(b"[" * 100_000))(c), "no digest file"),
        (lambda c: put(c.digests[3], gzip.compress(b"\xff"))(c), "no digest file"),
        (
            lambda c: c.s3.copy_object(
                Bucket=BUCKET, Key=c.digests[3], CopySource={"Bucket": BUCKET, "Key": c.digests[1]}
            ),
            "it was moved: CloudTrail wrote s3://org-logs/AWSLogs/",
        ),
        (
            lambda c: c.rewrite(c.digests[3], b'"digestPublicKeyFingerprint": "', b'"x": "'),
            "no digest file",
        ),
    ],
    ids=[
        *("altered", "no gzip file", "empty", "an empty object", "a list", "deeply nested"),
        *("no text", "another hour's", "without a field"),
    ],
)
def test_an_invalid_digest_is_named_and_so_is_the_hour_that_it_does_not_prove(
    s3: S3Server, tamper: Tampering, said: str
) -> None:
    chain = Chain(s3).deliver(HOURS)
    tamper(chain)

    invalid, hour = verified(s3).findings

    assert (invalid.kind, invalid.subject) == (Kind.DIGEST_INVALID, chain.digests[3])
    assert said in invalid.detail
    assert (hour.kind, hour.subject) == (
        Kind.DIGESTS_MISSING,
        "2026-03-01T03:12:07Z to 2026-03-01T04:12:07Z",
    )
    assert hour.detail.endswith("which is not valid")


def test_a_signature_that_is_no_hexadecimal_number_is_invalid(s3: S3Server) -> None:
    chain = Chain(s3).deliver(1)
    body = s3.get_object(Bucket=BUCKET, Key=chain.digests[0])["Body"].read()
    put(chain.digests[0], body, signature="zz")(chain)

    invalid, _ = verified(s3, end=START + HOUR).findings

    assert "signature is not CloudTrail's" in invalid.detail


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        (f"{NAMED}20260301T041207Z_backfill.json.gz", b"junk", Kind.DIGEST_INVALID),
        (f"{NAMED}20260301T043000Z.json.gz", gzip.compress(b"{}"), Kind.DIGEST_INVALID),
        (f"{NAMED}00000000zzzzzzzzzzzzzzzz.json.gz", b"junk", Kind.UNEXPECTED_FILE),
        (f"{NAMED}20261399T999999Z.json.gz", b"junk", Kind.UNEXPECTED_FILE),
        (f"{NAMED}.json.gz", b"junk", Kind.UNEXPECTED_FILE),
        (f"{DAY}notes.txt", b"", Kind.UNEXPECTED_FILE),
        (f"{DAY}deeper/notes.txt", b"", Kind.UNEXPECTED_FILE),
        (f"{DAY}\x1b[2K\r.json.gz", b"junk", Kind.UNEXPECTED_FILE),
        (f"{FOLDER}2026/03/junk", b"junk", Kind.UNEXPECTED_FILE),
        (f"{FOLDER}2026/junk", b"junk", Kind.UNEXPECTED_FILE),
        (f"{FOLDER}junk.json.gz", b"junk", Kind.UNEXPECTED_FILE),
        (f"{FOLDER}zzzz/junk", b"junk", Kind.UNEXPECTED_FILE),
        (f"{FOLDER}2026/03/xx/junk", b"junk", Kind.UNEXPECTED_FILE),
        (
            f"{DAY}{ACCOUNT}_CloudTrail-Digest_eu-west-1_Audit_us-east-1_20260301T041207Z.json.gz",
            b"junk",
            Kind.UNEXPECTED_FILE,
        ),
        (
            f"{DAY}{ACCOUNT}_CloudTrail-Digest_us-east-1_Other_us-east-1_20260301T041207Z.json.gz",
            b"junk",
            Kind.UNEXPECTED_FILE,
        ),
    ],
    ids=[
        *("junk backfill", "between two hours", "no time", "no date", "no name", "another name"),
        *("in a folder", "control characters", "in the month", "in the year", "in the region"),
        *("no year", "no day", "another region's", "another trail's"),
    ],
)
def test_a_file_of_any_name_and_content_hides_nothing_and_is_named(
    s3: S3Server, name: str, body: bytes, kind: Kind
) -> None:
    chain = Chain(s3).deliver(HOURS)
    put(name, body)(chain)

    beside = verified(s3)
    chain.delete(chain.digests[3], chain.logs[-1])
    found = verified(s3).findings

    assert (beside.digests, beside.logs) == (6, 5)
    assert [finding.kind for finding in beside.findings] == [kind]
    assert beside.findings[0].subject in {name, f"{name.rsplit('/', 1)[0]}"}
    assert {finding.kind for finding in found} == {kind, Kind.DIGESTS_MISSING, Kind.LOG_MISSING}


def test_the_empty_objects_of_folders_are_no_findings(s3: S3Server) -> None:
    chain = Chain(s3).deliver(HOURS)
    for folder in (FOLDER, f"{FOLDER}2026/", DAY):
        put(folder, b"")(chain)

    assert verified(s3).findings == []


def test_digests_of_another_trail_are_one_finding_unless_the_caller_knows_that_trail(
    s3: S3Server,
) -> None:
    Chain(s3).deliver(HOURS)
    Chain(s3, trail="Data_Access").deliver(HOURS)

    (finding,) = verified(s3).findings

    assert finding.kind is Kind.UNEXPECTED_FILE
    assert "6 digest files named for the trail Data_Access" in finding.detail
    assert verified(s3, other_trails=("Data_Access",)).findings == []


def test_digests_with_a_foreign_signature_are_invalid_and_prove_nothing(s3: S3Server) -> None:
    Chain(s3).deliver(3).deliver(3, signer="somebody")

    *invalid, hours = verified(s3).findings

    assert [finding.kind for finding in invalid] == [Kind.DIGEST_INVALID] * 3
    assert hours.detail.startswith("3 digest files: nothing valid follows")


def test_a_trail_that_was_stopped_in_between_is_for_an_auditor_to_accept(s3: S3Server) -> None:
    Chain(s3).deliver(2).deliver(2, skip=2)

    found = verified(s3)

    (finding,) = found.findings
    assert finding.kind is Kind.CHAIN_RESTARTED
    assert finding.subject == "2026-03-01T02:12:07Z to 2026-03-01T04:12:07Z"
    assert accept_restarts(found).findings == []


def test_a_restart_does_not_hide_digests_of_hours_whose_logs_are_there(s3: S3Server) -> None:
    chain = Chain(s3).deliver(HOURS)
    chain.deliver(2, skip=2)
    chain.delete(*chain.digests[2:HOURS])

    found = accept_restarts(verified(s3, end=START + 10 * HOUR))

    (finding,) = found.findings
    assert finding.kind is Kind.DIGESTS_MISSING
    assert "is the first of its chain, but AWSLogs/" in finding.detail


def test_a_backfill_digest_is_verified_and_proves_no_hour(s3: S3Server) -> None:
    chain = Chain(s3).deliver(HOURS)
    backfill = Chain(s3, suffix="_backfill").deliver(1)

    assert verified(s3).digests == 7

    chain.delete(chain.digests[0], backfill.logs[0])
    assert [finding.kind for finding in verified(s3).findings] == [
        *(Kind.LOG_MISSING, Kind.DIGESTS_MISSING),
    ]


def test_a_backfill_digest_that_another_one_follows_is_missed(s3: S3Server) -> None:
    Chain(s3).deliver(HOURS)
    backfill = Chain(s3, suffix="_backfill").deliver(3)
    backfill.delete(backfill.digests[1])

    (finding,) = verified(s3).findings

    assert (finding.kind, finding.subject) == (Kind.DIGESTS_MISSING, backfill.digests[1])


def test_one_bad_region_does_not_taint_another(s3: S3Server) -> None:
    Chain(s3).deliver(HOURS)
    bad = Chain(s3, region="eu-west-1").deliver(HOURS)
    bad.delete(bad.logs[0])

    assert verified(s3).findings == []
    assert [f.kind for f in verified(s3, region="eu-west-1").findings] == [Kind.LOG_MISSING]


def test_without_public_keys_nothing_is_verified_and_nothing_is_called_altered(
    s3: S3Server,
) -> None:
    Chain(s3).deliver(HOURS)

    found = verified(s3, client=NoKeys())

    (finding,) = found.findings
    assert finding.kind is Kind.NOT_READABLE
    assert "no public key" in finding.detail


class NoKeys(PublicKeysClient):
    def paginate(self, **_: object) -> list[dict[str, Any]]:
        return [{"PublicKeyList": []}]


@pytest.mark.parametrize("refused", ["digest", "log", "list_objects_v2"])
def test_what_cannot_be_read_is_not_verified_and_the_rest_is(s3: S3Server, refused: str) -> None:
    chain = Chain(s3).deliver(HOURS)
    key = {"digest": chain.digests[3], "log": chain.logs[3], "list_objects_v2": ""}[refused]

    def refuse(request: Request) -> Response | None:
        denied = request.key == key and "location" not in request.query
        return error(403, "AccessDenied", "no") if denied else None

    s3.fault = refuse

    found = verified(s3)

    (finding,) = found.findings
    assert finding.kind is Kind.NOT_READABLE
    assert "AccessDenied" in finding.detail
    assert (found.digests, found.logs) == {
        "digest": (5, 4),
        "log": (6, 4),
        "list_objects_v2": (0, 0),
    }[refused]
