"""Programs of one Java file, with what Maven Central has of their ``pom.xml``.

Their tests are slow: they are marked so, and left out unless asked for (CONTRIBUTING.md).
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROGRAMS = CHECKOUT / "tests" / "support" / "java"
_CLASSPATH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"


def run_java(program: str, given: Any, directory: Path) -> Any:
    """What a program writes, given something; both are JSON.

    Args:
        program: its name: ``ruler`` is the file ``ruler/Ruler.java``.
        given: what it reads.
        directory: a directory to work in.
    """
    folder, classpath = PROGRAMS / program, directory / "classpath"
    maven = ["mvn", "--quiet", "--batch-mode", "--file", str(folder / "pom.xml"), _CLASSPATH]
    _run([*maven, f"-Dmdep.outputFile={classpath}"])
    source = str(folder / f"{program.capitalize()}.java")
    options = ["-cp", classpath.read_text(encoding="utf-8").strip()]
    # Libraries warn on the lines before.
    return json.loads(_run(["java", *options, source], json.dumps(given)).splitlines()[-1])


def _run(command: Sequence[str], given: str = "") -> str:
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout
