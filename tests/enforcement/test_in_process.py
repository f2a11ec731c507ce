"""The policy pack stops a deployment that runs without an engine."""

from pathlib import Path
from typing import Any

from sandbox.session import Sandbox
from sandbox.tests.inprocess.test_deployment import deploy
from tests.support.checkout import CHECKOUT


def test_a_mandatory_violation_creates_nothing_at_all(sandbox: Sandbox, tmp_path: Path) -> None:
    program = """
import pulumi_aws as aws

bucket = aws.s3.Bucket("b", bucket="in-process-weak")
aws.cloudtrail.Trail("t", name="in-process-weak", s3_bucket_name=bucket.bucket)
"""

    done = deploy(sandbox, tmp_path, program, "--policy-pack", str(CHECKOUT / "policypack"))

    assert done.returncode == 255
    assert "cloudtrail-multi-region" in done.stderr
    s3: Any = sandbox.session("workload").client("s3")
    assert "in-process-weak" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
