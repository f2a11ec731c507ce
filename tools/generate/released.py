"""The state of both committed stacks as a release leaves it, for later versions to be tested with.

``python -m generate.released`` deploys them in a sandbox and writes their states, in which the
organization's ids are placeholders: every sandbox has others.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.working_copy import working_copy

from sandbox.session import Sandbox
from tests.support.checkout import CHECKOUT
from tests.support.engine import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.organization import Organization

STACKS = ("security", "management")
FOLDER = CHECKOUT / "tests" / "engine" / "released"

_IDS = ("id", "root_id", "management_account_id", "security_account_id", "workload_account_id")


def filled(stack: str, organization: Organization) -> str:
    """The released state of a stack, in this organization."""
    text = (FOLDER / f"{stack}.json").read_text(encoding="utf-8")
    for placeholder, value in _placeholders(organization):
        text = text.replace(placeholder, value)
    return text


def main() -> None:
    """Write the state of both stacks as they are now."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, Sandbox() as sandbox:
        project = Project(working_copy(Path(directory)), sandbox)
        project.init(*STACKS)
        for stack in STACKS:
            project.up(stack).succeeded()
            state = project.pulumi("stack", "export", "--stack", stack).succeeded().stdout
            for placeholder, value in _placeholders(sandbox.organization):
                state = state.replace(value, placeholder)
            text = json.dumps(_lasting(json.loads(state)), indent=1, sort_keys=True) + "\n"
            (FOLDER / f"{stack}.json").write_text(text, encoding="utf-8")


def _lasting(state: dict[str, Any]) -> dict[str, Any]:
    """A state without traces of the machine and the time of its creation. It has no secrets."""
    deployment = state["deployment"]
    deployment.pop("secrets_providers")
    deployment["manifest"]["time"] = "2000-01-01T00:00:00Z"
    for resource in deployment["resources"]:
        for key in ("created", "modified", "sourcePosition", "stackTrace"):
            resource.pop(key, None)
    return state


def _placeholders(organization: Organization) -> Iterator[tuple[str, str]]:
    for name in _IDS:
        yield f"<organization.{name}>", getattr(organization, name)


if __name__ == "__main__":
    main()
