"""The proof of the logs: CloudTrail delivers, and `cloudtrail-guard integrity` verifies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from sandbox.deliver import deliver

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOURS = 3
"""How far CloudTrail's clock is moved on: a digest may arrive two hours after its hour."""


@dataclass(frozen=True)
class Proof:
    """What the command said of the delivered logs.

    Attributes:
        code: its exit code; 0 if every file is intact.
        digests: how many digest files were verified.
        log_files: how many log files they name.
        output: what it printed.
    """

    code: int
    digests: int
    log_files: int
    output: str


def verify_logs(security: Mapping[str, Any], management: Mapping[str, Any]) -> Proof:
    """Let CloudTrail deliver the next hours, and verify them with the role that may only read.

    Args:
        security: outputs of the security stack.
        management: outputs of the management stack.
    """
    started = datetime.fromisoformat(deliver(0)["clock"])
    deliver(_HOURS)
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        done = subprocess.run(
            [
                *(sys.executable, "-W", "ignore", "-m", "command_line", "integrity"),
                *("--bucket", security["bucketName"], "--trail-arn", management["trailArn"]),
                *("--organization-id", security["organizationId"]),
                *("--start", _utc(started + timedelta(minutes=1))),
                *("--end", _utc(started + timedelta(hours=_HOURS - 2))),
                *("--allow-restart", "--json", str(report)),
            ],
            env=_as_role(security["integrityRoleArn"]),
            capture_output=True,
            text=True,
            check=False,
        )
        verified = json.loads(report.read_text())["verified"] if report.exists() else []
    return Proof(
        code=done.returncode,
        digests=sum(each["digests"] for each in verified),
        log_files=sum(each["logs"] for each in verified),
        output=done.stdout + done.stderr,
    )


def _as_role(role: str) -> dict[str, str]:
    """The environment of a command that acts as a role of the security account."""
    sts: Any = boto3.Session(profile_name="security").client("sts")
    key = sts.assume_role(RoleArn=role, RoleSessionName="verify-logs")["Credentials"]
    profiles = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}
    kept = {name: value for name, value in os.environ.items() if name not in profiles}
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_SESSION_TOKEN": key["SessionToken"],
    }


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"
