"""Deploying a stack in a sandbox without an engine."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from sandbox.tests.limits import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.session import Sandbox


def deploy_in_process(sandbox: Sandbox, project: Path, stack: str) -> dict[str, Any]:
    """Deploy a stack of a project; its outputs."""
    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "sandbox.inprocess", "--json"),
            *("--project", str(project), "--stack", stack),
        ],
        env=sandbox.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    [outputs] = [event["outputs"] for event in events if event["event"] == "outputs"]
    return outputs
