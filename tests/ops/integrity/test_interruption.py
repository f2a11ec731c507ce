"""A verification that is stopped, gone on with, and done in parts, as a user does it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from sandbox.tests.limits import wait_for
from tests.support.digests import BUCKET, HOUR, ORGANIZATION, START, TRAIL_ARN, Chain
from tests.support.s3_server import S3Server, error, serving

OWNER = TRAIL_ARN.split(":")[4]
OTHER = "444455556666"
OPTIONS = (
    *("--bucket", BUCKET, "--trail-arn", TRAIL_ARN, "--organization-id", ORGANIZATION),
    *("--start", f"{START:%Y-%m-%dT%H:%M:%S}", "--end", f"{START + 3 * HOUR:%Y-%m-%dT%H:%M:%S}"),
)


@pytest.fixture
def s3() -> Generator[S3Server]:
    with serving(S3Server()) as server:
        for account in (OWNER, OTHER):
            for region in ("us-east-1", "eu-west-1"):
                Chain(server, account=account, region=region).deliver(3)
        yield server


def start(s3: S3Server, *options: str, directory: Path) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3.endpoint,
        "NO_COLOR": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "integrity", *options],
        env=environment,
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def integrity(s3: S3Server, *options: str, directory: Path) -> tuple[int, str]:
    process = start(s3, *options, directory=directory)
    said, _ = process.communicate()
    assert "Traceback" not in said
    return process.returncode, said


def verified(report: Path) -> list[dict[str, Any]]:
    return json.loads(report.read_text())["verified"]


@pytest.mark.parametrize("name", ["report.json", None], ids=["a report", "no report asked for"])
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_what_is_stopped_says_what_is_not_verified_and_is_gone_on_with(
    s3: S3Server, tmp_path: Path, by: signal.Signals, name: str | None
) -> None:
    asked = ("--json", name) if name else ()
    s3.fault = lambda request: (
        error(503, "SlowDown") if f"{OTHER}_CloudTrail_eu-west-1" in request.key else None
    )
    running = start(s3, *OPTIONS, *asked, directory=tmp_path)
    wait_for(lambda: s3.requests["get"] >= 4 * 3 + 3 * 2)
    running.send_signal(by)
    said, _ = running.communicate()

    assert running.returncode == 2, said
    assert "Traceback" not in said
    [report] = tmp_path.iterdir()
    assert report.name == (name or report.name)
    assert "of 4 not verified" in said
    assert f"\n  {OTHER} eu-west-1\n" in said
    assert f"Go on with: cloudtrail-guard integrity --resume {report.name}" in said
    assert "is intact" not in said
    content = json.loads(report.read_text())
    assert content["intact"] is False
    assert {"account": OTHER, "region": "eu-west-1"} in content["unchecked"]

    s3.fault = lambda _request: None
    before = s3.requests["get"]
    code, said = integrity(s3, "--resume", report.name, directory=tmp_path)

    assert code == 0, said
    assert "is intact from 2026-03-01 00:12 to 2026-03-01 03:12 UTC." in said
    assert s3.requests["get"] - before == len(content["unchecked"]) * 5
    integrity(s3, *OPTIONS, "--json", "whole.json", directory=tmp_path)
    assert json.loads(report.read_text()) == json.loads((tmp_path / "whole.json").read_text())


def test_what_is_stopped_before_it_began_says_so(s3: S3Server, tmp_path: Path) -> None:
    s3.fault = lambda request: error(503, "SlowDown") if "list-type" in request.query else None
    running = start(s3, *OPTIONS, "--json", "report.json", directory=tmp_path)
    wait_for(lambda: s3.refused > 0)
    running.send_signal(signal.SIGTERM)
    said, _ = running.communicate()

    assert running.returncode == 2, said
    assert "stopped before it was known which accounts and regions there are" in said
    assert list(tmp_path.iterdir()) == []


def test_parts_are_merged_to_the_whole(s3: S3Server, tmp_path: Path) -> None:
    gone = next(key for key in s3.objects if "CloudTrail_eu" in key)
    s3.delete_object(Key=gone)
    names = [f"{number}.json" for number in (1, 2, 3)]
    codes = [
        integrity(s3, *OPTIONS, "--shard", f"{n}/3", "--json", name, directory=tmp_path)[0]
        for n, name in enumerate(names, start=1)
    ]
    whole, _ = integrity(s3, *OPTIONS, "--json", "whole.json", directory=tmp_path)

    code, said = integrity(s3, "merge", *names, "--json", "all.json", directory=tmp_path)
    lacking, said_lacking = integrity(s3, "merge", *names[:2], directory=tmp_path)

    assert sorted(codes) == [0, 0, 1]
    assert (code, whole) == (1, 1)
    assert gone in said
    assert verified(tmp_path / "all.json") == verified(tmp_path / "whole.json")
    assert lacking in {1, 2}
    assert "not verified: no report of shard 3/3" in said_lacking


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--bucket, --trail-arn and --start are needed, or --resume with a report"),
        ((*OPTIONS, "--shard", "3/2"), "--shard '3/2' must be K/N, like 1/4"),
        (("--resume", "none.json"), "none.json is no report that integrity wrote with --json: "),
        ((*OPTIONS, "--resume", "x"), "--resume takes what to verify from the report"),
        (("merge", "none.json"), "none.json is no report that integrity wrote with --json: "),
    ],
)
def test_options_that_cannot_be_end_with_two_and_say_why(
    s3: S3Server, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    code, output = integrity(s3, *options, directory=tmp_path)

    assert code == 2
    assert said in output
