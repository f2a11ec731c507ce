"""What a destroy takes away, and what it leaves."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("destroy")]


def test_destroy_keeps_what_holds_logs_and_break_glass_alone_removes_it(project: Project) -> None:
    for stack in ("security", "management"):
        project.configure(stack, protect=False)
        project.up(stack).succeeded()
    exported = project.outputs("security")
    trail = project.outputs("management")["trailArn"]

    for stack in ("management", "security"):
        project.pulumi("destroy", "--yes", "--skip-preview", "--stack", stack).succeeded()

    session = project.sandbox.session("security")
    s3: Any = session.client("s3")
    kms: Any = session.client("kms")
    cloudtrail: Any = project.sandbox.session("management").client("cloudtrail")
    bucket = exported["bucketName"]
    assert "DenyDeleteCloudTrailLogs" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["Rule"]
    assert kms.describe_key(KeyId=exported["keyArn"])["KeyMetadata"]["KeyState"] == "Enabled"
    assert trail not in [t["TrailARN"] for t in cloudtrail.describe_trails()["trailList"]]
    organizations: Any = project.sandbox.session("management").client("organizations")
    trusted = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert "cloudtrail.amazonaws.com" in {each["ServicePrincipal"] for each in trusted}
    copy: Any = session.client("s3", region_name="us-west-2")
    replica = exported["replicaBucketName"]
    assert "DenyReplicationByOthers" in copy.get_bucket_policy(Bucket=replica)["Policy"]
    assert copy.get_object_lock_configuration(Bucket=replica)["ObjectLockConfiguration"]["Rule"]
    _remove_for_good(project, bucket, exported["keyArn"])


def _remove_for_good(project: Project, bucket: str, key: str) -> None:
    """Follow docs/how-to/remove-and-return.md: nobody else could."""
    s3: Any = project.sandbox.session("security").client("s3")
    version = s3.put_object(Bucket=bucket, Key="log", Body=b"{}")["VersionId"]
    log = {"Bucket": bucket, "Key": "log", "VersionId": version}
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(**log, BypassGovernanceRetention=True)

    break_glass = project.assume("AdminRole")
    free = break_glass("s3")
    free.delete_bucket_policy(Bucket=bucket)
    free.delete_object(**log, BypassGovernanceRetention=True)
    free.delete_bucket(Bucket=bucket)
    kms = break_glass("kms")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)

    assert bucket not in {each["Name"] for each in s3.list_buckets()["Buckets"]}
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
