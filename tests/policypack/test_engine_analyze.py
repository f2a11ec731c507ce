"""The pack over a stack that exists, and reports of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.report.events import read_events
from cloudtrail_guard_policies.report.positions import read_positions
from cloudtrail_guard_policies.report.sarif import sarif

from tests.policypack.engine_support import PACK, foreign, refused_by

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.session import Sandbox

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("policypack-analyze")]

PROGRAM = """
import pulumi_aws as aws

bucket = aws.s3.Bucket("logs", bucket="analyzed-logs", force_destroy=True)
key = aws.kms.Key("logs")
aws.s3.BucketPolicy("logs", bucket=bucket.bucket, policy='''{
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
                   "Action": "s3:PutObject", "Resource": "arn:aws:s3:::analyzed-logs/*"}]
}''')
"""

OWNER = """
import json
import pulumi
import pulumi_aws as aws

name = f"read-logs-{aws.get_caller_identity().account_id}"
cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
bucket = aws.s3.Bucket("logs", bucket=name)
aws.s3.BucketVersioning("logs", bucket=bucket.bucket,
    versioning_configuration={"status": "Enabled"})
policy = aws.s3.BucketPolicy("logs", bucket=bucket.bucket, policy=json.dumps({
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": cloudtrail, "Action": "s3:GetBucketAcl",
         "Resource": f"arn:aws:s3:::{name}"},
        {"Effect": "Allow", "Principal": cloudtrail, "Action": "s3:PutObject",
         "Resource": f"arn:aws:s3:::{name}/AWSLogs/*"}]}))
trail = aws.cloudtrail.Trail("logs", name="read", s3_bucket_name=policy.bucket,
    is_multi_region_trail=True, enable_log_file_validation=True)
pulumi.export("trail", trail.arn)
pulumi.export("bucket", name)
"""
READER = """
import pulumi_aws as aws

aws.cloudtrail.Trail.get("read", "{trail}")
aws.s3.Bucket.get("read", "{bucket}")
"""


def test_what_is_deployed_is_evaluated_without_the_program(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    project = foreign(engine_sandbox, tmp_path, PROGRAM)
    project.up("dev").succeeded()
    (tmp_path / "__main__.py").write_text("raise RuntimeError('not run')", encoding="utf-8")

    analyzed = project.pulumi("policy", "analyze", *PACK, "--stack", "dev").failed()

    assert refused_by(analyzed) == {"log-bucket-force-destroy"}
    assert "log-bucket-versioning" in analyzed.output
    assert "log-key-rotation" not in analyzed.output


def test_what_a_program_only_reads_is_evaluated_by_what_the_provider_answered(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    owner, reader = (tmp_path / name for name in ("owner", "reader"))
    for each in (owner, reader):
        each.mkdir()
    deployed = foreign(engine_sandbox, owner, OWNER)
    deployed.up("dev").succeeded()
    outputs = json.loads(deployed.pulumi("stack", "output", "--json", "--stack", "dev").stdout)
    project = foreign(engine_sandbox, reader, READER.format(**outputs))
    project.up("dev").succeeded()

    analyzed = project.pulumi("policy", "analyze", *PACK, "--stack", "dev").failed()

    # The trail is multi-region and validates its files; the bucket has versions.
    assert refused_by(analyzed) == {"cloudtrail-kms-encryption"}
    assert "log-bucket-object-lock" in analyzed.output
    for rule in ("cloudtrail-protected", "log-bucket-versioning", "log-bucket-public-access-block"):
        assert rule not in analyzed.output


def test_the_engines_events_become_a_report_with_the_programs_lines(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    project = foreign(engine_sandbox, tmp_path, PROGRAM)
    positions = read_positions(project.preview("dev", "--json").succeeded().stdout)
    engine_sandbox.environment["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true"
    try:
        events = project.preview("dev", "--json", *PACK).failed().stdout
    finally:
        del engine_sandbox.environment["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"]

    log = json.loads(json.dumps(sarif(read_events(events.splitlines()), positions, ".")))

    [found] = [
        each for each in log["runs"][0]["results"] if each["ruleId"] == "log-bucket-force-destroy"
    ]
    assert found["level"] == "error"
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "__main__.py"},
        "region": {"startLine": 4},
    }
