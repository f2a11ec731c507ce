"""The components' package as strangers install it: built, into an environment of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from typing import TYPE_CHECKING

from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

COMPONENTS = CHECKOUT / "components"


def built(directory: Path) -> Path:
    """Build wheel and source distribution into a directory, and return it."""
    _run([sys.executable, "-m", "hatchling", "build", "--directory", str(directory)], COMPONENTS)
    return directory


def lowest_versions() -> list[str]:
    """The lowest versions that the package allows of what it needs, as pins."""
    project = tomllib.loads((COMPONENTS / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.sub(r">=([\d.]+),.*", r"==\1.0", needed) for needed in project["dependencies"]]


def install(directory: Path, *requirements: str) -> Path:
    """Make an environment with these requirements, and return its Python.

    By uv where it is, which takes seconds; else by pip.
    """
    uv = shutil.which("uv") or shutil.which("uv", path=str(CHECKOUT / ".tools" / "uv" / "bin"))
    python = directory / "bin" / "python"
    if uv:
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(directory)], CHECKOUT)
        command = [uv, "pip", "install", "--quiet", "--python", str(python)]
    else:
        venv.create(directory, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Pulumi's Python host lists an environment's packages with pip.
    _run([*command, "pip", *requirements], CHECKOUT)
    return python


def _run(command: list[str], directory: Path) -> None:
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1"}
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
