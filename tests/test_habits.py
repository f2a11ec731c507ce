"""What contributors rely on: targets, hooks, templates and updates hold to the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.support.checkout import CHECKOUT
from tests.workflows.support import WORKFLOWS

MAKEFILE = (CHECKOUT / "Makefile").read_text()
TARGETS = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
HOOKS: list[dict[str, Any]] = [
    hook
    for repository in yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
]
RENOVATE: dict[str, Any] = json.loads((CHECKOUT / ".github/renovate.json").read_text())
CONTAINER: dict[str, Any] = json.loads((CHECKOUT / ".devcontainer/devcontainer.json").read_text())


def test_make_help_describes_every_target() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )

    described = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert list(described) == TARGETS
    assert all(len(text) > 10 for text in described.values())


def test_make_without_a_target_is_help() -> None:
    assert ".DEFAULT_GOAL := help" in MAKEFILE


def test_every_hook_is_local() -> None:
    config = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())

    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    assert {hook["language"] for hook in HOOKS} == {"system"}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_tool_that_set_up_installs(hook: dict[str, Any]) -> None:
    words = hook["entry"].split()

    if words[0] == "make":
        assert words[-1] in TARGETS
    else:
        assert words[:4] == ["uv", "run", "--frozen", "--"]
        assert (CHECKOUT / ".venv/bin" / words[4]).exists()


def test_a_hook_checks_what_make_lint_checks() -> None:
    linted = " ".join(re.findall(r"\$\(RUN\) (.+)", MAKEFILE))

    for tool in ("ruff check", "ruff format", "basedpyright"):
        assert any(tool in hook["entry"] for hook in HOOKS), tool
    [zizmor] = [hook["entry"].partition(" -- ")[2] for hook in HOOKS if hook["id"] == "zizmor"]
    assert zizmor in linted


@pytest.mark.parametrize("manager", RENOVATE["customManagers"], ids=lambda one: one["description"])
def test_renovate_finds_every_version_that_is_not_in_a_lock_file(manager: dict[str, Any]) -> None:
    [pattern] = manager["managerFilePatterns"]
    [match] = manager["matchStrings"]
    name = pattern.strip("/^$").replace("\\", "")

    found = re.findall(match.replace("(?<", "(?P<"), (CHECKOUT / name).read_text())

    assert len(found) == 1, found
    assert re.fullmatch(r"\d+\.\d+\.\d+", found[0])


def test_the_dev_container_has_a_python_that_is_tested_and_does_the_set_up() -> None:
    tested = WORKFLOWS["test"]["jobs"]["test"]["strategy"]["matrix"]["python"]

    assert CONTAINER["image"].rpartition(":")[2] in tested
    assert {"go", "java", "node"} <= {
        name.rpartition("/")[2].partition(":")[0] for name in CONTAINER["features"]
    }
    [target] = re.findall(r"make (\S+)", CONTAINER["postCreateCommand"])
    assert target in TARGETS


def test_every_file_that_the_community_files_link_is_there() -> None:
    for name in ("SECURITY.md", "CONTRIBUTING.md", "docs/workflows.md"):
        file = CHECKOUT / name
        for link in re.findall(r"\]\((?!http)([^)#]+)", file.read_text()):
            assert (file.parent / link).exists(), f"{name}: {link}"


@pytest.mark.xdist_group("habits")
def test_tests_of_one_group_stay_on_one_worker(request: pytest.FixtureRequest) -> None:
    """pytest-xdist tells groups by a suffix, and where it sets none it scatters the tests."""
    in_parallel = "PYTEST_XDIST_WORKER" in os.environ

    assert request.node.nodeid.endswith("@habits") is in_parallel
