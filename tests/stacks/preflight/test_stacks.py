from dataclasses import replace
from typing import Any

import pytest

from stacks.context import DeploymentContext
from stacks.lookups.found import Deployed
from stacks.preflight.checks import check_archive, check_standalone
from stacks.preflight.findings import Finding
from stacks.settings.roles import ArchiveSettings, StandaloneSettings
from tests.support.preflight import (
    HEARD,
    IN_MANAGEMENT,
    IN_SECURITY,
    MANAGEMENT,
    NOTHING,
    ORGANIZATION,
    SECURITY,
    TRAIL,
    UNIT,
    WORKLOAD_TRAIL,
    management,
    outputs,
    security,
    workload,
)


def test_a_sound_security_stack_has_no_findings() -> None:
    assert security() == []


def test_a_sound_management_stack_has_no_findings() -> None:
    assert management(guardrails={"targets": ["r-a1b2", UNIT, SECURITY]}) == []


@pytest.mark.parametrize(
    ("values", "around", "message"),
    [
        (
            {"breakGlassRoles": [f"arn:aws:iam::{MANAGEMENT}:role/AdminRole"]},
            {},
            "is not a role of this account 111122223333",
        ),
        (
            {"deployerRoleArns": [f"arn:aws:iam::{MANAGEMENT}:role/Deploy"]},
            {},
            "so it cannot deploy this stack",
        ),
        ({"partition": "aws-cn"}, {"partition": "aws-cn"}, "region eu-west-1 is in partition aws"),
        (
            {"readerArns": ["arn:aws-cn:iam::111122223333:role/R"]},
            {},
            "is of another partition than the stack's (aws)",
        ),
        (
            {"trailRegion": "cn-north-1"},
            {},
            "cn-north-1 is not in the stack's partition aws",
        ),
        (
            {"existingKeyArn": f"arn:aws:kms:us-east-1:{SECURITY}:key/{'0' * 36}"},
            {},
            "is in another region than the bucket (eu-west-1)",
        ),
        (
            {"existingKeyArn": f"arn:aws:kms:eu-west-1:{MANAGEMENT}:key/{'0' * 36}"},
            {},
            "belongs to account 123456789012, and this stack is deployed to account 111122223333",
        ),
        ({}, {"deployer": f"arn:aws:iam::{SECURITY}:root"}, "the root user cannot be exempted"),
    ],
)
def test_a_security_stack_that_cannot_work_is_refused(
    values: dict[str, Any], around: dict[str, Any], message: str
) -> None:
    findings = security({**IN_SECURITY, **around}, **values)

    assert any(finding.fatal and message in finding.text for finding in findings), findings


@pytest.mark.parametrize("deployed", [None, Deployed(resources=())])
def test_a_security_stack_in_the_management_account_is_refused_unless_it_is_there(
    deployed: Deployed | None,
) -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"""
    organization = replace(ORGANIZATION, management_account=SECURITY)

    (finding,) = security(
        {**IN_SECURITY, "found_organization": organization}, replace(NOTHING, deployed=deployed)
    )

    assert finding.fatal is (deployed is None)
    assert "service control policies never apply to it" in finding.text


@pytest.mark.parametrize(
    ("admitted", "works"),
    [
        ({"accountTrailArns": [WORKLOAD_TRAIL]}, True),
        ({"memberTrailNames": ["DataAccess"]}, True),
        ({}, False),
        ({"memberTrailNames": ["Other"]}, False),
    ],
)
def test_a_workloads_trail_must_be_admitted_by_the_shared_bucket(
    admitted: dict[str, Any], works: bool
) -> None:
    findings = workload(outputs(**admitted))

    assert (findings == []) is works
    assert works or "add DataAccess to cloudtrail-guard:memberTrailNames" in findings[0].text


def test_a_workload_stack_in_the_management_account_is_warned_of() -> None:
    admitted = outputs(memberTrailNames=["DataAccess"])

    [finding] = workload(admitted, {**IN_SECURITY, "account": MANAGEMENT})

    assert "workload stacks are for member accounts" in finding.text
    assert not finding.fatal


def test_a_workload_that_records_nothing_is_refused() -> None:
    nothing = {"ownBucket": True, "dataEvents": {"s3": False}}

    (finding,) = workload(None, workload=nothing)

    assert finding.fatal
    assert "workload.dataEvents records nothing" in finding.text


def archive(here: dict[str, Any], **values: Any) -> list[Finding]:
    settings = ArchiveSettings.model_validate(
        {"role": "archive", "sourceAccountId": "444455556666", **HEARD, **values}
    )
    return check_archive(DeploymentContext(settings=settings, **here), NOTHING)


def test_a_sound_archive_stack_has_no_findings() -> None:
    assert archive(IN_SECURITY) == []


@pytest.mark.parametrize(
    ("here", "values", "message"),
    [
        (IN_SECURITY, {"sourceAccountId": ""}, "sourceAccountId is not set"),
        (IN_SECURITY, {"sourceAccountId": SECURITY}, f"sourceAccountId = {SECURITY} is this very"),
        (IN_MANAGEMENT, {}, "deploy the archive stack to an account of its own"),
        (
            IN_SECURITY,
            {"breakGlassRoles": [f"arn:aws:iam::{MANAGEMENT}:role/AdminRole"]},
            "is not a role of this account",
        ),
    ],
)
def test_an_archive_in_an_account_where_it_does_not_protect_is_refused(
    here: dict[str, Any], values: dict[str, Any], message: str
) -> None:
    (finding,) = archive(here, **values)

    assert finding.fatal
    assert message in finding.text


def test_a_sound_standalone_stack_has_no_findings_and_needs_no_organization() -> None:
    alone: dict[str, Any] = {**IN_SECURITY, "found_organization": None}
    settings = StandaloneSettings.model_validate({"role": "standalone", **HEARD})
    context = DeploymentContext(settings=settings, **alone)

    assert check_standalone(context, NOTHING, TRAIL) == []


@pytest.mark.parametrize(
    ("own", "values", "key"),
    [
        (False, {"bucketName": "logs-of-mine"}, "bucketName"),
        (False, {"objectLock": {"days": 30}}, "objectLock"),
        (False, {}, None),
        (True, {"bucketName": "logs-of-mine"}, None),
    ],
)
def test_settings_of_a_bucket_that_a_workload_does_not_make_are_refused(
    own: bool, values: dict[str, Any], key: str | None
) -> None:
    admitted = None if own else outputs(memberTrailNames=["DataAccess"])

    findings = workload(admitted, workload={"ownBucket": own}, **values)

    assert [f"{key} has no effect while" in finding.text for finding in findings] == (
        [True] if key else []
    )
