"""Programs whose SDK has another version than the sandbox's, by the real engine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine.found import NoPulumi
from sandbox.engine.search import find_pulumi
from sandbox.tests.limits import PATIENCE

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
import pulumi_aws as aws

aws.sns.Topic("alerts", opts=pulumi.ResourceOptions(version={version!r}))
"""


def preview(project: Path, version: str) -> subprocess.CompletedProcess[str]:
    """Preview a program that asks for a version of the `aws` plugin."""
    pulumi = find_pulumi()
    if isinstance(pulumi, NoPulumi):
        pytest.skip(str(pulumi))
    (project / "Pulumi.yaml").write_text("name: versions\nruntime: python\n")
    (project / "__main__.py").write_text(PROGRAM.format(version=version))
    script = "pulumi stack init dev && pulumi preview --non-interactive"
    return subprocess.run(
        [sys.executable, "-m", "sandbox", "exec", "--", "bash", "-c", script],
        cwd=project,
        env=os.environ | {"PATH": f"{pulumi.path.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("version", ["7.0.0", "7.9998.7"])
def test_any_version_of_the_same_major_one_runs(tmp_path: Path, version: str) -> None:
    done = preview(tmp_path, version)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "aws:sns:Topic alerts create" in done.stdout
    assert "warning" not in done.stdout


@pytest.mark.parametrize("version", ["6.60.0", "8.1.0"])
def test_another_major_version_is_an_error_that_names_the_one_to_take(
    tmp_path: Path, version: str
) -> None:
    done = preview(tmp_path, version)

    assert done.returncode != 0
    assert f"the program uses version {version} of the aws SDK" in done.stdout
    assert "Take pulumi-aws >=7,<8 (@pulumi/aws ^7.0.0)." in done.stdout
