from dataclasses import replace
from typing import Any

import pytest

from stacks.context import DeploymentContext, Organization
from stacks.lookups import FoundTrail, Lookups
from stacks.outputs import SecurityOutputs
from stacks.preflight.findings import Finding
from stacks.preflight.run import (
    check_management,
    check_security,
    check_standalone,
    check_workload,
)
from stacks.settings.roles import (
    ManagementSettings,
    SecuritySettings,
    StandaloneSettings,
    WorkloadSettings,
)

SECURITY = "111122223333"
MANAGEMENT = "123456789012"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/SecurityAuditTrail"
UNIT = "ou-a1b2-c3d4e5f6"
STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com"

ORGANIZATION = Organization(
    id="o-a1b2c3d4e5",
    management_account=MANAGEMENT,
    root="r-a1b2",
    accounts=(MANAGEMENT, SECURITY),
    policy_types=("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"),
    trusted_services=("cloudtrail.amazonaws.com", STACK_SETS),
)
IN_SECURITY: dict[str, Any] = {
    "account": SECURITY,
    "region": "eu-west-1",
    "partition": "aws",
    "deployer": f"arn:aws:iam::{SECURITY}:role/Deploy",
    "found_organization": Organization(id="o-a1b2c3d4e5", management_account=MANAGEMENT),
}
IN_MANAGEMENT: dict[str, Any] = {
    **IN_SECURITY,
    "account": MANAGEMENT,
    "deployer": f"arn:aws:iam::{MANAGEMENT}:role/Deploy",
    "found_organization": ORGANIZATION,
}
NOTHING = Lookups(trails=())


def security_context(
    here: dict[str, Any] = IN_SECURITY, **values: Any
) -> DeploymentContext[SecuritySettings]:
    settings = SecuritySettings.model_validate({"role": "security", **values})
    return DeploymentContext(settings=settings, **here)


def security(here: dict[str, Any] = IN_SECURITY, found: Lookups = NOTHING, **values: Any) -> Any:
    return check_security(security_context(here, **values), found)


def within(**organization: Any) -> dict[str, Any]:
    """In the management account of an organization that differs."""
    return {**IN_MANAGEMENT, "found_organization": replace(ORGANIZATION, **organization)}


def outputs(**values: Any) -> SecurityOutputs:
    return SecurityOutputs.model_validate(
        {
            "accountId": SECURITY,
            "bucketName": "org-logs",
            "keyArn": f"arn:aws:kms:eu-west-1:{SECURITY}:key/{'0' * 36}",
            "trailName": "SecurityAuditTrail",
            "trailArn": TRAIL,
            "breakGlassRoleArns": [],
            "deployerRoleArns": [],
            **values,
        }
    )


def management(
    here: dict[str, Any] = IN_MANAGEMENT,
    found: Lookups = NOTHING,
    security_account: str = SECURITY,
    **values: Any,
) -> list[Finding]:
    settings = ManagementSettings.model_validate({"role": "management", **values})
    context = DeploymentContext(settings=settings, **here)
    return check_management(
        context, replace(found, units=(UNIT,)), outputs(accountId=security_account)
    )


def workload(
    admitted: SecurityOutputs | None, here: dict[str, Any] = IN_SECURITY, **values: Any
) -> list[Finding]:
    settings = WorkloadSettings.model_validate({"role": "workload", **values})
    context = DeploymentContext(settings=settings, **here)
    return check_workload(context, NOTHING, WORKLOAD_TRAIL, admitted)


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
        ({}, {"deployer": f"arn:aws:iam::{SECURITY}:root"}, "the root user cannot be exempted"),
    ],
)
def test_a_security_stack_that_cannot_work_is_refused(
    values: dict[str, Any], around: dict[str, Any], message: str
) -> None:
    findings = security({**IN_SECURITY, **around}, **values)

    assert any(finding.fatal and message in finding.text for finding in findings), findings


def test_a_security_stack_in_the_management_account_is_warned_of() -> None:
    organization = replace(ORGANIZATION, management_account=SECURITY)

    (finding,) = security({**IN_SECURITY, "found_organization": organization})

    assert not finding.fatal
    assert "service control policies never apply to it" in finding.text


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (("AdminRole",), "breakGlassRoles: account 111122223333 has no role AdminRole"),
        (("Deploy",), "deployerRoleArns: account 111122223333 has no role Deploy"),
        (None, "cannot be read: let the deploying role call iam:GetRole"),
    ],
)
def test_exempt_roles_that_are_not_there_are_warned_of(
    missing: tuple[str, ...] | None, message: str
) -> None:
    found = replace(NOTHING, missing_roles=missing)

    [finding] = security(found=found, deployerRoleArns=[IN_SECURITY["deployer"]])

    assert message in finding.text
    assert not finding.fatal


def test_deploying_as_a_role_that_is_not_listed_is_warned_of() -> None:
    (finding,) = security(deployerRoleArns=[f"arn:aws:iam::{SECURITY}:role/Pipeline"])

    assert not finding.fatal
    assert "role/Deploy, which deploys now" in finding.text


