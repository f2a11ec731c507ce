"""What the preflight checks know of a stack's past and of the account, on the real engine."""

from typing import Any

import pytest

from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("preflight")]


@pytest.fixture(scope="module")
def deployed(project: Project) -> Project:
    """Both stacks, after a first update that failed half-way."""
    project.configure_core()
    iam: Any = project.sandbox.session("management").client("iam")
    iam.create_group(GroupName="Developers")
    project.configure("management", iamProtection={"groups": ["Developers"]})
    project.up("security").succeeded()
    project.up("management").succeeded()
    return project


def test_names_that_are_taken_are_refused_before_anything_is_created(project: Project) -> None:
    project.configure_core()
    account = project.sandbox.organization.security_account_id
    session = project.sandbox.session("security")
    s3: Any = session.client("s3")
    topics: Any = session.client("sns")
    bucket = "aws-cloudtrail-logs-youraccount"
    s3.create_bucket(Bucket=bucket)
    topic = topics.create_topic(Name="cloudtrail-guard-logs-alerts")["TopicArn"]

    refused = project.up("security").refused()

    assert f"bucket {bucket} exists in AWS already, and this stack did not create it" in refused
    assert "topic cloudtrail-guard-logs-alerts exists in us-east-1 already" in refused
    kms: Any = session.client("kms")
    assert [key for key in kms.list_aliases()["Aliases"] if "logs" in key["AliasName"]] == []
    assert account
    s3.delete_bucket(Bucket=bucket)
    topics.delete_topic(TopicArn=topic)


def test_what_a_stack_created_itself_is_no_finding(deployed: Project) -> None:
    for stack in ("security", "management"):
        output = deployed.preview(stack).succeeded().output
        assert "exists" not in output
        deployed.up(stack, "--expect-no-changes").succeeded()


def test_a_renamed_bucket_is_one_message(deployed: Project) -> None:
    deployed.configure("security", bucketName="another-name")
    try:
        refused = deployed.preview("security").refused()
    finally:
        deployed.configure("security", bucketName="aws-cloudtrail-logs-youraccount")

    assert "1 finding of the preflight checks" in refused
    assert "bucketName = another-name: this stack has aws-cloudtrail-logs-youraccount" in refused
    assert "unable to replace" not in refused


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("aws:region", "eu-west-1", "region eu-west-1; logs never move"),
        ("aws:profile", "workload", "and would now go to account"),
    ],
)
def test_a_stack_that_would_leave_its_account_or_region_is_one_message(
    deployed: Project, key: str, value: str, message: str
) -> None:
    before = {"aws:region": "us-east-1", "aws:profile": "security"}[key]
    deployed.pulumi("config", "set", "--stack", "security", key, value).succeeded()
    try:
        refused = deployed.preview("security").refused()
    finally:
        deployed.pulumi("config", "set", "--stack", "security", key, before).succeeded()

    account = deployed.sandbox.organization.security_account_id
    assert "1 finding of the preflight checks" in refused
    assert f"this stack is deployed in account {account}, region us-east-1" in refused
    assert message in refused


def test_a_full_root_and_missing_identities_are_refused_before_anything_changes(
    deployed: Project,
) -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""
    deployed.configure(
        "management",
        iamProtection={"groups": ["NoGroup"]},
        guardrails={"policiesPerTarget": 2, "targets": []},
    )
    organizations: Any = deployed.sandbox.session("management").client("organizations")
    content = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:CreateUser",'
        '"Resource":"*"}]}'
    )
    theirs = organizations.create_policy(
        Name="theirs", Description="theirs", Type="SERVICE_CONTROL_POLICY", Content=content
    )["Policy"]["PolicySummary"]["Id"]
    root = deployed.sandbox.organization.root_id
    organizations.attach_policy(PolicyId=theirs, TargetId=root)
    try:
        refused = deployed.preview("management").refused()
    finally:
        organizations.detach_policy(PolicyId=theirs, TargetId=root)
        deployed.configure("management", iamProtection={"groups": ["Developers"]}, guardrails={})

    assert "iamProtection.groups: this account has no group NoGroup" in refused
    assert f"target {root} has 2 policies of type SERVICE_CONTROL_POLICY attached" in refused
