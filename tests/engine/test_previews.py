"""Previews are enough for a review: every document is known, every mistake is rejected."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("previews")]


@pytest.fixture
def configured(project: Project) -> Iterator[Project]:
    """The project, whose stack files are as committed again afterwards."""
    files = {file: file.read_text() for file in project.directory.glob("Pulumi.*.yaml")}
    yield project
    for file, text in files.items():
        file.write_text(text)


def sids(document: str) -> set[str]:
    return {statement["Sid"] for statement in json.loads(document)["Statement"]}


def test_a_preview_of_security_from_nothing_shows_every_document(project: Project) -> None:
    planned = project.planned("security")

    assert "AllowCloudTrailEncrypt" in sids(planned["logs-key"]["policy"])
    assert "DenyDeleteCloudTrailLogs" in sids(planned["logs-policy"]["policy"])
    assert "S3ServerAccessLogsWrite" in sids(planned["logs-access-logs-policy"]["policy"])


def test_management_before_security_says_which_stack_to_bring_up(project: Project) -> None:
    refused = project.preview("management").refused()

    assert "the security stack organization/cloudtrail-guard/security" in refused
    assert "has no output accountId, bucketName, keyArn" in refused
    assert "`pulumi up --stack security`" in refused


def test_another_security_stack_can_be_named_and_must_exist(configured: Project) -> None:
    configured.configure("management", securityStack="organization/cloudtrail-guard/nowhere")

    refused = configured.preview("management").refused()

    assert 'unknown stack "organization/cloudtrail-guard/nowhere"' in refused
    assert "`pulumi up --stack nowhere`" in refused


def test_all_mistakes_of_a_config_are_listed_at_once_and_nothing_is_made(
    configured: Project,
) -> None:
    configured.configure(
        "security",
        bucketName="Not_A_Bucket",
        bucketNmae="x",
        objectLock={"mode": "GOVERNANCE", "days": 0},
        breakGlassRoles=[],
    )

    refused = configured.up("security").refused()

    assert "4 problems with the settings of stack 'security'; nothing was deployed" in refused
    assert "cloudtrail-guard:bucketNmae: there is no such key; did you mean bucketName?" in refused
    exported = configured.pulumi("stack", "export", "--stack", "security").succeeded().stdout
    made = json.loads(exported)["deployment"].get("resources", [])
    assert [r["type"] for r in made if r["type"].startswith("aws:")] == []


def test_a_break_glass_role_of_another_account_is_refused(configured: Project) -> None:
    management = configured.sandbox.organization.management_account_id
    configured.configure(
        "security", breakGlassRoles=[f"arn:aws:iam::{management}:role/OrganizationAdmin"]
    )

    refused = configured.preview("security").refused()

    assert "is not a role of this account" in refused


def test_a_region_of_another_partition_is_refused(configured: Project) -> None:
    configured.configure("security", partition="aws-us-gov")

    refused = configured.preview("security").refused()

    assert "region us-east-1 is in partition aws" in refused


def test_management_judges_itself_over_security(configured: Project) -> None:
    """The first preview over security knows its documents, and refuses what cannot be."""
    configured.up("security").succeeded()
    planned = configured.planned("management")
    policies = [planned[f"protect-cloudtrail-{number}"]["content"] for number in (1, 2)]
    assert "ProtectCloudTrailBucket" in set().union(*map(sids, policies))
    assert planned["organization-trail"]["isMultiRegionTrail"] is True

    root = configured.sandbox.organization.root_id
    unit = f"ou-{root.removeprefix('r-')}-00000000"
    configured.configure("management", guardrails={"targets": [unit]}, manageTrustedAccess=False)
    refused = configured.preview("management").refused()
    assert f"guardrails.targets: {unit} is no root, OU or account of organization" in refused

    organizations: Any = configured.sandbox.session("management").client("organizations")
    organizations.disable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    organizations.disable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    refused = configured.preview("management").refused()
    assert "aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY" in refused
    assert f"--root-id {root}" in refused
    assert "aws organizations enable-aws-service-access" in refused