@pytest.mark.parametrize(
    ("around", "organization", "message"),
    [
        ({"account": SECURITY}, {}, "management account is 123456789012: set aws:profile"),
        ({"region": "us-east-1"}, {}, "set aws:region of this stack to eu-west-1"),
        ({}, {"policy_types": ("x",)}, "enable-policy-type --policy-type SERVICE_CONTROL_POLICY"),
        (
            {},
            {"policy_types": ("SERVICE_CONTROL_POLICY",)},
            "enable-policy-type --policy-type RESOURCE_CONTROL_POLICY",
        ),
        ({}, {"management_account": "999988887777"}, "bring the security stack up again"),
        ({}, {"root": None}, "guardrails.targets is empty"),
    ],
)
def test_a_management_stack_that_cannot_work_is_refused_with_the_fix(
    around: dict[str, Any], organization: dict[str, Any], message: str
) -> None:
    found = replace(ORGANIZATION, **organization)
    here = {**IN_MANAGEMENT, **around, "found_organization": found}

    findings = management(here)

    assert any(finding.fatal and message in finding.text for finding in findings), findings


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("ou-a1b2-c3d4e5f7", "is no root, OU or account of organization o-a1b2c3d4e5; did you"),
        ("999988887777", "is no root, OU or account"),
        ("r-zzzz", "is no root, OU or account"),
        (MANAGEMENT, "is the management account, to which service control policies never"),
    ],
)
def test_guardrails_are_attached_only_where_they_apply(target: str, message: str) -> None:
    (finding,) = management(guardrails={"targets": [target]})

    assert finding.fatal
    assert message in finding.text


def test_a_log_bucket_in_the_management_account_is_warned_of() -> None:
    (finding,) = management(security_account=MANAGEMENT)

    assert not finding.fatal
    assert "do not protect the bucket" in finding.text


def test_what_cannot_be_read_is_no_finding() -> None:
    unread = Organization(id="o-a1b2c3d4e5", management_account=MANAGEMENT)
    here = {**IN_MANAGEMENT, "found_organization": unread}

    assert management(here, guardrails={"targets": ["r-a1b2"]}) == []


def test_an_organization_for_billing_alone_is_refused_with_the_fix() -> None:
    billing = within(all_features=False)

    [finding] = management(billing)

    assert "aws organizations enable-all-features" in finding.text
    assert finding.fatal


def test_without_resource_policies_their_type_is_not_asked_for() -> None:
    here = within(policy_types=("SERVICE_CONTROL_POLICY",))

    assert management(here, guardrails={"resourcePolicies": False}) == []


def test_trusted_access_that_is_not_to_be_managed_must_be_there() -> None:
    here = within(trusted_services=("x",))

    (finding,) = management(here, manageTrustedAccess=False)

    assert finding.fatal
    assert "aws organizations enable-aws-service-access" in finding.text
    assert management(here) == []


def test_member_trails_need_known_ous_and_cloudformations_access() -> None:
    here = within(trusted_services=("x",))
    wanted = {"organizationalUnits": ["ou-a1b2-00000000"]}

    texts = [finding.text for finding in management(here, memberTrails=wanted)]

    assert any("ou-a1b2-00000000 is no root or OU" in text for text in texts)
    assert any("aws cloudformation activate-organizations-access" in text for text in texts)
    assert management(memberTrails={"organizationalUnits": [UNIT]}) == []


@pytest.mark.parametrize(("count", "fatal"), [(4, False), (5, True), (6, True)])
def test_a_sixth_trail_in_a_region_is_refused_before_it_is_made(count: int, fatal: bool) -> None:
    there = tuple(
        FoundTrail(arn=TRAIL.replace("SecurityAuditTrail", f"T{i}"), organization=False)
        for i in range(count)
    )

    findings = management(found=Lookups(trails=there))

    assert [finding.fatal for finding in findings] == ([True] if fatal else [])


def test_the_stacks_own_trail_does_not_count_against_it() -> None:
    there = tuple(
        FoundTrail(arn=TRAIL.replace("SecurityAuditTrail", name), organization=False)
        for name in ("A", "B", "C", "D", "SecurityAuditTrail")
    )

    assert management(found=Lookups(trails=there)) == []


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("aws-controltower-BaselineCloudTrail", "in the landing zone's settings"),
        ("OldTrail", "run `cloudtrail-guard adopt find`"),
    ],
)
def test_another_organization_trail_is_pointed_out_with_what_to_do(name: str, advice: str) -> None:
    arn = TRAIL.replace("SecurityAuditTrail", name)
    there = (FoundTrail(arn=arn, organization=True),)

    (finding,) = management(found=Lookups(trails=there))

    assert not finding.fatal
    assert f"another organization trail, {name}" in finding.text
    assert advice in finding.text


def test_trails_that_cannot_be_listed_are_warned_of() -> None:
    (finding,) = management(found=Lookups(trails=None))

    assert not finding.fatal
    assert "cloudtrail:DescribeTrails" in finding.text


def test_the_deploying_role_never_gets_the_policies_that_bind_others() -> None:
    (finding,) = management(iamProtection={"roles": ["Deploy"]})

    assert finding.fatal
    assert "includes Deploy, which deploys this stack" in finding.text


WORKLOAD_TRAIL = "arn:aws:cloudtrail:eu-west-1:444455556666:trail/DataAccess"


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


def test_a_sound_standalone_stack_has_no_findings_and_needs_no_organization() -> None:
    alone: dict[str, Any] = {**IN_SECURITY, "found_organization": None}
    context = DeploymentContext(settings=StandaloneSettings(role="standalone"), **alone)

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
