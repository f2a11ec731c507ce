"""The recipes of the how-to, as far as they run without GitHub and AWS."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from integrity.command import app
from typer.main import get_command

from tests.support.checkout import CHECKOUT

PAGE = (CHECKOUT / "docs/how-to/verify-the-logs.md").read_text()
WORKFLOWS = [
    yaml.safe_load(block) for block in re.findall(r"```yaml\n(on:.*?)```", PAGE, re.DOTALL)
]
MATRIX: dict[str, Any] = WORKFLOWS[1]
BATCH_PART, BATCH_MERGE = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"cloudtrail-guard integrity\b(?:.|\\\n|\n +(?=--|merge))*", PAGE)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=["every day", "a large organization"])
def test_a_workflow_is_one_to_github(workflow: dict[Any, Any], tmp_path: Path) -> None:
    # YAML 1.1 takes the key `on` for true.
    content = {"on" if key is True else key: value for key, value in workflow.items()}
    path = tmp_path / "workflow.json"
    path.write_text(json.dumps(content))

    done = subprocess.run(
        [
            *(CHECKOUT / ".venv/bin/check-jsonschema", "--builtin-schema"),
            *("vendor.github-workflows", path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def options_of(command: str) -> list[str]:
    return re.findall(r"(?<= )--[a-z-]+", re.sub(r"\$\(.*?\)", "", command))


def test_every_option_of_the_recipes_is_one_of_the_command() -> None:
    group: Any = get_command(app)
    known = {
        option
        for command in (group, *group.commands.values())
        for parameter in command.params
        for option in parameter.opts
    }

    named = {option for command in COMMANDS for option in options_of(command)}

    assert len(COMMANDS) >= 6
    assert {"--shard", "--json", "--resume", "--start", "--end"} <= named <= known


def test_the_matrix_has_every_part_once_and_merges_whatever_became_of_them() -> None:
    jobs = MATRIX["jobs"]
    shards = jobs["verify"]["strategy"]["matrix"]["shard"]

    assert shards == list(range(1, len(shards) + 1))
    assert list(jobs["verify"]["strategy"]["matrix"]) == ["shard"]  # so job-total is their number
    assert jobs["verify"]["strategy"]["fail-fast"] is False
    assert (jobs["merge"]["needs"], jobs["merge"]["if"]) == ("verify", "always()")


def test_days_overlap_and_are_due_when_the_job_starts(tmp_path: Path) -> None:
    output = tmp_path / "output"
    [step] = MATRIX["jobs"]["period"]["steps"]
    subprocess.run(
        ["bash", "-euc", step["run"]], env={**os.environ, "GITHUB_OUTPUT": str(output)}, check=True
    )
    start, end = (
        datetime.fromisoformat(line.partition("=")[2]).replace(tzinfo=UTC)
        for line in output.read_text().splitlines()
    )

    assert abs(end - start - timedelta(hours=28)) < timedelta(minutes=1)
    assert timedelta(hours=2, minutes=59) < datetime.now(UTC) - end < timedelta(hours=4)


STUB = '#!/bin/sh\necho "$(basename "$0") $*" >> calls\nexit $STATUS\n'


def run(script: str, directory: Path, **environment: str) -> tuple[int, list[str]]:
    for name in ("uv", "aws"):
        stub = directory / name
        stub.write_text(STUB.replace("$STATUS", "1" if name == "uv" else "0"))
        stub.chmod(0o755)
    done = subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=directory,
        env={"PATH": f"{directory}:{os.environ['PATH']}", **environment},
        check=False,
    )
    return done.returncode, (directory / "calls").read_text().splitlines()


def test_a_job_of_the_array_verifies_its_part_and_hands_in_what_it_found(tmp_path: Path) -> None:
    code, calls = run(
        BATCH_PART,
        tmp_path,
        **dict.fromkeys(("LOG_BUCKET", "TRAIL_ARN", "ORGANIZATION_ID", "START", "END"), "x"),
        REPORTS="reports-of-today",
        AWS_BATCH_JOB_ARRAY_INDEX="0",
        AWS_BATCH_JOB_ARRAY_SIZE="8",
    )

    assert code == 0
    assert calls[0].endswith("--shard 1/8")
    assert calls[1] == "aws s3 cp report.json s3://reports-of-today/0.json"


def test_the_job_that_merges_ends_as_the_verification_does(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for number in (0, 1):
        (tmp_path / f"reports/{number}.json").write_text("{}")

    code, calls = run(BATCH_MERGE, tmp_path, REPORTS="reports-of-today")

    assert code == 1
    assert calls[1].endswith("cloudtrail-guard integrity merge reports/0.json reports/1.json")
