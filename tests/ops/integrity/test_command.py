"""The command as an auditor runs it, in a process of its own."""

import base64
import json
import threading
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.support.digests import (
    BUCKET,
    HOUR,
    ORGANIZATION,
    START,
    TRAIL_ARN,
    Chain,
    fingerprint,
    public_key,
)
from tests.support.integrity import run_integrity

OWNER = TRAIL_ARN.split(":")[4]
OTHER = "444455556666"


class CloudTrail(BaseHTTPRequestHandler):
    """CloudTrail, as far as it hands out public keys: moto does not."""

    def do_POST(self) -> None:
        assert self.headers["X-Amz-Target"].endswith(".ListPublicKeys")
        self.rfile.read(int(self.headers["Content-Length"]))
        value = base64.b64encode(public_key()).decode()
        key = {"Fingerprint": fingerprint(), "Value": value}
        body = json.dumps({"PublicKeyList": [key]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture(scope="module")
def aws() -> Generator[dict[str, str]]:
    s3 = ThreadedMotoServer(port=0, verbose=False)
    s3.start()
    cloudtrail = ThreadingHTTPServer(("127.0.0.1", 0), CloudTrail)
    threading.Thread(target=cloudtrail.serve_forever, daemon=True).start()
    yield {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": "http://{}:{}".format(*s3.get_host_and_port()),
        "AWS_ENDPOINT_URL_CLOUDTRAIL": "http://{}:{}".format(*cloudtrail.server_address[:2]),
    }
    cloudtrail.shutdown()
    cloudtrail.server_close()
    s3.stop()


@pytest.fixture
def chain(aws: dict[str, str]) -> Generator[Chain]:
    s3: Any = boto3.client(
        "s3",
        endpoint_url=aws["AWS_ENDPOINT_URL_S3"],
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name="us-east-1",
    )
    s3.create_bucket(Bucket=BUCKET)
    Chain(s3, account=OWNER).deliver(6)
    Chain(s3, account=OTHER).deliver(6)
    Chain(s3, account=OTHER, region="eu-west-1").deliver(6)
    yield Chain(s3).deliver(6)
    for listed in s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        s3.delete_object(Bucket=BUCKET, Key=listed["Key"])
    s3.delete_bucket(Bucket=BUCKET)


def integrity(aws: dict[str, str], *options: str, bucket: str = BUCKET) -> tuple[int, str]:
    return run_integrity(
        aws,
        *("--bucket", bucket, "--trail-arn", TRAIL_ARN, "--organization-id", ORGANIZATION),
        *("--start", f"{START:%Y-%m-%dT%H:%M:%S}"),
        *("--end", f"{START + 6 * HOUR:%Y-%m-%dT%H:%M:%S}"),
        *options,
    )


@pytest.mark.usefixtures("chain")
def test_intact_logs_end_with_zero_and_a_table_of_what_was_verified(
    aws: dict[str, str], tmp_path: Path
) -> None:
    code, said = integrity(aws, "--json", str(tmp_path / "report.json"))

    assert code == 0, said
    assert "s3://org-logs is intact from 2026-03-01 00:12 to 2026-03-01 06:12 UTC." in said
    assert "Digests were expected from: the accounts in the bucket." in said
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["intact"] is True
    assert [(each["account"], each["region"], each["logs"]) for each in report["verified"]] == [
        ("111122223333", "us-east-1", 5),
        (OWNER, "us-east-1", 5),
        (OTHER, "eu-west-1", 5),
        (OTHER, "us-east-1", 5),
    ]


def test_a_missing_log_ends_with_one_and_its_name(
    aws: dict[str, str], chain: Chain, tmp_path: Path
) -> None:
    chain.delete(chain.logs[0])

    code, said = integrity(aws, "--json", str(tmp_path / "report.json"))

    assert code == 1
    assert f"a log file that CloudTrail delivered is gone\n  {chain.logs[0]}" in said
    report = json.loads((tmp_path / "report.json").read_text())
    assert [each["kind"] for each in report["verified"][0]["findings"]] == ["LOG_MISSING"]


@pytest.mark.parametrize(
    ("gone", "options", "missing"),
    [
        (("CloudTrail-Digest",), (), "111122223333 us-east-1"),
        (("CloudTrail-Digest",), ("--account", "111122223333"), "111122223333 us-east-1"),
        (("CloudTrail-Digest", "CloudTrail"), ("--account", "111122223333"), "111122223333 us-ea"),
        ((), ("--account", "999999999999"), "999999999999 us-east-1"),
        ((), ("--region", "ap-south-1"), f"{OTHER} ap-south-1"),
    ],
    ids=[
        *("digests, not logs", "the same of a named account", "all of a named account"),
        *("a named account that never had any", "a named region that never had any"),
    ],
)
def test_digests_that_are_expected_and_not_there_end_with_one(
    aws: dict[str, str],
    chain: Chain,
    gone: tuple[str, ...],
    options: tuple[str, ...],
    missing: str,
) -> None:
    for folder in gone:
        chain.delete(*(chain.digests if folder == "CloudTrail-Digest" else chain.logs))

    code, said = integrity(aws, *options)

    assert code == 1, said
    assert f"{missing}" in said
    assert "no valid digest file proves these hours" in said
    assert "there is no digest at all" in said


def test_a_table_is_not_cut_where_there_is_no_terminal(aws: dict[str, str], chain: Chain) -> None:
    chain.delete(chain.logs[0])

    _, said = integrity(aws)

    assert max(map(len, said.splitlines())) > 100
    assert "…" not in said


@pytest.mark.usefixtures("chain")
def test_control_characters_in_a_files_name_are_escaped(aws: dict[str, str], chain: Chain) -> None:
    folder = chain.digests[0].rsplit("/", maxsplit=1)[0]
    chain.s3.put_object(Bucket=BUCKET, Key=f"{folder}/\x1b[2K", Body=b"")

    code, said = integrity(aws)

    assert code == 1
    assert "\x1b" not in said
    assert "/\\x1b[2K" in said


LATELY = "ninety minutes ago"


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(
    ("options", "bucket", "message"),
    [
        ((), "no-such-bucket", "NoSuchBucket"),
        (("--end", "2026-02-01"), BUCKET, "--start 2026-03-01T00:12:07Z must be before --end"),
        (("--start", "2126-01-01"), BUCKET, "must be before --end and before now"),
        (("--start", LATELY, "--end", "2126-01-01"), BUCKET, "none of this period is due yet"),
        (("--trail-arn", "Audit"), BUCKET, "must be like arn:aws:cloudtrail:"),
        (("--organization-id", "o-otherother"), BUCKET, "there are no logs and no digests below"),
        (("--organization-id", "acme"), BUCKET, "must be like o-a1b2c3d4e5"),
        (("--prefix", "/elsewhere/"), BUCKET, "below s3://org-logs/elsewhere/AWSLogs/o-"),
        (("--account", "12345"), BUCKET, "must be an account's 12 digits"),
        (("--region", "Ireland"), BUCKET, "must be a region, like eu-central-1"),
    ],
)
def test_what_cannot_be_verified_ends_with_two_and_says_why(
    aws: dict[str, str], options: tuple[str, ...], bucket: str, message: str
) -> None:
    lately = f"{datetime.now(UTC) - timedelta(minutes=90):%Y-%m-%dT%H:%M:%S}"
    given = [lately if each == LATELY else each for each in options]

    code, said = integrity(aws, *given, bucket=bucket)

    assert code == 2, said
    assert message in said
