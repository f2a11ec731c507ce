from dataclasses import replace
from typing import Any

import pytest

from stacks.checks import Finding, check_management, check_security
from stacks.settings import Settings
from stacks.surroundings import Organization, Surroundings

SECURITY = "111122223333"
MANAGEMENT = "123456789012"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/SecurityAuditTrail"
UNIT = "ou-a1b2-c3d4e5f6"

ORGANIZATION = Organization(
    id="o-a1b2c3d4e5",
    management_account=MANAGEMENT,
    root="r-a1b2",
    accounts=(MANAGEMENT, SECURITY),
    policy_types=("SERVICE_CONTROL_POLICY",),
    trusted_services=("cloudtrail.amazonaws.com",),
)
IN_SECURITY = Surroundings(
    account=SECURITY,
    region="eu-west-1",
    partition="aws",
    deployer=f"arn:aws:iam::{SECURITY}:role/Deploy",
    organization=Organization(id="o-a1b2c3d4e5", management_account=MANAGEMENT),
)
IN_MANAGEMENT = replace(
    IN_SECURITY,
    account=MANAGEMENT,
    deployer=f"arn:aws:iam::{MANAGEMENT}:role/Deploy",
    organization=ORGANIZATION,
)


def settings(**values: Any) -> Settings:
    return Settings.model_validate({"role": "security", **values})


def management(around: Surroundings = IN_MANAGEMENT, **values: Any) -> list[Finding]:
    arguments = {"trail": TRAIL, "security_account": SECURITY, "units": (UNIT,)}
    known = {key: values.pop(key) for key in arguments if key in values}
    return check_management(settings(**values), around, **{**arguments, **known})  # type: ignore[arg-type]


def test_a_sound_security_stack_has_no_findings() -> None:
    assert check_security(settings(), IN_SECURITY) == []


def test_a_sound_management_stack_has_no_findings() -> None:
    assert management(guardrails={"targets": ["r-a1b2", UNIT, SECURITY]}) == []


@pytest.mark.parametrize(
    ("values", "around", "message"),
    [
        (
            {"breakGlassRoles": [f"arn:aws:iam::{MANAGEMENT}:role/AdminRole"]},
            {},
            "is not a role of the security account 111122223333",
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
        ({"trailRegion": "cn-north-1"}, {}, "'cn-north-1' is not in the stack's partition aws"),
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
    findings = check_security(settings(**values), replace(IN_SECURITY, **around))

    assert any(finding.fatal and message in finding.text for finding in findings), findings


def test_a_security_stack_in_the_management_account_is_warned_of() -> None:
    around = replace(IN_SECURITY, organization=replace(ORGANIZATION, management_account=SECURITY))

    (finding,) = check_security(settings(), around)

    assert not finding.fatal
    assert "service control policies never bind it" in finding.text


def test_deploying_as_somebody_who_is_not_listed_is_warned_of() -> None:
    listed = settings(deployerRoleArns=[f"arn:aws:iam::{SECURITY}:role/Pipeline"])

    (finding,) = check_security(listed, IN_SECURITY)

    assert not finding.fatal
    assert "role/Deploy, which deploys now" in finding.text


@pytest.mark.parametrize(
    ("around", "organization", "message"),
    [
        ({"account": SECURITY}, {}, "management account is 123456789012: set aws:profile"),
        ({"region": "us-east-1"}, {}, "set aws:region of this stack to eu-west-1"),
        ({}, {"trusted_services": ()}, "aws organizations enable-aws-service-access"),
        ({}, {"policy_types": ()}, "aws organizations enable-policy-type"),
        ({}, {"management_account": "999988887777"}, "bring the security stack up again"),
        ({}, {"root": None}, "guardrails.targets is empty"),
    ],
)
def test_a_management_stack_that_cannot_work_is_refused_with_the_mend(
    around: dict[str, Any], organization: dict[str, Any], message: str
) -> None:
    here = replace(IN_MANAGEMENT, **around, organization=replace(ORGANIZATION, **organization))

    findings = management(here)

    assert any(finding.fatal and message in finding.text for finding in findings), findings


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("ou-a1b2-c3d4e5f7", "is no root, OU or account of organization o-a1b2c3d4e5; did you"),
        ("999988887777", "is no root, OU or account"),
        ("r-zzzz", "is no root, OU or account"),
        (MANAGEMENT, "is the management account, which service control policies never bind"),
    ],
)
def test_guardrails_hang_only_where_they_can(target: str, message: str) -> None:
    (finding,) = management(guardrails={"targets": [target]})

    assert finding.fatal
    assert message in finding.text


def test_a_log_bucket_in_the_management_account_is_warned_of() -> None:
    (finding,) = management(security_account=MANAGEMENT)

    assert not finding.fatal
    assert "do not protect the bucket" in finding.text


def test_what_aws_does_not_tell_is_not_held_against_the_stack() -> None:
    untold = replace(
        IN_MANAGEMENT, organization=Organization(id="o-a1b2c3d4e5", management_account=MANAGEMENT)
    )

    assert management(untold, guardrails={"targets": ["r-a1b2"]}) == []
