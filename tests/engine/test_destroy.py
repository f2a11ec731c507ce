"""What a destroy takes away, and what it leaves."""

import re
import subprocess
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.checkout import CHECKOUT
from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("destroy")]


def test_destroy_keeps_what_holds_logs_and_break_glass_alone_removes_it(
    project: Project, tmp_path: Path
) -> None:
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
    _delete_for_good(project, exported, tmp_path)


def _delete_for_good(project: Project, exported: Mapping[str, str], directory: Path) -> None:
    """Run the commands of docs/how-to/remove-and-return.md as they stand."""
    s3: Any = project.sandbox.session("security").client("s3")
    kms: Any = project.sandbox.session("security").client("kms")
    admin = project.assume("AdminRole")("s3")
    bucket, replica = exported["bucketName"], exported["replicaBucketName"]
    for n in range(3):
        for version in range(2):
            s3.put_object(Bucket=bucket, Key=f"log-{n}", Body=str(version).encode())
        admin.delete_object(Bucket=exported["accessLogBucketName"], Key=f"never-there-{n}")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=exported["accessLogBucketName"], Key="any")
    version = s3.list_object_versions(Bucket=bucket)["Versions"][0]["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(
            Bucket=bucket, Key="log-0", VersionId=version, BypassGovernanceRetention=True
        )
    config = _with_break_glass(project, directory)

    def run(script: str) -> subprocess.CompletedProcess[str]:
        script = script.replace("=BUCKET-replica", f"={replica}")
        script = script.replace("=BUCKET-access-logs", f"={exported['accessLogBucketName']}")
        return subprocess.run(
            ["bash", "-euxo", "pipefail", "-c", script.replace("=BUCKET", f"={bucket}")],
            env={**project.sandbox.environment, "AWS_CONFIG_FILE": str(config)},
            capture_output=True,
            text=True,
            check=False,
        )

    logs, keys = _scripts("Delete the logs for good"), _scripts("Delete the keys")

    done = run("\n".join(logs))
    assert done.returncode == 0, done.stderr
    left = {each["Name"] for each in s3.list_buckets()["Buckets"]}
    assert not left & {bucket, replica, exported["accessLogBucketName"]}
    # They were used today.
    refused = run("\n".join([logs[0], *keys]))
    assert refused.returncode != 0
    assert "ScheduleKeyDeletion" in refused.stderr
    assert "explicit deny in a resource-based policy" in refused.stderr
    west: Any = project.sandbox.session("security").client("kms", region_name="us-west-2")
    for client, key in ((kms, exported["keyArn"]), (west, exported["replicaKeyArn"])):
        assert client.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"


def _scripts(section: str) -> list[str]:
    """The shell blocks of a section of docs/how-to/remove-and-return.md."""
    page = (CHECKOUT / "docs/how-to/remove-and-return.md").read_text()
    text = page.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return [textwrap.dedent(each) for each in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)]


def _with_break_glass(project: Project, directory: Path) -> Path:
    """The sandbox's AWS profiles, and the one of docs/how-to/break-glass.md, without its MFA."""
    page = (CHECKOUT / "docs/how-to/break-glass.md").read_text()
    (profile,) = re.findall(r"```ini\n(.*?)```", page, re.DOTALL)
    profile = re.sub(r"^mfa_serial.*\n", "", profile, flags=re.MULTILINE)
    profile = profile.replace("111122223333", project.sandbox.organization.security_account_id)
    config = directory / "config"
    given = Path(project.sandbox.environment["AWS_CONFIG_FILE"]).read_text()
    config.write_text(f"{given}\n{profile}")
    return config
