"""The Python example, from the built package in an environment of its own."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from generate.snapshots import schema

from sandbox.session import Sandbox
from tests.support.engine import Project
from tests.support.examples import EXAMPLES, MADE, STACK, Example
from tests.support.package import built, install, lowest_versions

pytestmark = [
    pytest.mark.engine,
    pytest.mark.xdist_group("python-package"),
]

BUCKET = "example-audit-logs"
RENAMED = 'aliases=[pulumi.Alias(name="logs")],'


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    [file] = built(tmp_path_factory.mktemp("dist")).glob("*.whl")
    return file


def installed(directory: Path, sandbox: Sandbox, *requirements: str) -> Example:
    """The example in a directory, with these requirements instead of the checkout."""
    shutil.copytree(EXAMPLES / "python", directory, ignore=MADE)
    python = install(directory / "venv", *requirements)
    stand_in_for(sandbox, asked(python, "importlib.metadata.version('pulumi-aws')"))
    imported = asked(python, "__import__('cloudtrail_guard').__file__")
    assert imported.startswith(str(directory / "venv"))
    example = Example(Project(directory, sandbox))
    example.project.init(STACK)
    example.configure(bucketName=BUCKET, profile="security")
    return example


def asked(python: Path, expression: str) -> str:
    """What an expression is in an environment."""
    script = f"import importlib.metadata; print({expression})"
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def stand_in_for(sandbox: Sandbox, version: str) -> None:
    """Let the sandbox's `aws` plugin stand in for that of this version of the SDK too."""
    plugins = Path(sandbox.environment["PULUMI_HOME"]) / "plugins"
    wanted = plugins / f"resource-aws-v{version}"
    if not wanted.exists():
        shutil.copytree(next(plugins.glob("resource-aws-v*")), wanted)


def test_with_the_lowest_versions_it_deploys_and_serves_the_same_schema(
    sandbox: Sandbox, tmp_path: Path, wheel: Path
) -> None:
    example = installed(tmp_path / "project", sandbox, *lowest_versions(), str(wheel))

    example.deploy()

    python = example.project.directory / "venv" / "bin" / "python"
    served = asked(python, "__import__('cloudtrail_guard.plugin').plugin.ComponentHost().schema")
    assert json.loads(served) == schema()


def test_with_the_newest_versions_it_deploys_to_two_regions(
    sandbox: Sandbox, tmp_path: Path, wheel: Path
) -> None:
    example = installed(tmp_path / "project", sandbox, str(wheel))
    program = example.project.directory / "__main__.py"
    committed = program.read_text(encoding="utf-8")
    assert RENAMED in committed
    program.write_text(
        committed.replace(RENAMED, "").replace('"audit-logs",\n    {', '"logs",\n    {'),
        encoding="utf-8",
    )
    example.project.up(STACK).succeeded()
    assert "::logs-bucket" in example.project.pulumi("stack", "export", "--stack", STACK).stdout

    program.write_text(committed, encoding="utf-8")
    planned = example.project.operations(STACK)
    outputs = example.deploy()

    assert "replace" not in planned
    assert "delete" not in planned
    assert "create" not in planned
    assert_two_regions(example, outputs)
    assert_protected(example)


def assert_two_regions(example: Example, outputs: dict[str, Any]) -> None:
    trail = example.client("cloudtrail").get_trail(Name=outputs["trailArn"])["Trail"]
    assert trail["HomeRegion"] == "us-east-1"
    assert trail["KmsKeyId"] == outputs["keyArn"]
    assert outputs["keyArn"].split(":")[3] == "eu-west-1"
    s3 = example.client("s3")
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == "eu-west-1"
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
    assert tags == {"owner": "security", "data": "audit-logs"}


def assert_protected(example: Example) -> None:
    refused = example.project.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)
    assert "protect" in refused.failed().output
    assert example.client("cloudtrail").describe_trails()["trailList"]
