"""The workflows' commands, run as they stand: with the real Pulumi CLI, in the sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from demo.weak import weak_project

from tests.support.checkout import CHECKOUT
from tests.support.engine import Project
from tests.workflows.support import WORKFLOWS, Runner

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.session import Sandbox

CHECK = WORKFLOWS["policy-check"]["jobs"]["check"]
DEPLOY = WORKFLOWS["deploy"]["jobs"]
DRIFT = WORKFLOWS["drift"]["jobs"]

TITLE = "AWS differs from the code"
STOP_LOGGING = """
import boto3
trails = boto3.Session(profile_name="management").client("cloudtrail")
trails.stop_logging(Name="SecurityAuditTrail")
"""


@pytest.mark.engine
@pytest.mark.xdist_group("policy-check")
def test_the_policy_check_annotates_a_program_of_another_repository(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    weak_project(tmp_path, "dev")
    Project(tmp_path, engine_sandbox).init("dev")
    (tmp_path / ".policies").mkdir()
    (tmp_path / ".policies/source").symlink_to(CHECKOUT)
    runner = Runner(
        tmp_path,
        engine_sandbox.environment,
        {
            "inputs.stack": "dev",
            "inputs.working-directory": "infra",
            "inputs.policy-config": "cis-aws-5.0",
            "inputs.install": "touch installed",
            "github.workspace": str(tmp_path),
        },
    )

    for step in ("Install the policy pack", "Install the program"):
        done = runner.run(CHECK, step)
        assert done.returncode == 0, done.stderr
    previewed = runner.run(CHECK, "Preview")
    annotated = runner.run(CHECK, "Annotate")

    assert (tmp_path / "installed").exists()
    assert previewed.returncode != 0
    assert "cloudtrail-multi-region" in previewed.stdout
    assert annotated.returncode == 0, annotated.stderr
    assert "::error file=infra/__main__.py,line=4,title=cloudtrail-multi-region::" in (
        annotated.stdout
    )
    [log] = json.loads((tmp_path / ".policies/policies.sarif").read_text())["runs"]
    # A rule that is an advisory by itself, and mandatory in the configuration that was asked for.
    levels = {each["ruleId"]: each["level"] for each in log["results"]}
    assert levels["cloudtrail-s3-data-events"] == "error"


@pytest.mark.engine
@pytest.mark.xdist_group("workflow-deploy")
def test_what_is_deployed_has_no_drift_until_somebody_tampers(project: Project) -> None:
    def compare(stack: str) -> str:
        runner = Runner(project.directory, project.sandbox.environment, {"matrix.stack": stack})
        done = runner.run(DRIFT["check"], "Compare")
        assert done.returncode == 0, done.stdout + done.stderr
        return runner.outputs[stack]

    project.init("workload")
    project.configure_core()
    # The guardrails apply to the role that deploys a workload, unless it is exempt.
    deployer = project.sandbox.organization.roles["workload"]
    project.configure("management", guardrails={"exemptRoleArns": [deployer]})
    runner = Runner(project.directory, project.sandbox.environment)
    for job in DEPLOY.values():
        [command] = [step["run"] for step in job["steps"] if "pulumi up" in step.get("run", "")]
        done = runner.run(job, command)
        assert done.returncode == 0, done.stdout + done.stderr
    untouched = [compare("security"), compare("management")]
    subprocess.run(
        [sys.executable, "-c", STOP_LOGGING], env=project.sandbox.environment, check=True
    )

    assert untouched == ["none", "none"]
    assert compare("management") == "drift"


@pytest.mark.engine
@pytest.mark.xdist_group("workflow-deploy")
def test_a_check_for_drift_that_cannot_run_fails(project: Project) -> None:
    runner = Runner(project.directory, project.sandbox.environment, {"matrix.stack": "nowhere"})

    done = runner.run(DRIFT["check"], "Compare")

    assert done.returncode != 0
    assert runner.outputs == {}


@pytest.mark.parametrize(
    ("security", "management", "number", "calls"),
    [
        ("none", "none", "", ""),
        ("none", "none", "7", "issue close 7 --comment No difference any more: RUN\n"),
        (
            "drift",
            "none",
            "",
            f"issue create --title {TITLE} --body security: drift, management: none; see RUN\n",
        ),
        ("none", "", "7", "issue edit 7 --body security: none, management: failed; see RUN\n"),
    ],
)
def test_drift_is_one_issue(
    tmp_path: Path, security: str, management: str, number: str, calls: str
) -> None:
    gh = tmp_path / "gh"
    gh.write_text(
        "#!/usr/bin/env bash\n"
        f'if [ "$2" = list ]; then echo "{number}"; else echo "$*" >> calls; fi\n'
    )
    gh.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "RUN": "RUN"}
    contexts = {
        "needs.check.outputs.security": security,
        "needs.check.outputs.management": management,
    }
    (tmp_path / "calls").write_text("")

    done = Runner(tmp_path, environment, contexts).run(
        DRIFT["report"], "Open, renew or close the issue"
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "calls").read_text() == calls
