"""The main job on the real engine: two stacks from nothing, stable, drifting, repaired."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.drift.act import Stage
from tests.drift.acts import ACTS
from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("main-job")]

BUCKET = "aws-cloudtrail-logs-youraccount"


@pytest.fixture(scope="module")
def deployed(project: Project) -> Project:
    """Both stacks, up, exactly as they are committed."""
    project.up("security").succeeded()
    project.up("management").succeeded()
    return project


def client(project: Project, profile: str, service: str) -> Any:
    return project.sandbox.session(profile).client(service)


def test_aws_has_the_trail_that_the_guide_asks_for(deployed: Project) -> None:
    cloudtrail = client(deployed, "management", "cloudtrail")
    arn = deployed.outputs("management")["trailArn"]

    trail = cloudtrail.get_trail(Name=arn)["Trail"]

    assert trail["Name"] == "SecurityAuditTrail"
    assert trail["S3BucketName"] == BUCKET
    assert trail["IsMultiRegionTrail"]
    assert trail["IsOrganizationTrail"]
    assert trail["IncludeGlobalServiceEvents"]
    assert trail["LogFileValidationEnabled"]
    assert trail["KmsKeyId"] == deployed.outputs("security")["keyArn"]
    assert cloudtrail.get_trail_status(Name=arn)["IsLogging"]


def test_member_accounts_see_the_organizations_trail(deployed: Project) -> None:
    trails = client(deployed, "workload", "cloudtrail").describe_trails()["trailList"]

    assert [trail["Name"] for trail in trails] == ["SecurityAuditTrail"]


def test_the_guardrails_hang_on_the_root(deployed: Project) -> None:
    organizations = client(deployed, "management", "organizations")
    root = deployed.sandbox.organization.root_id

    attached = organizations.list_policies_for_target(
        TargetId=root, Filter="SERVICE_CONTROL_POLICY"
    )["Policies"]

    names = {policy["Name"] for policy in attached}
    assert names == {"FullAWSAccess", "protect-cloudtrail-1", "protect-cloudtrail-2"}


@pytest.mark.parametrize("role", ["CloudTrailLogReader", "CloudTrailLogIntegrity"])
def test_who_reads_logs_reads_them_and_changes_nothing(deployed: Project, role: str) -> None:
    s3 = deployed.assume(role)("s3")
    key = deployed.assume(role)("kms")
    log = {"Bucket": BUCKET, "Key": "AWSLogs/log.json.gz"}

    assert s3.list_objects_v2(Bucket=BUCKET, Prefix="AWSLogs/")["KeyCount"] == 0
    for refused in (
        lambda: s3.list_objects_v2(Bucket=BUCKET),
        lambda: s3.put_object(**log, Body=b"{}"),
        lambda: s3.delete_object(**log),
        lambda: s3.put_bucket_notification_configuration(
            Bucket=BUCKET, NotificationConfiguration={}
        ),
        lambda: key.disable_key(KeyId=deployed.outputs("security")["keyArn"]),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()


@pytest.mark.parametrize("stack", ["security", "management"])
def test_a_second_up_changes_nothing(deployed: Project, stack: str) -> None:
    deployed.up(stack, "--expect-no-changes").succeeded()


@pytest.mark.parametrize("stack", ["security", "management"])
def test_a_refresh_of_what_nobody_touched_finds_nothing(deployed: Project, stack: str) -> None:
    deployed.pulumi(
        "refresh", "--yes", "--skip-preview", "--stack", stack, "--expect-no-changes"
    ).succeeded()


TAMPERING = {
    "security": (
        "delete the log bucket's policy",
        "open the log bucket to the public",
        "make the requester pay, whom CloudTrail is not",
        "shorten the lock of new logs",
        "end the key's rotation",
        "disable a forwarding rule in the replica's region",
    ),
    "management": (
        "stop the trail",
        "detach a guardrail",
        "silence an alarm",
        "disable a rule",
        "let no service publish to the topic of alerts",
    ),
}
"""Acts of the table that the nightly tests go through as a whole, done at once."""


@pytest.mark.parametrize("stack", ["security", "management"])
def test_acts_of_tampering_are_seen_by_a_preview_and_undone_by_an_up(
    deployed: Project, stack: str
) -> None:
    acts = {act.name: act for act in ACTS if act.name in TAMPERING[stack]}
    assert acts.keys() == set(TAMPERING[stack])
    outputs = {**deployed.outputs("security"), **deployed.outputs("management")}
    stage = Stage(deployed.sandbox, outputs)
    clients = {act.name: stage.client(stack, act.service, act.region) for act in acts.values()}

    def look() -> dict[str, Any]:
        return {name: act.look(clients[name], stage) for name, act in acts.items()}

    before = look()
    for name, act in acts.items():
        act.do(clients[name], stage)
    shown = changes(deployed.preview(stack, "--refresh", "--json").succeeded().stdout)
    deployed.up(stack, "--refresh").succeeded()

    assert shown == {act.shows.format(root=stage.root) for act in acts.values()}
    assert look() == before


def changes(preview: str) -> set[str]:
    """The types and names of the resources that a preview shows to differ."""
    steps = [step for step in json.loads(preview)["steps"] if step["op"] in ("create", "update")]
    urns = [step["urn"].split("::") for step in steps]
    return {f"{kind.rpartition(':')[2]} {name}" for *_, kind, name in urns}


def test_a_longer_lock_is_an_update_that_shows_what_changes(deployed: Project) -> None:
    deployed.configure("security", objectLock={"mode": "GOVERNANCE", "days": 400})
    try:
        shown = deployed.preview("security", "--diff").succeeded().output
        # The log bucket's lock, and the replica's.
        assert deployed.operations("security") == {"update": 2}
    finally:
        deployed.configure("security", objectLock={"mode": "GOVERNANCE", "days": 365})

    assert "days: 365 => 400" in shown


def test_policy_documents_are_shown_as_documents(deployed: Project) -> None:
    reader = f"arn:aws:iam::{deployed.sandbox.organization.security_account_id}:role/AdminRole"
    deployed.configure("security", readerArns=[reader])
    try:
        shown = deployed.preview("security", "--diff").succeeded().output
    finally:
        deployed.configure("security", readerArns=[])

    assert "(json)" in shown
    added = [line.strip() for line in shown.splitlines() if line.strip().startswith("+ Sid")]
    assert added == [
        '+ Sid      : "AllowLogReadersDecrypt"',
        '+ Sid      : "AllowLogReadersList"',
        '+ Sid      : "AllowLogReadersGet"',
    ]
    assert not any(line.strip().startswith(("- Sid", "~ Sid")) for line in shown.splitlines())


def test_destroy_refuses_while_the_stacks_are_protected(deployed: Project) -> None:
    for stack in ("management", "security"):
        refused = deployed.pulumi("destroy", "--yes", "--skip-preview", "--stack", stack).failed()
        assert "protect" in refused.output
    assert client(deployed, "security", "s3").head_bucket(Bucket=BUCKET)
