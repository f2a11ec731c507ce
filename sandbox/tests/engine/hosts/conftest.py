"""The engine with the language hosts of this checkout beside it, whichever its own hosts are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sandbox.engine.found import NoPulumi
from sandbox.engine.install import write_hosts
from sandbox.engine.search import find_pulumi

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 300
"""The longest that one command may take: guards against a hang alone."""

STACK = "dev"


@dataclass(frozen=True)
class Ran:
    """A command of the engine that ended.

    Attributes:
        code: its exit code.
        output: what it printed to stdout and stderr, without the lines that tell its progress.
    """

    code: int
    output: str

    @property
    def diagnostics(self) -> str:
        """What it shows in the end of what programs and plugins wrote, without empty lines."""
        shown = self.output.partition("Diagnostics:\n")[2].partition("\nResources:")[0]
        lines = [line.removeprefix("    ") for line in shown.splitlines()[1:]]
        return "\n".join(filter(None, lines))


@dataclass(frozen=True)
class Project:
    """A folder with a project file, and an engine with a home and a backend of its own.

    Attributes:
        directory: the folder.
        environment: the variables that the engine gets.
    """

    directory: Path
    environment: dict[str, str]

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def pulumi(self, *arguments: str, **variables: str) -> Ran:
        """Run a command of the engine."""
        done = subprocess.run(
            ["pulumi", "--non-interactive", "--color", "never", *arguments],
            cwd=self.directory,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Ran(done.returncode, done.stdout)

    def up(self, *arguments: str) -> Ran:
        """Deploy it."""
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", STACK, *arguments)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the engine and our hosts."""
    found = find_pulumi()
    if isinstance(found, NoPulumi):
        pytest.skip(str(found))
    folder = tmp_path_factory.mktemp("engine")
    binary = found.path.resolve()
    try:
        (folder / "pulumi").hardlink_to(binary)
    except OSError:
        shutil.copy2(binary, folder / "pulumi")
    write_hosts(folder)
    return folder


@pytest.fixture
def project(engine: Path, tmp_path: Path) -> Project:
    """A Python project with one stack, whose environment is that of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    project = Project(
        tmp_path / "project",
        {
            **kept,
            "PATH": os.pathsep.join((str(engine), kept["PATH"])),
            "PULUMI_HOME": str(tmp_path / "home"),
            "PULUMI_BACKEND_URL": (tmp_path / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        },
    )
    (tmp_path / "state").mkdir()
    project.write("Pulumi.yaml", project_file(sys.prefix))
    project.write("__main__.py", "")
    made = project.pulumi("stack", "init", STACK)
    assert made.code == 0, made.output
    return project


def project_file(virtualenv: str) -> str:
    """The project file of a Python program in an environment."""
    return (
        "name: tried\n"
        "runtime:\n"
        "  name: python\n"
        "  options:\n"
        "    toolchain: pip\n"
        f"    virtualenv: {virtualenv}\n"
    )
