from dataclasses import replace
from typing import Any

import pytest

from stacks.context import Organization
from stacks.outputs import ManagementOutputs
from tests.support.preflight import (
    IN_MANAGEMENT,
    IN_SECURITY,
    MANAGEMENT,
    NOTHING,
    ORGANIZATION,
    RCP,
    SCP,
    SECURITY,
    UNIT,
    WORKLOAD_TRAIL,
    management,
    outputs,
    within,
    workload,
)


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


def others(count: int) -> tuple[str, ...]:
    return ("FullAWSAccess", *(f"policy-{number}" for number in range(1, count)))


@pytest.mark.parametrize(
    ("policy_type", "count", "settings", "refused"),
    [
        (SCP, 9, {}, False),
        (SCP, 10, {}, True),
        (SCP, 4, {"policiesPerTarget": 5}, False),
        (SCP, 5, {"policiesPerTarget": 5}, True),
        (RCP, 4, {}, False),
        (RCP, 5, {}, True),
    ],
)
def test_a_target_without_room_for_the_guardrails_is_refused(
    policy_type: str, count: int, settings: dict[str, Any], refused: bool
) -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""
    found = replace(NOTHING, attached={("r-a1b2", policy_type): others(count)})

    findings = management(found=found, guardrails=settings)

    assert len(findings) == (1 if refused else 0)
    for finding in findings:
        assert finding.fatal
        assert f"target r-a1b2 has {count} policies of type {policy_type} attached" in finding.text
        assert "need 1 more" in finding.text


@pytest.mark.parametrize(
    ("change", "fatal"),
    [
        ({}, True),
        ({"guardrailTargets": ["ou-a1b2-c3d4e5f6"]}, False),
        ({"guardrailTargets": [SECURITY]}, True),
        ({"guardrailExemptRoleArns": [IN_SECURITY["deployer"]]}, None),
        ({"guardrailTrails": ["arn:aws:cloudtrail:*:*:trail/SecurityAuditTrail"]}, None),
        ({"guardrailTrails": [WORKLOAD_TRAIL.replace("444455556666", "*")]}, True),
    ],
)
def test_a_workloads_deployer_must_be_exempt_from_the_guardrails(
    change: dict[str, Any], fatal: bool | None
) -> None:
    guardrails = ManagementOutputs.model_validate(
        {
            "guardrailTargets": ["r-a1b2"],
            "guardrailTrails": ["*"],
            "guardrailExemptRoleArns": [],
            **change,
        }
    )

    findings = workload(outputs(memberTrailNames=["DataAccess"]), guardrails=guardrails)

    assert [finding.fatal for finding in findings] == ([] if fatal is None else [fatal])
    assert all("guardrails.exemptRoleArns" in finding.text for finding in findings)
