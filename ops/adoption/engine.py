"""Previews of a stack, by the real `pulumi` on PATH."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from adoption.planned import AdoptionError
from stacks.lookups.run import ADOPTION


def preview(stack: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Preview a stack of the project in the working directory.

    Returns:
        What `pulumi preview --json` printed, and the import file of what it would create.

    Raises:
        AdoptionError: there is no `pulumi`, or the preview failed; the message has its output.
    """
    if shutil.which("pulumi") is None:
        raise AdoptionError("there is no pulumi on PATH: https://www.pulumi.com/docs/install/")
    with tempfile.TemporaryDirectory() as directory:
        template = Path(directory, "import.json")
        done = subprocess.run(
            [
                *("pulumi", "preview", "--non-interactive", "--json", "--stack", stack),
                *("--import-file", str(template)),
            ],
            # The names that are taken are what can be adopted: the preflight checks let them pass.
            env={**os.environ, ADOPTION: "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AdoptionError(
                f"`pulumi preview --stack {stack}` failed:\n{_messages(done.stdout)}{done.stderr}"
            )
        resources: dict[str, Any] = {"resources": []}
        if template.exists():
            resources = json.loads(template.read_text())
        return json.loads(done.stdout), resources


def _messages(printed: str) -> str:
    """What a failed preview says, out of its JSON."""
    try:
        said = json.loads(printed).get("diagnostics", [])
    except ValueError:
        return printed
    return "".join(each["message"] for each in said if each.get("severity") == "error")
