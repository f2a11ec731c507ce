"""What a destroy takes away, and what it leaves."""

from typing import Any

import pytest

from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("destroy")]


def test_destroy_keeps_bucket_and_key_with_all_that_secures_them(project: Project) -> None:
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
