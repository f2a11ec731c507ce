"""The examples as a stranger has them: in a clone, deployed with the commands of their README."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from sandbox.engine.build import go_binary
from sandbox.engine.found import PulumiCli
from tests.support.checkout import CHECKOUT
from tests.support.engine import Project

if TYPE_CHECKING:
    from sandbox.session import Sandbox

EXAMPLES = CHECKOUT / "examples"

STACK = "dev"
REGION = "us-east-1"
PROFILE = "security"
"""The account of the sandbox that most examples are deployed to."""

MADE = shutil.ignore_patterns("sdks", "node_modules", "venv", "__pycache__", f"Pulumi.{STACK}.yaml")
"""What is in a working tree and in no clone."""

TOOLS = {
    "yaml": (),
    "nodejs": ("node", "npm"),
    "go": ("go",),
}
"""What each of the CLI's language hosts needs on PATH."""

BUILT = {"yaml": "yaml", "nodejs": "codegen"}
"""What the sandbox's own language hosts need of Go, which is built once."""


def clone(directory: Path) -> Path:
    """Copy what a clone has of the examples and the component plugin, and return the examples."""
    for name in ("components", "examples"):
        shutil.copytree(CHECKOUT / name, directory / name, ignore=MADE)
    return directory / "examples"


def need_language(sandbox: Sandbox, runtime: str) -> None:
    """Skip the test, saying why, where a language's programs cannot run.

    With REQUIRE_PULUMI=1 the test fails instead, but for Go, whose host only the official CLI has.
    """
    assert isinstance(sandbox.pulumi, PulumiCli), sandbox.pulumi
    path = sandbox.environment["PATH"]
    host = shutil.which(f"pulumi-language-{runtime}", path=path)
    if runtime == "go" and host is None:
        pytest.skip("programs in Go need pulumi-language-go, which only the official CLI brings")
    if host and runtime in BUILT and b"sandbox.engine.hosts" in Path(host).read_bytes()[:1024]:
        go_binary(BUILT[runtime])
    needed = (f"pulumi-language-{runtime}", *TOOLS[runtime])
    missing = [tool for tool in needed if shutil.which(tool, path=path) is None]
    if missing:
        reason = f"programs in {runtime} need {', '.join(missing)}, not found on PATH"
        if os.environ.get("REQUIRE_PULUMI") == "1":
            pytest.fail(f"{reason} (REQUIRE_PULUMI=1 makes this an error)")
        pytest.skip(reason)


@dataclass(frozen=True)
class Example:
    """An example in a clone, and the sandbox that it is deployed to."""

    project: Project
    profile: str = PROFILE

    @classmethod
    def of(cls, directory: Path, sandbox: Sandbox, profile: str = PROFILE) -> Example:
        """The example in this directory, installed, with a stack in an account of the sandbox."""
        example = cls(Project(directory, sandbox), profile)
        if not _is_installed(directory):
            example.project.pulumi("install").succeeded()
        example.project.init(STACK)
        example.configure(**{"aws:profile": profile, "aws:region": REGION})
        return example

    @property
    def account(self) -> str:
        """The account that the example is deployed to."""
        return self.client("sts").get_caller_identity()["Account"]

    def configure(self, **values: str) -> None:
        """Set the example's config."""
        pairs = [
            part for key, value in values.items() for part in ("--plaintext", f"{key}={value}")
        ]
        self.project.pulumi("config", "set-all", "--stack", STACK, *pairs).succeeded()

    def deploy(self) -> dict[str, Any]:
        """Deploy it, see that a second run changes nothing, and return its outputs."""
        self.project.up(STACK).succeeded()
        self.project.up(STACK, "--expect-no-changes").succeeded()
        return self.project.outputs(STACK)

    def leave(self) -> None:
        """Destroy the stack; bucket and key stay in AWS."""
        self.project.pulumi("state", "unprotect", "--all", "--yes", "--stack", STACK).succeeded()
        self.project.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK).succeeded()

    def client(self, service: str) -> Any:
        """A client of AWS in the example's account."""
        return self.project.sandbox.session(self.profile).client(service)


def _is_installed(directory: Path) -> bool:
    """Whether there is nothing to install any more: YAML needs the plugin's environment alone."""
    project = yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8"))
    plugin = project.get("packages", {}).get("cloudtrail-guard")
    made = plugin is None or (directory / plugin / "venv" / "bin").exists()
    return project["runtime"] == "yaml" and made
