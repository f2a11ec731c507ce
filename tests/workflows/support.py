"""The workflows of GitHub Actions as data, and their steps as commands."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

GITHUB: Final = CHECKOUT / ".github"
WORKFLOWS: Final[Mapping[str, dict[str, Any]]] = {
    file.stem: yaml.load(file.read_text(), yaml.BaseLoader)  # noqa: S506 - `on` is a key, no boolean
    for file in sorted((GITHUB / "workflows").glob("*.yml"))
}
ACTION: Final[dict[str, Any]] = yaml.safe_load((GITHUB / "actions/setup/action.yml").read_text())
_EXPRESSION: Final = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every job, by the name ``workflow.job``."""
    for workflow, content in WORKFLOWS.items():
        for name, job in content["jobs"].items():
            yield f"{workflow}.{name}", job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of workflows and of the composite action, with where it is."""
    for name, job in jobs():
        for step in job.get("steps", ()):
            yield name, step
    for step in ACTION["runs"]["steps"]:
        yield "setup", step


def commands() -> Iterator[str]:
    """Every command that a step runs."""
    for _, step in steps():
        if "run" in step:
            yield step["run"]


@dataclass
class Runner:
    """What runs a job's commands here, in the stead of GitHub.

    Attributes:
        directory: where the job works.
        environment: the variables that every step has.
        contexts: the values of expressions, such as ``inputs.stack``.
        outputs: what the steps wrote as their outputs.
    """

    directory: Path
    environment: Mapping[str, str]
    contexts: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    def run(self, job: Mapping[str, Any], name: str) -> subprocess.CompletedProcess[str]:
        """Run one step of a job, by its name or its whole command."""
        [step] = [one for one in job["steps"] if name in (one.get("name"), one.get("run"))]
        variables = {**job.get("env", {}), **step.get("env", {})}
        output = self.directory / ".outputs"
        output.write_text("")
        # The sandbox's own settings stand for those that a repository's variables give.
        given = {key: self._expand(value) for key, value in variables.items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.directory,
            env={
                **{key: value for key, value in given.items() if value},
                **self.environment,
                "GITHUB_OUTPUT": os.fspath(output),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        lines = output.read_text().splitlines()
        self.outputs.update((line.partition("=")[0], line.partition("=")[2]) for line in lines)
        return done

    def _expand(self, value: str) -> str:
        return _EXPRESSION.sub(lambda found: self.contexts.get(found[1], ""), value)
