"""The official download of the Pulumi CLI, in a process of its own that can be stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECONDS = 60
"""The archive has about 90 MB; a closed network must not cost more."""

INSTALLER = (
    "import sys; from pulumi.automation import PulumiCommand;"
    "PulumiCommand.install(root=sys.argv[1])"
)


def download(folder: Path, environ: Mapping[str, str]) -> str | None:
    """Install the official CLI into a folder; what went wrong, or ``None``."""
    # A session of its own: the installer starts a script that starts curl.
    process = subprocess.Popen(
        [sys.executable, "-c", INSTALLER, str(folder)],
        env=dict(environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"it took more than {SECONDS} s"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return f"exit code {code}" if code else None
