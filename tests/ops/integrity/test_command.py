"""The command as an auditor runs it, in a process of its own."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator
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
    chain = Chain(s3).deliver(6)
    Chain(s3, account="444455556666", region="eu-west-1").deliver(6)
    yield chain
    for listed in s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        s3.delete_object(Bucket=BUCKET, Key=listed["Key"])
    s3.delete_bucket(Bucket=BUCKET)


def prove(aws: dict[str, str], *options: str, bucket: str = BUCKET) -> tuple[int, str]:
    process = subprocess.run(
        [
            *(sys.executable, "-m", "integrity", "--bucket", bucket, "--trail-arn", TRAIL_ARN),
            *("--organization-id", ORGANIZATION, "--start", f"{START:%Y-%m-%dT%H:%M:%S}"),
            *("--end", f"{START + 6 * HOUR:%Y-%m-%dT%H:%M:%S}", *options),
        ],
        env={**os.environ, **aws, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in process.stderr
    return process.returncode, process.stdout + process.stderr


@pytest.mark.usefixtures("chain")
def test_whole_logs_end_with_zero_and_a_table_of_what_was_checked(
    aws: dict[str, str], tmp_path: Path
) -> None:
    code, said = prove(aws, "--json", str(tmp_path / "report.json"))

    assert code == 0, said
    assert "s3://org-logs is whole from 2026-03-01 00:12 to 2026-03-01 06:12 UTC." in said
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["whole"] is True
    assert [(each["account"], each["region"], each["logs"]) for each in report["checked"]] == [
        ("111122223333", "us-east-1", 5),
        ("444455556666", "eu-west-1", 5),
    ]


def test_a_missing_log_ends_with_one_and_its_name(
    aws: dict[str, str], chain: Chain, tmp_path: Path
) -> None:
    chain.delete(chain.logs[0])

    code, said = prove(aws, "--json", str(tmp_path / "report.json"))

    assert code == 1
    assert f"a log file that CloudTrail delivered is gone\n  {chain.logs[0]}" in said
    report = json.loads((tmp_path / "report.json").read_text())
    assert [each["kind"] for each in report["checked"][0]["findings"]] == ["LOG_MISSING"]


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(
    ("options", "bucket", "message"),
    [
        ((), "no-such-bucket", "NoSuchBucket"),
        (("--end", "2026-02-01"), BUCKET, "--start 2026-03-01T00:12:07Z must be before --end"),
        (("--trail-arn", "Audit"), BUCKET, "must be like arn:aws:cloudtrail:"),
        (("--organization-id", "o-other"), BUCKET, "there are no digests below"),
    ],
)
def test_what_cannot_be_judged_ends_with_two_and_says_why(
    aws: dict[str, str], options: tuple[str, ...], bucket: str, message: str
) -> None:
    code, said = prove(aws, *options, bucket=bucket)

    assert code == 2, said
    assert message in said
