"""A replica is verified in place, held against what CloudTrail wrote to the log bucket."""

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from botocore.exceptions import NoCredentialsError
from integrity.coverage import Period
from integrity.findings import Kind, Report, Request, Verified
from integrity.log_layout import AccountRegion, LogLayout
from integrity.report_file import write_report
from integrity.s3.assumed_role import assumed
from integrity.verification import PublicKeys, Source, verify

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
from tests.support.integrity import run_integrity
from tests.support.s3_server import Request as Asked
from tests.support.s3_server import Response, S3Server, error
from tests.support.stores import reading

REPLICA = "org-logs-archive"
EARLIER = "earlier-logs"
ROLE = "arn:aws:iam::777788889999:role/ReadReplica"
OWNER = TRAIL_ARN.split(":")[4]
LAYOUT = LogLayout(bucket=BUCKET, trail_arn=TRAIL_ARN, organization=ORGANIZATION, replica=REPLICA)
HOURS = 6
END = START + HOURS * HOUR
MINUTE = timedelta(minutes=1)

Tampering = Callable[[Chain], object]


def only(*buckets: str) -> Callable[[Asked], Response | None]:
    """There are these buckets and no other: the log bucket is gone."""
    return lambda asked: (
        error(404, "NoSuchBucket")
        if asked.method == "GET" and asked.bucket not in buckets
        else None
    )


def verified(
    s3: S3Server, *, now: datetime = END + 12 * HOUR, layout: LogLayout = LAYOUT
) -> Verified:
    async def ask() -> Verified:
        with reading(s3) as store:
            source = Source(
                store=store,
                keys=PublicKeys(lambda _: PublicKeysClient(), START, now),
                layout=layout,
            )
            period = Period(
                start=START, end=min(END, now), now=now, replicated=layout.replica is not None
            )
            return await verify(source, AccountRegion(ACCOUNT, "us-east-1"), period)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("tamper", "kinds"),
    [
        (lambda _: None, []),
        (lambda c: c.rewrite(c.logs[2], b"StopLogging", b"GetTrail"), [Kind.LOG_ALTERED]),
        (lambda c: c.delete(c.logs[2]), [Kind.LOG_MISSING]),
        (
            lambda c: c.rewrite(c.digests[3], b"SHA-256", b"SHA-512"),
            [Kind.DIGEST_INVALID, Kind.DIGESTS_MISSING],
        ),
        (lambda c: c.delete(c.digests[0]), [Kind.DIGESTS_MISSING]),
        (lambda c: c.delete(c.digests[2], c.digests[3]), [Kind.DIGESTS_MISSING]),
        (lambda c: c.delete(c.digests[-1]), [Kind.DIGESTS_MISSING]),
        (lambda c: c.delete(*c.digests), [Kind.DIGESTS_MISSING]),
        (
            lambda c: c.s3.put_object(Key=f"{c.digests[0]}.bak", Body=b"junk"),
            [Kind.UNEXPECTED_FILE],
        ),
    ],
    ids=[
        *("whole", "log altered", "log missing", "digest altered", "first digest missing"),
        *("two digests missing", "newest digest missing", "all digests missing", "another file"),
    ],
)
def test_a_replica_is_verified_when_the_log_bucket_is_gone(
    s3: S3Server, tamper: Tampering, kinds: list[Kind]
) -> None:
    chain = Chain(s3).deliver(HOURS)
    tamper(chain)
    s3.fault = only(REPLICA)

    found = verified(s3)

    assert [finding.kind for finding in found.findings] == kinds
    assert s3.refused == 0
    if not kinds:
        assert (found.digests, found.logs) == (6, 5)


@pytest.mark.parametrize("bucket", ["another-trails-logs", REPLICA], ids=["third", "the replica"])
def test_digests_that_cloudtrail_wrote_to_another_bucket_than_the_log_bucket_are_named(
    s3: S3Server, bucket: str
) -> None:
    """As a digest of a trail that delivers to the replica itself would."""
    Chain(s3, bucket=bucket).deliver(1)

    invalid, hours = verified(s3).findings

    assert invalid.kind is Kind.DIGEST_INVALID
    assert f"it was moved: CloudTrail wrote s3://{bucket}/AWSLogs/" in invalid.detail
    assert hours.kind is Kind.DIGESTS_MISSING


