"""Remediation in a real preview and update."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.policypack.engine_support import configured, foreign

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.session import Sandbox

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("policypack-remediation")]

WEAK = """
import json
import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id
name = f"weak-logs-{account}"

def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})

def allow(principal, actions, resource):
    return {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": resource}

cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
key = aws.kms.Key("logs", policy=document(
    allow({"AWS": f"arn:aws:iam::{account}:root"}, "kms:*", "*"),
    allow(cloudtrail, ["kms:GenerateDataKey*", "kms:DescribeKey"], "*"),
))
bucket = aws.s3.Bucket("logs", bucket=name)
aws.s3.BucketPublicAccessBlock("logs", bucket=bucket.bucket, block_public_acls=True)
aws.s3.BucketOwnershipControls("logs", bucket=bucket.bucket,
    rule={"object_ownership": "ObjectWriter"})
policy = aws.s3.BucketPolicy("logs", bucket=bucket.bucket, policy=document(
    allow(cloudtrail, "s3:GetBucketAcl", f"arn:aws:s3:::{name}"),
    allow(cloudtrail, "s3:PutObject", f"arn:aws:s3:::{name}/AWSLogs/*"),
))
aws.cloudtrail.Trail("logs", name="weak", s3_bucket_name=bucket.bucket, kms_key_id=key.arn,
    enable_logging=False, include_global_service_events=False,
    opts=pulumi.ResourceOptions(depends_on=[policy]))
"""

RULES = (
    "cloudtrail-global-service-events",
    "cloudtrail-log-file-validation",
    "cloudtrail-logging-enabled",
    "cloudtrail-multi-region",
    "log-bucket-owner-enforced",
    "log-bucket-public-access-block",
    "log-key-rotation",
)


def test_weak_resources_are_made_as_they_should_be(engine_sandbox: Sandbox, tmp_path: Path) -> None:
    project = foreign(engine_sandbox, tmp_path, WEAK)
    pack = configured(tmp_path, dict.fromkeys(RULES, "remediate"))

    preview = project.preview("dev", *pack).succeeded()
    project.up("dev", *pack).succeeded()

    for rule in RULES:
        assert f"[remediate]  {rule}" in preview.output
    session = engine_sandbox.session("workload")
    cloudtrail: Any = session.client("cloudtrail")
    [trail] = cloudtrail.describe_trails()["trailList"]
    assert trail["IsMultiRegionTrail"]
    assert trail["LogFileValidationEnabled"]
    assert trail["IncludeGlobalServiceEvents"]
    assert cloudtrail.get_trail_status(Name=trail["TrailARN"])["IsLogging"]
    s3: Any = session.client("s3")
    block = s3.get_public_access_block(Bucket=trail["S3BucketName"])
    assert set(block["PublicAccessBlockConfiguration"].values()) == {True}
    ownership = s3.get_bucket_ownership_controls(Bucket=trail["S3BucketName"])
    assert ownership["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    kms: Any = session.client("kms")
    assert kms.get_key_rotation_status(KeyId=trail["KmsKeyId"])["KeyRotationEnabled"]
