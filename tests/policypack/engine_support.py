"""What the tests of the policy pack with the real engine share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demo.weak import weak_project

from tests.support.checkout import CHECKOUT
from tests.support.engine import Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sandbox.session import Sandbox
    from tests.support.engine import Ran

PACK = ("--policy-pack", str(CHECKOUT / "policypack"))
UNDECIDED = "so the rule cannot decide"


def foreign(sandbox: Sandbox, directory: Path, program: str) -> Project:
    """Return somebody else's project with this program, and a stack ``dev``."""
    weak_project(directory, "dev")
    # Projects of one sandbox share its backend: each has a name of its own.
    file = directory / "Pulumi.yaml"
    file.write_text(file.read_text().replace("name: weak-trail", f"name: {directory.name}"))
    (directory / "__main__.py").write_text(program, encoding="utf-8")
    project = Project(directory, sandbox)
    project.init("dev")
    return project


def configured(directory: Path, config: Mapping[str, object]) -> tuple[str, ...]:
    """Return the pack's options with a configuration."""
    file = directory / "policies.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    return (*PACK, "--policy-pack-config", str(file))


def refused_by(ran: Ran) -> set[str]:
    """Return the ids of the rules that found a mandatory violation."""
    return {
        line.split("]")[-1].split()[0]
        for line in ran.output.splitlines()
        if "- [mandatory]" in line
    }


def undecided(ran: Ran) -> list[str]:
    """Return what rules could not decide."""
    return [line.strip() for line in ran.output.splitlines() if UNDECIDED in line]
