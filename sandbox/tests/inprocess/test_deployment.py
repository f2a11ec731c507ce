"""Deployments without an engine: they refuse what the engine would refuse."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.session import Sandbox
from sandbox.tests.limits import PATIENCE

PROJECT = "name: {name}\nruntime: python\n"
CONFIG = "  aws:profile: workload\n  aws:region: us-east-1\n"


def deploy(
    sandbox: Sandbox, directory: Path, program: str, *arguments: str, config: str = CONFIG
) -> subprocess.CompletedProcess[str]:
    """Run a program as a project of its own, in the workload account unless configured."""
    (directory / "Pulumi.yaml").write_text(PROJECT.format(name=directory.name.replace("_", "-")))
    (directory / "Pulumi.dev.yaml").write_text(f"config:\n{config}")
    (directory / "__main__.py").write_text(program)
    command = [sys.executable, "-W", "ignore", "-m", "sandbox.inprocess", "--stack", "dev"]
    return subprocess.run(
        [*command, *arguments],
        cwd=directory,
        env=sandbox.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_what_is_made_can_be_read_and_its_outputs_used(sandbox: Sandbox, tmp_path: Path) -> None:
    program = """
import pulumi
import pulumi_aws as aws

west = aws.Provider("west", region="us-west-2", profile="workload")
made = aws.s3.Bucket("made", bucket="in-process-made", opts=pulumi.ResourceOptions(provider=west))
found = made.id.apply(lambda id: aws.s3.Bucket.get("found", id))
pulumi.export("arn", made.arn)
pulumi.export("region", made.bucket_region)
"""

    done = deploy(sandbox, tmp_path, program)

    assert done.returncode == 0, done.stderr
    assert "create Bucket made" in done.stdout
    assert "arn: arn:aws:s3:::in-process-made" in done.stdout
    assert "region: us-west-2" in done.stdout


def test_a_provider_assumes_the_role_that_the_config_or_the_program_names(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    account = sandbox.organization.security_account_id
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    program = f"""
import pulumi
import pulumi_aws as aws

pulumi.export("by config", aws.get_caller_identity().account_id)
roles = [aws.ProviderAssumeRoleArgs(role_arn="{role}")]
other = aws.Provider("other", region="us-east-1", assume_roles=roles)
options = pulumi.InvokeOutputOptions(provider=other)
pulumi.export("by program", aws.get_caller_identity_output(opts=options).account_id)
"""
    roles = f"  aws:region: us-east-1\n  aws:assumeRoles:\n    - roleArn: {role}\n"

    done = deploy(sandbox, tmp_path, program, config=roles)

    assert done.returncode == 0, done.stderr
    assert f"by config: {account}" in done.stdout
    assert f"by program: {account}" in done.stdout


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            'import pulumi_aws as aws; aws.s3.Bucket("b", bucket="UPPER" * 20)',
            "expected length of bucket",
        ),
        (
            'import pulumi_aws as aws; aws.s3.Bucket.get("b", "never-made-in-process")',
            "resource 'never-made-in-process' does not exist",
        ),
        ('import pulumi; raise pulumi.RunError("no, thank you")', "error: no, thank you"),
        (
            'import pulumi; pulumi.StackReference("organization/other/dev")',
            'unknown stack "organization/other/dev"',
        ),
    ],
)
def test_a_mistake_is_a_message_and_no_traceback(
    sandbox: Sandbox, tmp_path: Path, program: str, message: str
) -> None:
    done = deploy(sandbox, tmp_path, program)

    assert done.returncode == 255
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stack_is_made_once(sandbox: Sandbox, tmp_path: Path) -> None:
    program = 'import pulumi; pulumi.export("x", 1)'
    assert deploy(sandbox, tmp_path, program).returncode == 0

    again = deploy(sandbox, tmp_path, program)

    assert again.returncode == 255
    assert (
        "is deployed already; without the Pulumi CLI a stack can only be created once"
        in again.stderr
    )
