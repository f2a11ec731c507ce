"""The last step: `cloudtrail-guard posture` looks at all of it, and writes its page."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from sandbox.deliver import deliver

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOURS = 6


def default_page() -> Path:
    """Where the page is written: a folder of its own, as the checkout stays as it is."""
    return Path(tempfile.mkdtemp(prefix="cloudtrail-guard-")) / "posture.html"


def write_posture(
    security: Mapping[str, Any], management: Mapping[str, Any], page: Path
) -> tuple[int, str]:
    """Let some hours pass, look at everything, and write the page.

    Args:
        security: outputs of the security stack.
        management: outputs of the management stack.
        page: the file to write.

    Returns:
        The command's exit code, 0 if all is as meant, and the last line of its table.
    """
    # Account Management says which regions an account has enabled, to whom it trusts.
    organizations: Any = boto3.Session(profile_name="management").client("organizations")
    organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    clock = datetime.fromisoformat(deliver(_HOURS)["clock"])
    until = clock - timedelta(hours=2)
    with tempfile.TemporaryDirectory() as directory:
        outputs = Path(directory) / "outputs.json"
        outputs.write_text(json.dumps({**security, **management}))
        done = subprocess.run(
            [
                *(sys.executable, "-W", "ignore", "-m", "command_line", "posture"),
                *("--profile", "management", "--log-profile", "security"),
                *("--outputs", str(outputs), "--html", str(page)),
                *("--until", f"{until:%Y-%m-%dT%H:%M:%S}", "--hours", str(_HOURS)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if not page.exists():
        return done.returncode, done.stdout + done.stderr
    return done.returncode, done.stdout.rstrip().rpartition("\n")[2]
