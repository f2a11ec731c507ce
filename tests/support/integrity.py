"""`cloudtrail-guard integrity` in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping


def run_integrity(environment: Mapping[str, str], *options: str) -> tuple[int, str]:
    """Run the command; its exit code and all that it printed, which is never a traceback."""
    process = subprocess.run(
        [sys.executable, "-m", "integrity", *options],
        env={**os.environ, **environment, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in process.stderr
    return process.returncode, process.stdout + process.stderr
