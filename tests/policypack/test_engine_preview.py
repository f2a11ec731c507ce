"""The pack in real previews and updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.policypack.engine_support import PACK, configured, foreign, refused_by, undecided

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.session import Sandbox
    from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("policypack-preview")]

# Bucket and key have no names of their own: everything about them is unknown in a preview.
NEW = """
import json
import pulumi
import pulumi_aws as aws

key = aws.kms.Key("logs", enable_key_rotation=True)
bucket = aws.s3.Bucket("logs", object_lock_enabled=True)
aws.s3.BucketVersioning("logs", bucket=bucket.bucket,
    versioning_configuration={"status": "Enabled"})
aws.s3.BucketPublicAccessBlock("logs", bucket=bucket.bucket, block_public_acls=True,
    block_public_policy=False, ignore_public_acls=True, restrict_public_buckets=True)
policy = aws.s3.BucketPolicy("logs", bucket=bucket.bucket, policy=bucket.arn.apply(
    lambda arn: json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
         "Action": "s3:GetBucketAcl", "Resource": arn},
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
         "Action": "s3:PutObject", "Resource": arn + "/AWSLogs/*"},
    ]})))
aws.cloudtrail.Trail("logs", s3_bucket_name=policy.bucket, kms_key_id=key.arn,
    is_multi_region_trail=True, enable_log_file_validation=True)
"""

MANDATORY = {
    "cloudtrail-kms-encryption",
    "cloudtrail-log-file-validation",
    "cloudtrail-logging-enabled",
    "cloudtrail-multi-region",
}


def test_what_is_known_is_decided_and_what_is_not_is_said_while_everything_is_new(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    project = foreign(engine_sandbox, tmp_path, NEW)

    preview = project.preview("dev", *PACK).succeeded()

    assert "log-bucket-public-access-block" in preview.output
    assert "property blockPublicPolicy is not true" in preview.output
    assert "log-bucket-lifecycle" in preview.output
    assert "log-bucket-versioning" not in preview.output
    assert "log-key-rotation" not in preview.output
    assert len(undecided(preview)) == 5
    assert all(
        "aws:s3/bucketPolicy:BucketPolicy 'logs', property policy is not known yet" in line
        for line in undecided(preview)
    )


def test_our_own_stacks_meet_every_rule_but_the_optional_ones(project: Project) -> None:
    security = project.preview("security", *PACK).succeeded()
    project.up("security", *PACK).succeeded()
    management = project.preview("management", *PACK).succeeded()

    assert "[advisory]" not in security.output
    assert undecided(management) == []
    assert {
        line.split("]")[-1].split()[0]
        for line in management.output.splitlines()
        if "- [advisory]" in line
    } == {
        "cloudtrail-insights",
        "cloudtrail-lambda-data-events",
        "cloudtrail-s3-data-events",
    }


def test_a_misspelt_rule_is_an_error_with_the_nearest(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    project = foreign(engine_sandbox, tmp_path, NEW)
    pack = configured(tmp_path, {"cloudtrail-multi-regions": "advisory"})

    output = project.preview("dev", *pack).failed().output

    assert "unknown rule 'cloudtrail-multi-regions'" in output
    assert "did you mean 'cloudtrail-multi-region'?" in output


def test_an_exemption_lets_a_resource_pass_and_is_shown(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    weak = NEW.replace("kms_key_id=key.arn,", "").replace("key.arn", "None")
    project = foreign(engine_sandbox, tmp_path, weak)
    exemption = {"resource": "logs", "reason": "CHG-1042", "expires": "2099-12-31"}
    pack = configured(tmp_path, {"cloudtrail-kms-encryption": {"exemptions": [exemption]}})

    plain = project.preview("dev", *PACK).failed()
    exempted = project.preview("dev", *pack).succeeded()

    assert refused_by(plain) == {"cloudtrail-kms-encryption"}
    assert "exempted until 2099-12-31, because: CHG-1042" in exempted.output


def test_a_profile_makes_the_rules_of_its_standard_mandatory(
    engine_sandbox: Sandbox, tmp_path: Path
) -> None:
    project = foreign(engine_sandbox, tmp_path, NEW)
    profile = (
        *PACK,
        "--policy-pack-config",
        f"{PACK[1]}/cloudtrail_guard_policies/profiles/cis-aws-5.0.json",
    )

    preview = project.preview("dev", *profile).failed()

    assert refused_by(preview) == {
        "cloudtrail-s3-data-events",
        "log-bucket-access-logging",
        "log-bucket-public-access-block",
    }
