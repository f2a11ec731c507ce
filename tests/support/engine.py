"""Driving the real Pulumi CLI in a sandbox."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from demo.working_copy import configure

from sandbox.engine.found import NoPulumi, PulumiCli
from sandbox.engine.search import find_pulumi
from sandbox.organization import role_arn
from sandbox.tests.limits import PATIENCE
from sandbox.tests.support import assume

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sandbox.session import Sandbox


def engine() -> PulumiCli:
    """The real CLI. Where none can be had, the test is skipped, saying why.

    Raises:
        PulumiRequiredError: there is none, and REQUIRE_PULUMI=1 demands it.
    """
    pulumi = find_pulumi()
    if isinstance(pulumi, NoPulumi):
        pytest.skip(str(pulumi))
    return pulumi


@dataclass(frozen=True)
class Ran:
    """A command that ended.

    Attributes:
        code: its exit code.
        output: what it printed, to stdout and stderr.
        stdout: what it printed to stdout alone.
    """

    code: int
    output: str
    stdout: str

    def succeeded(self) -> Ran:
        """The same, if it ended well."""
        assert self.code == 0, self.output
        return self

    def failed(self) -> Ran:
        """The same, if it ended badly."""
        assert self.code != 0, self.output
        return self

    def refused(self) -> str:
        """What it printed, if the program refused to be deployed: without a Python traceback."""
        assert self.code != 0, self.output
        assert "Traceback" not in self.output, self.output
        return self.output


@dataclass(frozen=True)
class Project:
    """A Pulumi project in a sandbox.

    Attributes:
        directory: where ``Pulumi.yaml`` is.
        sandbox: the AWS that it is deployed to.
    """

    directory: Path
    sandbox: Sandbox

    def pulumi(self, *arguments: str) -> Ran:
        """Run a command of the CLI."""
        command = [str(self._cli), "--non-interactive", "--color", "never", *arguments]
        done = subprocess.run(
            command,
            cwd=self.directory,
            env=self.sandbox.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout + done.stderr, done.stdout)

    def init(self, *stacks: str) -> None:
        """Make stacks, without deploying anything."""
        for stack in stacks:
            self.pulumi("stack", "init", stack).succeeded()

    def up(self, stack: str, *arguments: str) -> Ran:
        """Deploy a stack."""
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", stack, *arguments)

    def preview(self, stack: str, *arguments: str) -> Ran:
        """Preview a stack."""
        return self.pulumi("preview", "--stack", stack, *arguments)

    def planned(self, stack: str) -> dict[str, Mapping[str, Any]]:
        """The inputs that a preview shows for each resource, by its name."""
        plan = json.loads(self.preview(stack, "--json").succeeded().stdout)
        return {
            step["newState"]["urn"].rsplit("::", maxsplit=1)[-1]: step["newState"].get("inputs", {})
            for step in plan["steps"]
            if "newState" in step
        }

    def operations(self, stack: str) -> dict[str, int]:
        """What a preview would do: how many creates, updates, replaces, deletes."""
        summary = json.loads(self.preview(stack, "--json").succeeded().stdout)["changeSummary"]
        return {op: count for op, count in summary.items() if op not in {"same", "read"}}

    def outputs(self, stack: str) -> dict[str, Any]:
        """The stack's outputs."""
        shown = self.pulumi("stack", "output", "--json", "--stack", stack)
        return json.loads(shown.succeeded().stdout)

    def configure(self, stack: str, **values: object) -> None:
        """Set config values of the program in the stack's file, by key."""
        configure(self.directory, stack, values)

    def assume(self, role: str) -> Callable[[str], Any]:
        """Clients of a role of the security account, which its administrator assumes."""
        account = self.sandbox.organization.security_account_id
        return assume(self.sandbox, role_arn(account, role))

    def configure_core(self) -> None:
        """Leave out of the security stack what is made of the logs, where no test looks at it."""
        self.configure(
            "security",
            replica={},
            queries={"enabled": False},
            readers=[],
            integrityRole={"enabled": False},
            logFeed={"enabled": False},
        )

    @property
    def _cli(self) -> Path:
        found = self.sandbox.pulumi
        assert isinstance(found, PulumiCli), found
        return found.path
