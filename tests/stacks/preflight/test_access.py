import json
from dataclasses import replace
from typing import Any

import pytest

from stacks.lookups.found import Deployed, DeployedResource, FoundRole
from tests.support.preflight import (
    IN_MANAGEMENT,
    IN_SECURITY,
    MANAGEMENT,
    NOTHING,
    SECURITY,
    management,
    security,
    within,
)


def trusting(principal: object, **condition: object) -> FoundRole:
    """A role that a principal may assume."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    if condition:
        statement["Condition"] = condition
    return FoundRole(trust={"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (("AdminRole",), "breakGlassRoles: account 111122223333 has no role AdminRole"),
        (("Deploy",), "deployerRoleArns: account 111122223333 has no role Deploy"),
    ],
)
def test_exempt_roles_that_are_not_there_are_warned_of(
    missing: tuple[str, ...], message: str
) -> None:
    found = replace(NOTHING, roles=dict.fromkeys(missing))

    [finding] = security(found=found, deployerRoleArns=[IN_SECURITY["deployer"]])

    assert message in finding.text
    assert not finding.fatal


@pytest.mark.parametrize("stack", [security, management])
def test_deploying_as_a_role_that_is_not_listed_is_warned_of(stack: Any) -> None:
    (finding,) = stack(deployerRoleArns=[f"arn:aws:iam::{SECURITY}:role/Pipeline"])

    assert not finding.fatal
    assert "role/Deploy, which deploys now" in finding.text


RESERVED = f"arn:aws:iam::{SECURITY}:role/aws-reserved/sso.amazonaws.com"
ASSIGNED = f"{RESERVED}/eu-west-1/AWSReservedSSO_Deploy_0123456789abcdef"
DEPLOY_SET = f"{RESERVED}/*/AWSReservedSSO_Deploy_*"


@pytest.mark.parametrize(
    "values",
    [
        {"deployerRoleArns": [DEPLOY_SET]},
        {"deployerRoleArns": [f"{RESERVED}/eu-west-1/AWSReservedSSO_Deploy_*"]},
        {"breakGlassRoles": [DEPLOY_SET], "deployerRoleArns": [f"{RESERVED}/*/AWSReservedSSO_A_*"]},
    ],
)
def test_a_deployer_of_identity_center_is_named_by_the_pattern_of_its_permission_set(
    values: dict[str, Any],
) -> None:
    assert security({**IN_SECURITY, "deployer": ASSIGNED}, **values) == []


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, "deployerRoleArns"),
        ({"deployerRoleArns": [ASSIGNED]}, "deployerRoleArns"),
        ({"deployerRoleArns": [DEPLOY_SET], "breakGlassRoles": [ASSIGNED]}, "breakGlassRoles"),
    ],
)
def test_a_role_that_identity_center_will_make_again_under_another_name_is_warned_of(
    values: dict[str, Any], key: str
) -> None:
    (finding,) = security({**IN_SECURITY, "deployer": ASSIGNED}, **values)

    assert not finding.fatal
    assert f"{key}: IAM Identity Center made {ASSIGNED}" in finding.text
    assert f"name {RESERVED}/eu-west-1/AWSReservedSSO_Deploy_*" in finding.text


@pytest.mark.parametrize(
    ("pattern", "deployer"),
    [
        # Identity Center's region is in the path of the role.
        (f"{RESERVED}/AWSReservedSSO_Deploy_*", ASSIGNED),
        (f"{RESERVED}/eu-west-2/AWSReservedSSO_Deploy_*", ASSIGNED),
        # Anyone who may create roles could have made this one.
        (DEPLOY_SET, f"arn:aws:iam::{SECURITY}:role/AWSReservedSSO_Deploy_0123456789abcdef"),
    ],
)
def test_a_pattern_that_does_not_fit_the_deploying_role_is_warned_of(
    pattern: str, deployer: str
) -> None:
    (finding,) = security({**IN_SECURITY, "deployer": deployer}, deployerRoleArns=[pattern])

    assert not finding.fatal
    assert f"does not include {deployer}, which deploys now" in finding.text


def test_a_permission_set_that_the_account_has_no_role_of_is_warned_of() -> None:
    roles = {DEPLOY_SET: None, "AdminRole": FoundRole(trust={})}
    here = {**IN_SECURITY, "deployer": ASSIGNED}

    (finding,) = security(here, replace(NOTHING, roles=roles), deployerRoleArns=[DEPLOY_SET])

    assert not finding.fatal
    assert f"has no role {DEPLOY_SET}: assign the permission set" in finding.text


@pytest.mark.parametrize(
    ("principal", "condition", "named"),
    [
        ({"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}, {}, f"all of account {MANAGEMENT}"),
        ({"AWS": [f"arn:aws:iam::{SECURITY}:role/Ci", MANAGEMENT]}, {}, "all of account"),
        ({"AWS": "*"}, {}, "by anyone"),
        ("*", {}, "by anyone"),
        ({"AWS": f"arn:aws:iam::{SECURITY}:role/Ci"}, {}, None),
        ({"AWS": f"arn:aws:iam::{SECURITY}:user/someone"}, {}, None),
        ({"Federated": f"arn:aws:iam::{SECURITY}:oidc-provider/ci.example"}, {}, None),
        ({"Service": "codebuild.amazonaws.com"}, {}, None),
        (
            {"AWS": f"arn:aws:iam::{SECURITY}:root"},
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{SECURITY}:role/aws-reserved/*"}},
            None,
        ),
    ],
)
@pytest.mark.parametrize("stack", [security, management])
def test_an_exempt_role_that_a_whole_account_may_assume_is_warned_of(
    stack: Any, principal: object, condition: dict[str, object], named: str | None
) -> None:
    findings = stack(found=replace(NOTHING, roles={"Deploy": trusting(principal, **condition)}))

    if named is None:
        assert findings == []
        return
    (finding,) = findings
    assert not finding.fatal
    assert "Deploy (which deploys) by" in finding.text
    assert named in finding.text
    assert "deployerRoleArns" in finding.text


PIPELINE = f"arn:aws:iam::{SECURITY}:role/Pipeline"


@pytest.mark.parametrize(
    ("principal", "values", "warned"),
    [
        ({"AWS": IN_SECURITY["deployer"]}, {}, True),
        ({"AWS": [IN_SECURITY["deployer"], PIPELINE]}, {"deployerRoleArns": [PIPELINE]}, False),
        (
            {"AWS": [IN_SECURITY["deployer"], PIPELINE]},
            {"deployerRoleArns": [PIPELINE, IN_SECURITY["deployer"]]},
            True,
        ),
        ({"AWS": [IN_SECURITY["deployer"], f"arn:aws:iam::{SECURITY}:user/someone"]}, {}, False),
        (
            {
                "AWS": IN_SECURITY["deployer"],
                "Federated": f"arn:aws:iam::{SECURITY}:saml-provider/Company",
            },
            {},
            False,
        ),
        # A role for both may be what it is.
        (
            {"AWS": IN_SECURITY["deployer"]},
            {"breakGlassRoles": ["AdminRole", IN_SECURITY["deployer"]]},
            False,
        ),
    ],
)
def test_a_break_glass_role_that_only_deployers_may_assume_is_warned_of(
    principal: object, values: dict[str, Any], *, warned: bool
) -> None:
    findings = security(found=replace(NOTHING, roles={"AdminRole": trusting(principal)}), **values)

    warnings = [each.text for each in findings if "no one could, in an emergency" in each.text]
    assert bool(warnings) is warned
    assert not any(each.fatal for each in findings)


def test_all_exempt_roles_that_others_may_assume_are_in_one_finding() -> None:
    role = trusting({"AWS": f"arn:aws:iam::{MANAGEMENT}:root"})
    roles = {"AdminRole": role, "OrganizationAccountAccessRole": role, "Deploy": None}

    (finding,) = security(found=replace(NOTHING, roles=roles))

    assert "AdminRole by" in finding.text
    assert "OrganizationAccountAccessRole by" in finding.text


def test_a_deployer_with_the_boundary_is_refused_because_it_exempts_no_one() -> None:
    boundary = f"arn:aws:iam::{MANAGEMENT}:policy/cloudtrail-guard-boundary"
    bound = {"Deploy": FoundRole(trust={}, boundary=boundary)}
    other = {"Deploy": FoundRole(trust={}, boundary=boundary.replace("cloudtrail-guard", "team"))}

    (finding,) = management(found=replace(NOTHING, roles=bound))

    assert finding.fatal
    assert "has the permissions boundary" in finding.text
    assert management(found=replace(NOTHING, roles=other)) == []


OTHER = f"arn:aws:iam::{MANAGEMENT}:role/Other"
MINE = IN_MANAGEMENT["deployer"]


@pytest.mark.parametrize(
    ("exempt", "listed", "refused"),
    [
        ([OTHER], [], True),
        (OTHER, [], True),
        ([OTHER, MINE], [], False),
        # The policies stay as they are, so that nothing is refused.
        ([OTHER], [OTHER], False),
        ([OTHER], [OTHER, MINE], True),
        ([MINE.replace("Deploy", "De*")], [MINE], False),
        (None, [], False),
    ],
)
def test_a_role_that_may_not_change_the_deployed_keys_is_refused_before_it_tries(
    exempt: object, listed: list[str], *, refused: bool
) -> None:
    deny = {
        "Sid": "DenyKeyTampering",
        "Effect": "Deny",
        "Condition": {"StringNotEquals": {"aws:PrincipalArn": exempt}},
    }
    allow = {"Sid": "AllowAccountAdministration", "Effect": "Allow"}
    policy = json.dumps({"Statement": [allow] if exempt is None else [allow, deny]})
    key = DeployedResource(type="aws:kms/key:Key", name="alerts-key", properties={"policy": policy})
    found = replace(NOTHING, deployed=Deployed(resources=(key,)))

    findings = management(found=found, deployerRoleArns=listed)

    fatal = [finding.text for finding in findings if finding.fatal]
    assert bool(fatal) is refused
    assert all(OTHER in text and f"deploy as {MINE}" in text for text in fatal)


@pytest.mark.parametrize(
    ("account", "accounts", "refused"),
    [
        ("999988887777", (MANAGEMENT, SECURITY), True),
        (SECURITY, (MANAGEMENT, SECURITY), False),
        # A member account cannot list the organization's accounts.
        ("999988887777", (), False),
    ],
)
def test_a_reader_outside_the_organization_is_refused(
    account: str, accounts: tuple[str, ...], refused: bool
) -> None:
    reader = f"arn:aws:iam::{account}:role/Siem"
    here = within(accounts=accounts)

    findings = management(here, readers=[reader])

    assert [finding.fatal for finding in findings] == ([True] if refused else [])
    assert all(reader in finding.text for finding in findings)


def test_the_deploying_role_never_gets_the_policies_that_bind_others() -> None:
    (finding,) = management(iamProtection={"roles": ["Deploy"]})

    assert finding.fatal
    assert "includes Deploy, which deploys this stack" in finding.text


def test_identities_that_do_not_exist_are_refused() -> None:
    missing = (("groups", "Developers"), ("mfaRoles", "Ops"))

    first, second = management(found=replace(NOTHING, missing_identities=missing))

    assert "iamProtection.groups: this account has no group Developers" in first.text
    assert "iamProtection.mfaRoles: this account has no role Ops" in second.text
    assert first.fatal
    assert second.fatal
