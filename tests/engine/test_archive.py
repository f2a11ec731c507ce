"""The replica in an account of its own: both stacks deployed, a log replicated, and attacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from demo.working_copy import working_copy

from sandbox.organization import BREAK_GLASS_ROLE, role_arn
from sandbox.tests.support import assume
from tests.support.engine import Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.session import Sandbox

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("archive")]

THERE = "us-west-2"


@pytest.fixture(scope="module")
def project(engine_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(working_copy(tmp_path_factory.mktemp("program")), engine_sandbox)
    project.init("archive", "security", "management")
    project.configure_core()
    project.configure("archive", sourceAccountId=engine_sandbox.organization.security_account_id)
    return project


@pytest.fixture(scope="module")
def archive(project: Project) -> dict[str, Any]:
    """What the archive stack exports; the security stack had a replica of its own before."""
    project.configure("security", replica={"region": "us-east-2"}, protect=False)
    project.up("security").succeeded()
    project.up("archive").succeeded()
    exported = project.outputs("archive")["archive"]
    project.configure("security", replica={"archive": exported})
    project.up("security").succeeded()
    here: Any = project.sandbox.session("security").client("s3")
    here.put_object(Bucket=project.outputs("security")["bucketName"], Key="log", Body=b"x")
    return exported


def test_security_is_not_deployed_before_the_archive(project: Project) -> None:
    account = project.sandbox.organization.workload_account_id
    role = f"arn:aws:iam::{account}:role/{BREAK_GLASS_ROLE}"
    absent = {
        "bucketName": "copies-that-are-not-there",
        "keyArn": f"arn:aws:kms:{THERE}:{account}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "breakGlassRoleArns": [role],
        "deployerRoleArns": [role],
    }
    file = project.directory / "Pulumi.security.yaml"
    before = file.read_text()
    project.configure("security", replica={"archive": absent})
    try:
        refused = project.preview("security").refused()
    finally:
        file.write_text(before)

    assert f"S3 has no such bucket; deploy the archive stack in account {account} first" in refused


@pytest.mark.parametrize("stack", ["archive", "security"])
def test_each_stack_is_deployed_with_the_policy_pack_and_has_no_changes_left(
    project: Project, archive: dict[str, Any], stack: str
) -> None:
    del archive
    project.up(stack, "--expect-no-changes", "--policy-pack", "policypack").succeeded()


def test_the_replica_that_the_security_account_had_stays_and_gets_no_more_logs(
    project: Project, archive: dict[str, Any]
) -> None:
    bucket = project.outputs("security")["bucketName"]
    s3: Any = project.sandbox.session("security").client("s3", region_name="us-east-2")

    (rule,) = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]["Rules"]
    assert rule["Destination"]["Bucket"] == f"arn:aws:s3:::{archive['bucketName']}"
    assert "Contents" not in s3.list_objects_v2(Bucket=f"{bucket}-replica")
    assert s3.get_bucket_policy(Bucket=f"{bucket}-replica")["Policy"]


def test_a_log_is_replicated_with_its_lock(project: Project, archive: dict[str, Any]) -> None:
    there: Any = project.sandbox.session("workload").client("s3", region_name=THERE)

    copy = {"Bucket": archive["bucketName"], "Key": "log"}
    assert there.head_object(**copy)["SSEKMSKeyId"] == archive["keyArn"]
    assert there.get_object_retention(**copy)["Retention"]["Mode"] == "GOVERNANCE"


ATTACKS: dict[str, tuple[str, Callable[[Any, Any, str], object]]] = {
    "delete a replica": (
        "s3",
        lambda s3, to, version: s3.delete_object(
            Bucket=to["bucketName"], Key="log", VersionId=version, BypassGovernanceRetention=True
        ),
    ),
    "hide a replica": (
        "s3",
        lambda s3, to, _: s3.delete_object(Bucket=to["bucketName"], Key="log"),
    ),
    "unlock a replica": (
        "s3",
        lambda s3, to, version: s3.put_object_retention(
            Bucket=to["bucketName"],
            Key="log",
            VersionId=version,
            Retention={},
            BypassGovernanceRetention=True,
        ),
    ),
    "remove the policy": ("s3", lambda s3, to, _: s3.delete_bucket_policy(Bucket=to["bucketName"])),
    "suspend versions": (
        "s3",
        lambda s3, to, _: s3.put_bucket_versioning(
            Bucket=to["bucketName"], VersioningConfiguration={"Status": "Suspended"}
        ),
    ),
    "let replicas expire": (
        "s3",
        lambda s3, to, _: s3.put_bucket_lifecycle_configuration(
            Bucket=to["bucketName"],
            LifecycleConfiguration={
                "Rules": [
                    {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
                ]
            },
        ),
    ),
    "delete the key": ("kms", lambda kms, to, _: kms.schedule_key_deletion(KeyId=to["keyArn"])),
    "disable the key": ("kms", lambda kms, to, _: kms.disable_key(KeyId=to["keyArn"])),
}


@pytest.mark.parametrize("insider", ["administrator", "break-glass"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_one_of_the_security_account_harms_the_archive(
    project: Project, archive: dict[str, Any], attack: str, insider: str
) -> None:
    there: Any = project.sandbox.session("workload").client("s3", region_name=THERE)
    service, call = ATTACKS[attack]
    if insider == "administrator":
        client: Any = project.sandbox.session("security").client(service, region_name=THERE)
    else:
        account = project.sandbox.organization.security_account_id
        role = role_arn(account, BREAK_GLASS_ROLE)
        client = assume(project.sandbox, role, THERE)(service)
    versions = there.list_object_versions(Bucket=archive["bucketName"])["Versions"]

    with pytest.raises(ClientError, match="AccessDenied"):
        call(client, archive, versions[0]["VersionId"])

    after = there.list_object_versions(Bucket=archive["bucketName"])
    assert after["Versions"] == versions
    assert "DeleteMarkers" not in after


def test_the_guardrails_lock_the_archives_deployer_out_of_nothing(
    project: Project, archive: dict[str, Any]
) -> None:
    project.up("management").succeeded()
    # Which changes the policies of bucket and key, and the lifecycle.
    roles = [BREAK_GLASS_ROLE, "SecondRole"]
    project.configure("archive", breakGlassRoles=roles, lifecycle={"expireAfterDays": 3_000})

    project.up("archive").succeeded()

    there: Any = project.sandbox.session("workload").client("s3", region_name=THERE)
    rules = there.get_bucket_lifecycle_configuration(Bucket=archive["bucketName"])["Rules"]
    assert 3_000 in [rule.get("Expiration", {}).get("Days") for rule in rules]
    with pytest.raises(ClientError, match="AccessDenied"):
        there.delete_object(Bucket=archive["bucketName"], Key="log")
