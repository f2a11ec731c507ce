"""The pack as other projects install it: built, installed with its own dependencies, and run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from cloudtrail_guard_policies import serve
from cloudtrail_guard_policies.cli import app
from cloudtrail_guard_policies.rules import RULES
from cloudtrail_guard_policies.scaffold import scaffold
from typer.testing import CliRunner

from sandbox.policy_pack.messages import PolicyResource
from sandbox.policy_pack.process import PolicyPackProcess
from tests.policypack.support import TRAIL, urn

if TYPE_CHECKING:
    from collections.abc import Iterable

PACK = Path(__file__).parents[2] / "policypack"
EVENTS = Path(__file__).parent / "recorded" / "events.jsonl"
PROGRAM = "cloudtrail-guard-policies"

pytestmark = pytest.mark.xdist_group("policy-package")


@dataclass(frozen=True)
class Project:
    """A project of somebody else, with an environment that has the installed package."""

    directory: Path

    @property
    def python(self) -> Path:
        return self.directory / ".venv" / "bin" / "python"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.python.with_name(PROGRAM)), *arguments]
        return subprocess.run(
            command, cwd=self.directory, capture_output=True, text=True, check=False
        )


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", directory, PACK)
    [built] = directory.iterdir()
    return built


@pytest.fixture(scope="module")
def project(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("shop"))
    venv.create(project.directory / ".venv", with_pip=True)
    _run(project.python, "-m", "pip", "install", "--disable-pip-version-check", wheel)
    done = project.run("init")
    assert done.returncode == 0, done.stderr
    return project


def _names(wheel: Path) -> Iterable[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((PACK / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    engine = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))

    assert project["version"] == engine["version"]
    assert project["version"] == serve.PACK.version


def test_the_wheel_has_every_rule_and_no_module_of_a_common_name(wheel: Path) -> None:
    rules = [name for name in _names(wheel) if re.search(r"/rules/[a-z]\w+/[a-z]\w+\.py$", name)]
    top = {name.partition("/")[0] for name in _names(wheel)}

    assert len(rules) == len(RULES)
    assert top == {
        "cloudtrail_guard_policies",
        "cloudtrail_guard_policies-0.1.0.dist-info",
    }
    assert not any("__pycache__" in name for name in _names(wheel))


def test_an_installed_pack_needs_the_policy_sdk_and_no_provider(project: Project) -> None:
    show = [project.python, "-m", "pip", "show", PROGRAM, "pulumi-aws"]
    done = subprocess.run(show, capture_output=True, text=True, check=False)

    assert "Requires: pulumi-policy, pyyaml, typer\n" in done.stdout
    assert "Name: pulumi-aws" not in done.stdout


def test_the_pack_that_init_writes_runs_the_installed_rules(project: Project) -> None:
    pack = project.directory / "policypack"
    profile = json.loads((pack / "profiles" / "cis-aws-5.0.json").read_text(encoding="utf-8"))
    trail = PolicyResource(
        type=TRAIL, name="audit", urn=urn(TRAIL, "audit"), properties={"s3BucketName": "logs"}
    )

    with PolicyPackProcess(pack, str(project.python)) as process:
        process.configure(profile)
        info = process.info()
        analysis = process.analyze(trail)

    assert len(info.policies) == len(RULES)
    assert analysis.rejected


def test_the_pack_that_init_writes_runs_in_the_projects_environment(project: Project) -> None:
    file = project.directory / "policypack" / "PulumiPolicy.yaml"

    written = yaml.safe_load(file.read_text(encoding="utf-8"))

    assert written["runtime"] == {
        "name": "python",
        "options": {"toolchain": "pip", "virtualenv": "../.venv"},
    }
    assert written["version"] == "0.1.0"


def _options(directory: Path) -> dict[str, str]:
    scaffold(directory, "0.1.0")
    written = yaml.safe_load((directory / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    return written["runtime"]["options"]


def test_an_environment_elsewhere_is_named_by_its_full_path(tmp_path: Path) -> None:
    environment = Path(sys.prefix).resolve().as_posix()

    assert _options(tmp_path / "policypack")["virtualenv"] == environment


def test_without_an_environment_the_pack_runs_the_python_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)

    assert _options(tmp_path / "policypack") == {"toolchain": "pip"}


def test_a_directory_that_holds_something_is_left_alone(project: Project) -> None:
    occupied = project.directory / "occupied"
    occupied.mkdir()
    (occupied / "__main__.py").write_text("mine", encoding="utf-8")

    done = project.run("init", "occupied")

    assert done.returncode == 2
    assert done.stderr.startswith(f"{PROGRAM} init: occupied is not empty")
    assert (occupied / "__main__.py").read_text(encoding="utf-8") == "mine"


def test_a_pack_is_renewed_by_force_and_keeps_what_others_added(project: Project) -> None:
    pack = project.directory / "renewed"
    project.run("init", "renewed")
    (pack / "__main__.py").write_text("old", encoding="utf-8")
    (pack / "ours.json").write_text("{}", encoding="utf-8")

    assert project.run("init", "renewed", "--force").returncode == 0

    assert "serve()" in (pack / "__main__.py").read_text(encoding="utf-8")
    assert (pack / "ours.json").exists()


def test_the_installed_package_writes_reports(project: Project) -> None:
    done = project.run("report", str(EVENTS), "--format", "sarif")

    assert json.loads(done.stdout)["version"] == "2.1.0"


def test_the_installed_package_names_itself_in_errors(project: Project) -> None:
    done = project.run("report", "nothing.jsonl")

    assert done.returncode == 2
    assert done.stderr.startswith(f"{PROGRAM} report: ")


def test_the_command_reports() -> None:
    done = CliRunner().invoke(app, ["report", str(EVENTS), "--format", "junit"])

    assert "<testsuites>" in done.stdout