def test_a_log_file_is_read_where_its_digest_says_unless_that_is_the_log_bucket(
    s3: S3Server,
) -> None:
    """The first digest after a trail got another bucket lists log files in the earlier one."""

    class Moved(Chain):
        def _log(self, end: datetime, number: int) -> dict[str, str]:
            return {**super()._log(end, number), "s3Bucket": EARLIER}

    Moved(s3).deliver(HOURS)
    s3.fault = only(REPLICA, EARLIER)
    assert verified(s3).findings == []

    s3.fault = only(REPLICA)
    assert {finding.kind for finding in verified(s3).findings} == {Kind.NOT_READABLE}


NOT_YET = timedelta(hours=1, minutes=14)
MISSING = timedelta(hours=1, minutes=16)
"""After an hour: one to deliver its digest, and a quarter to replicate it."""


@pytest.mark.parametrize(
    ("lacks", "after", "replica", "kinds"),
    [
        ("digests", NOT_YET, REPLICA, []),
        ("digests", MISSING, REPLICA, [Kind.DIGESTS_MISSING]),
        ("digests", HOUR - MINUTE, None, []),
        ("digests", HOUR + MINUTE, None, [Kind.DIGESTS_MISSING]),
        ("logs", NOT_YET, REPLICA, []),
        ("logs", MISSING, REPLICA, [Kind.LOG_MISSING]),
        ("logs", NOT_YET, None, [Kind.LOG_MISSING]),
    ],
    ids=[
        *("digest on its way", "digest overdue", "digest not delivered", "digest not there"),
        *("log file on its way", "log file overdue", "log file not there"),
    ],
)
def test_what_is_newest_may_come_a_quarter_of_an_hour_later_in_a_replica(
    s3: S3Server, lacks: str, after: timedelta, replica: str | None, kinds: list[Kind]
) -> None:
    chain = Chain(s3).deliver(HOURS)
    chain.delete({"digests": chain.digests, "logs": chain.logs}[lacks][-1])
    layout = LogLayout(
        bucket=BUCKET, trail_arn=TRAIL_ARN, organization=ORGANIZATION, replica=replica
    )

    found = verified(s3, now=END + after, layout=layout)

    assert [finding.kind for finding in found.findings] == kinds


ARCHIVE_KEY = "ASIAARCHIVE"


def sts(asked: Asked, lasts: timedelta = HOUR) -> Response | None:
    """STS, as far as it lets the one role be assumed; None for other questions."""
    if asked.method != "POST" or b"AssumeRole" not in asked.body:
        return None
    form = parse_qs(asked.body.decode())
    if form["RoleArn"] != [ROLE]:
        said = f"<Code>AccessDenied</Code><Message>no {form['RoleArn'][0]}</Message>"
        body = f"<ErrorResponse><Error>{said}</Error></ErrorResponse>"
        return Response(status=403, body=body.encode())
    until = datetime.now(UTC) + lasts
    body = (
        "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
        f"<AccessKeyId>{ARCHIVE_KEY}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        f"<SessionToken>t</SessionToken><Expiration>{until:%Y-%m-%dT%H:%M:%SZ}</Expiration>"
        "</Credentials><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId>"
        f"<Arn>{ROLE}</Arn></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
    )
    return Response(body=body.encode(), headers={"Content-Type": "text/xml"})


def other_account(asked: Asked) -> Response | None:
    """The replica is its role's alone, and CloudTrail's keys are the caller's own to ask for."""
    by_role = f"Credential={ARCHIVE_KEY}/" in asked.headers.get("authorization", "")
    if answer := sts(asked):
        return answer
    if asked.method == "GET" and asked.bucket != REPLICA:
        return error(404, "NoSuchBucket")
    allowed = by_role if asked.method == "GET" else not by_role
    return None if allowed else error(403, "AccessDenied")


@pytest.fixture
def replica(s3: S3Server) -> Chain:
    Chain(s3, account=OWNER).deliver(HOURS)
    s3.fault = only(REPLICA)
    return Chain(s3).deliver(HOURS)


REQUIRED = (
    *("--bucket", BUCKET, "--trail-arn", TRAIL_ARN, "--organization-id", ORGANIZATION),
    *("--start", f"{START:%Y-%m-%dT%H:%M:%S}", "--end", f"{END:%Y-%m-%dT%H:%M:%S}"),
)


def integrity(s3: S3Server, *options: str) -> tuple[int, str]:
    aws = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3.endpoint,
    }
    return run_integrity(aws, *options)


