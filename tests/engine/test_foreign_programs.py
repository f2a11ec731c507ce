"""The policy pack checks programs that know nothing of this project."""

from pathlib import Path
from typing import Any

import pytest
from demo.weak import PROGRAM as WEAK
from demo.weak import weak_project

from sandbox.session import Sandbox
from tests.support.checkout import CHECKOUT
from tests.support.engine import Project, Ran

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("foreign-programs")]

PACK = ("--policy-pack", str(CHECKOUT / "policypack"))
RULES = ("cloudtrail-multi-region", "cloudtrail-log-file-validation", "cloudtrail-kms-encryption")

SOUND = """
import json
import pulumi
import pulumi_aws as aws

def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})

def allow(principal, actions, resource):
    return {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": resource}

account = aws.get_caller_identity().account_id
cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
bucket = aws.s3.Bucket("logs", bucket="sound-trail-logs")
policy = aws.s3.BucketPolicy("logs", bucket=bucket.bucket, policy=document(
    allow(cloudtrail, "s3:GetBucketAcl", "arn:aws:s3:::sound-trail-logs"),
    allow(cloudtrail, "s3:PutObject", "arn:aws:s3:::sound-trail-logs/AWSLogs/*"),
))
key = aws.kms.Key("key", policy=document(
    allow({"AWS": f"arn:aws:iam::{account}:root"}, "kms:*", "*"),
    allow(cloudtrail, ["kms:GenerateDataKey*", "kms:DescribeKey"], "*"),
))
aws.cloudtrail.Trail(
    "sound",
    name="sound-trail",
    s3_bucket_name=bucket.bucket,
    kms_key_id=key.arn,
    is_multi_region_trail=True,
    enable_log_file_validation=True,
    opts=pulumi.ResourceOptions(depends_on=[policy]),
)
"""


def foreign(sandbox: Sandbox, directory: Path, stack: str, program: str) -> Project:
    weak_project(directory, stack)
    (directory / "__main__.py").write_text(program)
    project = Project(directory, sandbox)
    project.init(stack)
    return project


def advisories(ran: Ran) -> list[str]:
    return [line for line in ran.output.splitlines() if "can't run policy" in line]


def test_a_weak_trail_is_rejected_by_preview_with_its_mend_and_not_made_by_up(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    project = foreign(engine_sandbox, tmp_path, "weak", WEAK)

    preview = project.preview("weak", *PACK).failed()
    up = project.up("weak", *PACK).failed()

    for rule in RULES:
        assert rule in preview.output
        assert rule in up.output
    assert "set isMultiRegionTrail to true (in Python: is_multi_region_trail)" in preview.output
    cloudtrail: Any = engine_sandbox.session("workload").client("cloudtrail")
    assert cloudtrail.describe_trails()["trailList"] == []


def test_a_sound_trail_whose_key_is_made_in_the_same_preview_passes_in_silence(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    project = foreign(engine_sandbox, tmp_path, "sound", SOUND)

    preview = project.preview("sound", *PACK).succeeded()
    up = project.up("sound", *PACK).succeeded()

    for ran in (preview, up):
        assert advisories(ran) == []
        assert not any(rule in ran.output for rule in RULES)


def test_our_own_stacks_pass_their_own_pack(project: Project) -> None:
    preview = project.preview("security", *PACK).succeeded()

    assert advisories(preview) == []
    assert "mandatory" not in preview.output
