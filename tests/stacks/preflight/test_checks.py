import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from stacks.context import DeploymentContext, Organization
from stacks.lookups.found import (
    Deployed,
    DeployedResource,
    FoundBucket,
    FoundKey,
    FoundRole,
    FoundTrail,
    Lookups,
)
from stacks.outputs import ManagementOutputs, SecurityOutputs
from stacks.preflight.findings import Finding
from stacks.preflight.run import (
    check_archive,
    check_management,
    check_security,
    check_standalone,
    check_workload,
)
from stacks.settings.roles import (
    ArchiveSettings,
    ManagementSettings,
    SecuritySettings,
    StandaloneSettings,
    WorkloadSettings,
)

SECURITY = "111122223333"
MANAGEMENT = "123456789012"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/SecurityAuditTrail"
UNIT = "ou-a1b2-c3d4e5f6"
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
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
HEARD = {"alerts": {"emails": ["soc@example.com"]}}
"""Alerts that reach someone."""


def bucket_in(region: str) -> FoundBucket:
    return FoundBucket(region=region, replication_rules=(), notifications=())


POLICIES = {SCP: ["protect-cloudtrail-1"], RCP: ["protect-cloudtrail-resources-1"]}


def security_context(
    here: dict[str, Any] = IN_SECURITY, **values: Any
) -> DeploymentContext[SecuritySettings]:
    settings = SecuritySettings.model_validate({"role": "security", **HEARD, **values})
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
    readers: Sequence[str] = (),
    **values: Any,
) -> list[Finding]:
    settings = ManagementSettings.model_validate({"role": "management", **HEARD, **values})
    context = DeploymentContext(settings=settings, **here)
    admitted = outputs(accountId=security_account, readerArns=list(readers))
    return check_management(context, replace(found, units=(UNIT,)), admitted, POLICIES)


def workload(
    admitted: SecurityOutputs | None,
    here: dict[str, Any] = IN_SECURITY,
    guardrails: ManagementOutputs | None = None,
    **values: Any,
) -> list[Finding]:
    settings = WorkloadSettings.model_validate({"role": "workload", **values})
    context = DeploymentContext(settings=settings, **here)
    return check_workload(context, NOTHING, WORKLOAD_TRAIL, admitted, guardrails)


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
        (None, "cannot be read: let the deploying role call iam:GetRole"),
    ],
)
def test_exempt_roles_that_are_not_there_are_warned_of(
    missing: tuple[str, ...] | None, message: str
) -> None:
    roles = None if missing is None else dict.fromkeys(missing)
    found = replace(NOTHING, roles=roles)

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


LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
EXISTING_KEY = f"arn:aws:kms:eu-west-1:{SECURITY}:key/{'0' * 36}"
SOUND_KEY = FoundKey(
    state="Enabled", spec="SYMMETRIC_DEFAULT", usage="ENCRYPT_DECRYPT", manager="CUSTOMER"
)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (Lookups(trails=(), existing_bucket=bucket_in("eu-west-1")), None),
        (
            Lookups(trails=(), existing_bucket=bucket_in("us-east-1")),
            "the bucket org-logs is in us-east-1, and this stack is in eu-west-1",
        ),
        (Lookups(trails=(), absent=frozenset({"existingBucket"})), "there is no bucket org-logs"),
        (
            Lookups(
                trails=(), existing_bucket=replace(bucket_in("eu-west-1"), grantees=(LOG_DELIVERY,))
            ),
            f"grants access to {LOG_DELIVERY}: S3 does not switch ACLs off then",
        ),
    ],
)
def test_an_existing_bucket_must_be_there_in_the_stacks_region_with_an_acl_for_its_owner_alone(
    found: Lookups, message: str | None
) -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
    """
    findings = security(found=found, bucketName="org-logs", existingBucket=True)

    assert len(findings) == (1 if message else 0)
    assert all(finding.fatal and message in finding.text for finding in findings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, None),
        ({"state": "Disabled"}, "is in state Disabled"),
        ({"state": "PendingDeletion"}, "is in state PendingDeletion"),
        ({"spec": "RSA_2048"}, "has spec RSA_2048 and usage ENCRYPT_DECRYPT"),
        ({"usage": "SIGN_VERIFY"}, "and usage SIGN_VERIFY"),
        ({"manager": "AWS"}, "is managed by AWS"),
    ],
)
def test_an_existing_key_must_be_able_to_encrypt_logs(
    change: dict[str, str], message: str | None
) -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html"""
    found = replace(NOTHING, existing_key=replace(SOUND_KEY, **change))

    findings = security(found=found, existingKeyArn=EXISTING_KEY)

    assert len(findings) == (1 if message else 0)
    assert all(finding.fatal and message in finding.text for finding in findings)


def test_an_existing_key_that_is_not_there_is_refused() -> None:
    found = replace(NOTHING, absent=frozenset({"existingKeyArn"}))

    (finding,) = security(found=found, existingKeyArn=EXISTING_KEY)

    assert finding.fatal
    assert f"existingKeyArn = {EXISTING_KEY}: there is no such key" in finding.text


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


def test_identities_that_do_not_exist_are_refused() -> None:
    missing = (("groups", "Developers"), ("mfaRoles", "Ops"))

    first, second = management(found=replace(NOTHING, missing_identities=missing))

    assert "iamProtection.groups: this account has no group Developers" in first.text
    assert "iamProtection.mfaRoles: this account has no role Ops" in second.text
    assert first.fatal
    assert second.fatal


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


def test_the_organizations_trails_count_in_a_member_account() -> None:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html"""
    theirs = FoundTrail(arn=TRAIL, organization=True)
    own = [
        FoundTrail(arn=WORKLOAD_TRAIL.replace("DataAccess", f"T{i}"), organization=False)
        for i in range(4)
    ]
    found = Lookups(trails=(theirs, *own))
    here: dict[str, Any] = {**IN_SECURITY, "account": "444455556666"}
    context = DeploymentContext(settings=WorkloadSettings(role="workload"), **here)

    findings = check_workload(
        context, found, WORKLOAD_TRAIL, outputs(memberTrailNames=["DataAccess"]), None
    )

    assert ["has 5 trails already" in finding.text for finding in findings] == [True]


@pytest.mark.parametrize(
    ("alerts", "warned"),
    [
        ({}, True),
        ({"digestHours": 4}, True),
        ({"emails": ["soc@example.com"]}, False),
        ({"httpsEndpoints": ["https://soc.example.com/hook"]}, False),
        ({"queueArns": [f"arn:aws:sqs:eu-west-1:{SECURITY}:soc"]}, False),
    ],
)
def test_alerts_that_reach_no_one_are_warned_of(alerts: dict[str, Any], *, warned: bool) -> None:
    for findings in (security(alerts=alerts), management(alerts=alerts)):
        assert ["names no address, endpoint or queue" in f.text for f in findings] == [
            True
        ] * warned
        assert not any(finding.fatal for finding in findings)


def test_a_stack_without_alerts_needs_no_one_to_hear_of_them() -> None:
    assert security(alerts={}, tamperAlerts=False) == []
    assert management(alerts={}, tamperAlerts=False, alarms={"enabled": False}) == []