@pytest.mark.usefixtures("replica")
def test_the_command_says_which_bucket_it_read_and_of_which_it_is_a_replica(
    s3: S3Server, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"

    code, said = integrity(s3, *REQUIRED, "--replica", REPLICA, "--json", str(report))

    assert code == 0, said
    assert f"s3://{REPLICA}, as a replica of s3://{BUCKET}, is intact from 2026-03-01" in said
    assert "Digests were expected from: the accounts in the replica." in said
    written = json.loads(report.read_text())
    assert (written["bucket"], written["request"]["replica"]) == (BUCKET, REPLICA)


@pytest.mark.parametrize(
    ("tamper", "code", "said"),
    [
        (
            lambda c: c.delete(c.logs[0]),
            1,
            f"What is missing in s3://{REPLICA} may be in s3://{BUCKET}, if it was written before",
        ),
        (
            lambda c: c.s3.put_object(Key=c.logs[0], Body=gzip.compress(b"{}")),
            1,
            "a log file is not what CloudTrail delivered",
        ),
    ],
    ids=["missing", "altered"],
)
def test_what_is_wrong_in_the_replica_ends_with_one(
    s3: S3Server, replica: Chain, tamper: Tampering, code: int, said: str
) -> None:
    tamper(replica)

    ended, output = integrity(s3, *REQUIRED, "--replica", REPLICA)

    assert ended == code, output
    assert said in output
    assert replica.logs[0] in output


@pytest.mark.usefixtures("replica")
def test_a_replica_in_another_account_is_read_with_a_role_of_that_account(s3: S3Server) -> None:
    s3.fault = other_account

    code, said = integrity(s3, *REQUIRED, "--replica", REPLICA, "--archive-role", ROLE)

    assert code == 0, said


@pytest.mark.usefixtures("replica")
def test_a_stopped_verification_goes_on_with_the_replica_and_the_role(
    s3: S3Server, tmp_path: Path
) -> None:
    s3.fault = other_account
    request = Request(
        bucket=BUCKET,
        trail_arn=TRAIL_ARN,
        organization=ORGANIZATION,
        prefix="",
        start=START,
        end=END,
        due=END,
        replica=REPLICA,
        archive_role=ROLE,
    )
    place = AccountRegion(ACCOUNT, "us-east-1")
    path = tmp_path / "report.json"
    write_report(Report(request=request, expected_from="a test", unchecked=[place]), path)

    code, said = integrity(s3, "--resume", str(path))

    assert code == 0, said


OTHER_ROLE = ROLE.replace("ReadReplica", "Other")


@pytest.mark.usefixtures("replica")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--replica", BUCKET), f"--replica '{BUCKET}' must be another bucket than --bucket"),
        (("--replica", "gone"), "s3://gone: An error occurred (NoSuchBucket)"),
        (("--replica", REPLICA), "(AccessDenied)"),
        (("--replica", REPLICA), "if it is in another account, pass --archive-role"),
        (
            ("--replica", REPLICA, "--archive-role", OTHER_ROLE),
            f"(AccessDenied) when calling the AssumeRole operation: no {OTHER_ROLE}",
        ),
        (("--archive-role", ROLE), "name its bucket with --replica"),
        (("--replica", REPLICA, "--archive-role", "ReadReplica"), "must be like arn:aws:iam::"),
        (("--resume", "report.json", "--replica", REPLICA), "leave the other options out"),
        (
            ("--replica", REPLICA, "--archive-role", ROLE, "--prefix", "elsewhere"),
            f"below s3://{REPLICA}/elsewhere/AWSLogs/",
        ),
    ],
    ids=[
        *("the log bucket", "no such bucket", "refused", "refused, with a hint", "another role"),
        *("a role without a replica", "no role", "with --resume", "nothing there"),
    ],
)
def test_a_replica_that_cannot_be_read_ends_with_two_and_says_why(
    s3: S3Server, options: tuple[str, ...], said: str
) -> None:
    s3.fault = other_account

    code, output = integrity(s3, *(() if "--resume" in options else REQUIRED), *options)

    assert code == 2, output
    assert said in output


@pytest.mark.parametrize(("lasts", "times"), [(HOUR, 1), (MINUTE, 2)], ids=["lasts", "expires"])
def test_a_role_is_assumed_again_before_its_credentials_expire(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch, lasts: timedelta, times: int
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.endpoint)
    s3.fault = lambda asked: sts(asked, lasts)

    credentials = assumed(ROLE, "us-east-1").get_credentials()

    assert credentials is not None
    for _ in range(2):
        assert credentials.get_frozen_credentials().access_key == ARCHIVE_KEY
    assert s3.refused == times


def test_a_role_is_not_assumed_without_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    with pytest.raises(NoCredentialsError):
        assumed(ROLE, "us-east-1")
