"""The workflows hold to the repository, and to what makes a workflow safe."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any

import pytest
from packaging.specifiers import SpecifierSet

from sandbox.engine.found import MINIMUM
from tests.support.checkout import CHECKOUT
from tests.workflows.support import ACTION, WORKFLOWS, commands, jobs, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITES = {
    "policy-check.check": {"id-token", "security-events"},
    "preview.preview": {"id-token", "security-events"},
    "deploy.security": {"id-token"},
    "deploy.management": {"id-token"},
    "deploy.workload": {"id-token"},
    "drift.check": {"id-token"},
    "drift.report": {"issues"},
    "release.attest": {"id-token", "attestations"},
    "release.publish": {"contents"},
    "release.pypi": {"id-token"},
    "site.publish": {"pages", "id-token"},
}
"""What a job may write; no other job may write anything."""


def uses() -> Iterator[str]:
    for _, step in steps():
        if "uses" in step:
            yield step["uses"]
    for _, job in jobs():
        if "uses" in job:
            yield job["uses"]


def lines() -> Iterator[str]:
    for file in sorted((CHECKOUT / ".github").rglob("*.yml")):
        yield from file.read_text().splitlines()


def stacks() -> set[str]:
    named = {found for command in commands() for found in re.findall(r"--stack ([a-z-]+)", command)}
    for _, job in jobs():
        matrix = job.get("strategy", {}).get("matrix", {})
        named |= {leg["stack"] for leg in matrix.get("include", ())}
    return named


def test_every_action_is_pinned_by_a_commit_and_says_its_version() -> None:
    for line in lines():
        found = re.match(r" +(?:- )?uses: (?!\./)(.*)", line)
        if found:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", found[1]), line


def test_an_action_has_one_version_everywhere() -> None:
    versions: dict[str, set[str]] = {}
    for name in uses():
        if not name.startswith("./"):
            action, _, commit = name.partition("@")
            versions.setdefault(action, set()).add(commit)

    assert {action: found for action, found in versions.items() if len(found) > 1} == {}


def test_every_local_action_and_workflow_is_there() -> None:
    local = [CHECKOUT / name for name in uses() if name.startswith("./")]

    assert local
    for path in local:
        assert path.is_file() or (path / "action.yml").is_file(), path


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_workflow_grants_nothing_by_itself(workflow: str) -> None:
    assert WORKFLOWS[workflow]["permissions"] == {}


def test_a_job_may_write_only_what_its_work_needs() -> None:
    granted = {
        name: {key for key, value in job.get("permissions", {}).items() if value == "write"}
        for name, job in jobs()
    }

    assert {name: found for name, found in granted.items() if found} == WRITES
    for name, job in jobs():
        assert set(job["permissions"].values()) <= {"read", "write"}, name


def test_a_job_that_runs_ends_in_time() -> None:
    for name, job in jobs():
        assert ("uses" in job) != (int(job.get("timeout-minutes", 0)) > 0), name


def test_a_checkout_leaves_no_credentials() -> None:
    for name, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false", name


def test_no_command_has_an_expression_in_it() -> None:
    for command in commands():
        assert "${{" not in command


@pytest.mark.parametrize(
    "workflow", [name for name, one in WORKFLOWS.items() if set(one["on"]) != {"workflow_call"}]
)
def test_a_workflow_says_what_happens_to_two_runs_at_once(workflow: str) -> None:
    assert set(WORKFLOWS[workflow]["concurrency"]) == {"group", "cancel-in-progress"}


def test_a_deployment_is_never_cancelled_half_way() -> None:
    assert WORKFLOWS["deploy"]["concurrency"]["cancel-in-progress"] == "false"


def test_no_workflow_runs_a_forks_code_with_credentials() -> None:
    for name, workflow in WORKFLOWS.items():
        assert not {"pull_request_target", "workflow_run"} & set(workflow["on"]), name
    for name, job in jobs():
        if "pull_request" in WORKFLOWS[name.partition(".")[0]]["on"] and WRITES.get(name):
            assert "head.repo.full_name == github.repository" in job["if"], name


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    installs = [job["with"]["install"] for _, job in jobs() if "install" in job.get("with", {})]
    named = {
        target for one in [*commands(), *installs] for target in re.findall(r"make (\S+)", one)
    }

    assert {"lint", "test", "dist", "site"} <= named <= targets


def test_every_module_and_policy_pack_is_there() -> None:
    text = "\n".join(commands())

    for folder, module in re.findall(r"(?:PYTHONPATH=(\w+) )?python3? -m (\w+)", text):
        assert module == "venv" or (CHECKOUT / folder / module / "__main__.py").is_file(), module
    for pack in re.findall(r"--policy-pack (\w+)", text):
        assert (CHECKOUT / pack / "PulumiPolicy.yaml").is_file(), pack


def test_every_stack_is_committed() -> None:
    assert stacks() >= {"security", "management"}
    for stack in stacks():
        assert (CHECKOUT / f"Pulumi.{stack}.yaml").is_file(), stack


def test_a_stack_deploys_in_an_environment_of_its_own_with_its_own_profile() -> None:
    for stack, job in WORKFLOWS["deploy"]["jobs"].items():
        [setup] = [one for one in job["steps"] if one.get("uses", "").endswith("actions/setup")]
        profile = f"aws:profile: {stack}\n"

        assert job["environment"] == stack
        assert setup["with"]["aws-profile"] == stack
        assert profile in (CHECKOUT / f"Pulumi.{stack}.yaml").read_text()
        assert any(f"--stack {stack} " in one.get("run", "") for one in job["steps"])


def test_security_is_deployed_before_management() -> None:
    deploy = WORKFLOWS["deploy"]["jobs"]

    assert list(deploy)[:2] == ["security", "management"]
    assert deploy["management"]["needs"] == "security"


def test_the_tests_run_on_every_python_that_pulumi_and_this_project_support() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    own = SpecifierSet(project["requires-python"])
    classifiers: list[str] = metadata("pulumi").get_all("Classifier") or []
    pulumi = [found[1] for one in classifiers if (found := re.search(r":: (3\.\d+)$", one))]
    supported = [python for python in pulumi if own.contains(f"{python}.99")]

    assert WORKFLOWS["test"]["jobs"]["test"]["strategy"]["matrix"]["python"] == supported


def test_one_version_of_the_pulumi_cli_is_named_and_it_will_do() -> None:
    version = (CHECKOUT / ".pulumi.version").read_text().strip()
    inputs: dict[str, Any] = WORKFLOWS["policy-check"]["on"]["workflow_call"]["inputs"]
    [installed] = [one for one in ACTION["runs"]["steps"] if "pulumi/actions" in one["uses"]]

    assert tuple(int(part) for part in version.split(".")) >= MINIMUM
    assert inputs["pulumi-version"]["default"] == version
    assert installed["with"]["pulumi-version-file"] == ".pulumi.version"


def test_what_a_caller_gives_is_described_and_has_the_right_name() -> None:
    called = WORKFLOWS["policy-check"]["on"]["workflow_call"]
    [caller] = WORKFLOWS["preview"]["jobs"].values()

    for one in [*called["inputs"].values(), *called["secrets"].values()]:
        assert len(one["description"]) > 10
    assert set(caller["with"]) <= set(called["inputs"])
    assert set(caller["secrets"]) <= set(called["secrets"])
