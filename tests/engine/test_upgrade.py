"""A stack that the last release deployed, under the program as it is now."""

import json
from typing import Any

import pytest
from generate.released import STACKS, filled

from tests.support.compatibility import changelog, unnamed
from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("upgrade")]


@pytest.fixture(scope="module")
def released(project: Project) -> Project:
    """Both stacks with the state that the last release left."""
    for stack in STACKS:
        state = project.directory / f"{stack}.state.json"
        state.write_text(filled(stack, project.sandbox.organization), encoding="utf-8")
        project.pulumi("stack", "import", "--stack", stack, "--file", str(state)).succeeded()
    return project


@pytest.mark.parametrize("stack", STACKS)
def test_an_upgrade_replaces_and_deletes_nothing(released: Project, stack: str) -> None:
    before = json.loads(filled(stack, released.sandbox.organization))["deployment"]["resources"]
    preview = json.loads(released.preview(stack, "--json").succeeded().stdout)

    kept = {"same", "update", "read", "refresh", "create"}
    lost = {step["urn"]: step["op"] for step in preview["steps"] if step["op"] not in kept}

    assert unnamed([f"`{urn}` is lost by a {op}" for urn, op in lost.items()], changelog()) == []
    found = sum(preview["changeSummary"].get(op, 0) for op in ("same", "update"))
    assert found >= sum(_is_managed(resource) for resource in before)


def _is_managed(resource: dict[str, Any]) -> bool:
    return not resource["type"].startswith("pulumi:providers:") and not resource.get("external")
