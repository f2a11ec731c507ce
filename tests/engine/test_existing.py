"""An existing bucket and key are accepted: secured as they are, never replaced or deleted."""

import json
from typing import Any

import pytest

from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("existing")]

BUCKET = "logs-made-by-hand"
THEIRS = {
    "Sid": "TheirsStays",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObjectAcl",
    "Resource": f"arn:aws:s3:::{BUCKET}/*",
}


def policy_of(s3: Any) -> list[str]:
    document = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    return [statement["Sid"] for statement in document["Statement"]]


def test_a_bucket_and_a_key_made_by_hand_become_the_organizations(project: Project) -> None:
    account = project.sandbox.organization.security_account_id
    session = project.sandbox.session("security")
    s3: Any = session.client("s3")
    kms: Any = session.client("kms")
    root = {"Sid": "TheirAdmins", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    root["Principal"] = {"AWS": f"arn:aws:iam::{account}:root"}  # type: ignore[assignment]
    key_policy = json.dumps({"Version": "2012-10-17", "Statement": [root]})
    key = kms.create_key(Policy=key_policy)["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="AWSLogs/old.json.gz", Body=b"an old log")
    s3.put_bucket_policy(
        Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [THEIRS]})
    )
    project.configure_core()
    project.configure(
        "security", bucketName=BUCKET, existingBucket=True, existingKeyArn=key, protect=False
    )

    preview = project.preview("security").succeeded().output
    project.up("security").succeeded()
    project.up("security", "--expect-no-changes").succeeded()
    project.up("management").succeeded()

    assert "existing bucket: versioning is off and will be enabled" in preview
    assert "existing bucket: Object Lock is off and will be enabled, for good" in preview
    assert "default encryption changes from AES256 to SSE-KMS" in preview
    assert policy_of(s3)[0] == "TheirsStays"
    assert "DenyDeleteCloudTrailLogs" in policy_of(s3)
    sids = [s["Sid"] for s in json.loads(policy_text(kms, key))["Statement"]]
    assert sids[0] == "TheirAdmins"
    assert "AllowCloudTrailEncrypt" in sids
    assert s3.get_object(Bucket=BUCKET, Key="AWSLogs/old.json.gz")["Body"].read() == b"an old log"
    assert s3.get_object_lock_configuration(Bucket=BUCKET)["ObjectLockConfiguration"]["Rule"]
    assert project.outputs("management")["trailName"] == "SecurityAuditTrail"

    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "security").succeeded()

    assert "TheirsStays" in policy_of(s3)
    assert "DenyDeleteCloudTrailLogs" in policy_of(s3)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    assert "AllowCloudTrailEncrypt" in policy_text(kms, key)


def policy_text(kms: Any, key: str) -> str:
    return str(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])


def test_a_bucket_that_is_not_there_is_a_clear_error(project: Project) -> None:
    project.configure("security", bucketName="no-such-bucket", existingBucket=True)

    refused = project.preview("security").refused()

    assert "existingBucket = true: there is no bucket no-such-bucket" in refused


def test_a_bucket_in_another_region_is_refused_before_anything_changes(project: Project) -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html"""
    s3: Any = project.sandbox.session("security").client("s3", region_name="eu-west-1")
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="logs-elsewhere", CreateBucketConfiguration=place)
    project.configure(
        "security", bucketName="logs-elsewhere", existingBucket=True, existingKeyArn=""
    )

    refused = project.preview("security").refused()

    assert "the bucket logs-elsewhere is in eu-west-1, and this stack is in us-east-1" in refused


def test_a_key_of_another_account_is_refused_with_the_account(project: Project) -> None:
    kms: Any = project.sandbox.session("workload").client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    project.configure("security", existingBucket=False, existingKeyArn=key)

    refused = project.preview("security").refused()

    account = project.sandbox.organization.workload_account_id
    assert f"belongs to account {account}" in refused
