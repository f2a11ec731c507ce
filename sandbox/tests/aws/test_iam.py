"""IAM as AWS has it: what policies may say, how much fits, and what can go when."""

import json
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.tests.support import Clients, document, refused

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = document(
    {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
)


def long_policy(characters: int) -> str:
    """A policy of that many characters."""
    resource = "arn:aws:s3:::"
    empty = len("".join(document({**READ, "Resource": resource}).split()))
    return document({**READ, "Resource": resource + "x" * (characters - empty)})


@pytest.fixture
def iam(clients: Clients) -> Client:
    return clients("iam", "workload")


@pytest.fixture
def role(iam: Client, name: str) -> str:
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Description="reads")
    return name


@pytest.fixture
def user(iam: Client, name: str) -> str:
    iam.create_user(UserName=name)
    return name


@pytest.fixture
def group(iam: Client, name: str) -> str:
    iam.create_group(GroupName=name)
    return name


@pytest.fixture
def policy(iam: Client, name: str) -> str:
    return iam.create_policy(PolicyName=name, PolicyDocument=document(READ))["Policy"]["Arn"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (document({**READ, "Principal": "*"}), "Has prohibited field Principal"),
        (document({"Effect": "Allow", "Action": "s3:*"}), "Missing required field Resource"),
        (document({**READ, "Action": "GetObject"}), "must be prefixed by a vendor"),
        (document({**READ, "Sid": "A"}, {**READ, "Sid": "A"}), "must be unique"),
        (document({**READ, "Sid": {}}), "Sid must be a text"),
        (document({**READ, "Condition": {"StringIs": {"a:b": "c"}}}), "Invalid Condition type"),
        ("{", "valid JSON"),
    ],
)
def test_what_is_no_policy_of_an_identity_is_refused(
    iam: Client, role: str, policy: str, text: str, message: str
) -> None:
    calls: tuple[tuple[Any, dict[str, str]], ...] = (
        (iam.create_policy, {"PolicyName": "bad"}),
        (iam.create_policy_version, {"PolicyArn": policy}),
        (iam.put_role_policy, {"RoleName": role, "PolicyName": "bad"}),
    )
    for call, request in calls:
        with refused("MalformedPolicyDocument", message):
            call(**request, PolicyDocument=text)


def test_empty_sids_name_no_statement(iam: Client, role: str) -> None:
    nameless = {**READ, "Sid": ""}

    iam.put_role_policy(
        RoleName=role, PolicyName="nameless", PolicyDocument=document(nameless, nameless)
    )


def test_a_managed_policy_has_6144_characters_without_white_space(iam: Client, name: str) -> None:
    fits = json.dumps(json.loads(long_policy(6144)), indent=4)
    iam.create_policy(PolicyName=name, PolicyDocument=fits)

    with refused("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"):
        iam.create_policy(PolicyName=f"{name}-long", PolicyDocument=long_policy(6145))


@pytest.mark.parametrize(("kind", "quota"), [("role", 10_240), ("user", 2048), ("group", 5120)])
def test_inline_policies_share_a_quota(
    iam: Client, kind: str, quota: int, name: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    put = getattr(iam, f"put_{kind}_policy")
    holder = {f"{kind.title()}Name": name}
    half = quota // 2
    for policy in ("a", "b", "a"):
        put(**holder, PolicyName=policy, PolicyDocument=long_policy(half))

    with refused("LimitExceeded", f"{quota} bytes exceeded for {kind} {name}"):
        put(**holder, PolicyName="c", PolicyDocument=document(READ))


def test_a_trust_policy_has_2048_characters(iam: Client, name: str) -> None:
    accounts = [f"arn:aws:iam::{number:012}:root" for number in range(80)]
    statement = {"Effect": "Allow", "Principal": {"AWS": accounts}, "Action": "sts:AssumeRole"}

    with refused("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(statement))


@pytest.mark.parametrize("kind", ["role", "user", "group"])
def test_ten_policies_are_attached_at_most(
    iam: Client, kind: str, name: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    attach = getattr(iam, f"attach_{kind}_policy")
    holder = {f"{kind.title()}Name": name}
    arns = [
        iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=document(READ))["Policy"]
        for number in range(11)
    ]
    for policy in [*arns[:10], arns[0]]:
        attach(**holder, PolicyArn=policy["Arn"])

    with refused("LimitExceeded", f"PoliciesPer{kind.title()}: 10"):
        attach(**holder, PolicyArn=arns[10]["Arn"])


def test_a_policy_with_several_versions_is_not_deleted(iam: Client, policy: str) -> None:
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document(READ), SetAsDefault=True)

    with refused("DeleteConflict", "more than one version"):
        iam.delete_policy(PolicyArn=policy)

    iam.delete_policy_version(PolicyArn=policy, VersionId="v1")
    iam.delete_policy(PolicyArn=policy)


def test_a_permissions_boundary_is_a_policy_that_exists(
    iam: Client, role: str, policy: str
) -> None:
    with refused("NoSuchEntity", "Scope ARN: arn:aws:iam::aws:policy/Nothing does not exist"):
        iam.put_role_permissions_boundary(
            RoleName=role, PermissionsBoundary="arn:aws:iam::aws:policy/Nothing"
        )

    for arn in ("arn:aws:iam::aws:policy/PowerUserAccess", policy):
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn)
        boundary = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]
        assert boundary["PermissionsBoundaryArn"] == arn
    with refused("DeleteConflict", "attached to entities"):
        iam.delete_policy(PolicyArn=policy)
    iam.delete_role_permissions_boundary(RoleName=role)
    iam.delete_policy(PolicyArn=policy)


def test_an_update_of_a_role_keeps_what_it_does_not_give(iam: Client, role: str) -> None:
    iam.update_role(RoleName=role, MaxSessionDuration=7200)
    iam.update_role(RoleName=role, Description="writes")

    live = iam.get_role(RoleName=role)["Role"]
    assert (live["Description"], live["MaxSessionDuration"]) == ("writes", 7200)


def test_a_user_is_deleted_when_nothing_is_left_of_it(iam: Client, user: str, name: str) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    iam.create_group(GroupName=name)
    iam.add_user_to_group(GroupName=name, UserName=user)
    iam.create_login_profile(UserName=user, Password="correct horse")
    steps: tuple[tuple[str, Any, dict[str, str]], ...] = (
        ("remove user from all groups", iam.remove_user_from_group, {"GroupName": name}),
        ("delete access keys", iam.delete_access_key, {"AccessKeyId": key}),
        ("delete login profile", iam.delete_login_profile, {}),
    )

    for what, patch, request in steps:
        with refused("DeleteConflict", f"must {what} first"):
            iam.delete_user(UserName=user)
        patch(UserName=user, **request)

    iam.delete_user(UserName=user)
    with refused("NoSuchEntity"):
        iam.get_user(UserName=user)


def test_a_user_with_an_mfa_device_is_not_deleted(iam: Client, user: str) -> None:
    iam.enable_mfa_device(
        UserName=user,
        SerialNumber="GAHT12345678",
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )

    with refused("DeleteConflict", "must delete MFA device first"):
        iam.delete_user(UserName=user)


def test_a_group_is_deleted_when_it_is_empty(
    iam: Client, group: str, user: str, policy: str
) -> None:
    iam.add_user_to_group(GroupName=group, UserName=user)
    iam.attach_group_policy(GroupName=group, PolicyArn=policy)
    iam.put_group_policy(GroupName=group, PolicyName="in", PolicyDocument=document(READ))
    steps: tuple[tuple[str, Any, dict[str, str]], ...] = (
        ("remove users from group", iam.remove_user_from_group, {"UserName": user}),
        ("detach all policies", iam.detach_group_policy, {"PolicyArn": policy}),
        ("delete policies", iam.delete_group_policy, {"PolicyName": "in"}),
    )

    for what, patch, request in steps:
        with refused("DeleteConflict", f"must {what} first"):
            iam.delete_group(GroupName=group)
        patch(GroupName=group, **request)

    iam.delete_group(GroupName=group)


def test_only_aws_changes_a_service_linked_role(iam: Client, policy: str) -> None:
    made = iam.create_service_linked_role(AWSServiceName="guardduty.amazonaws.com")["Role"]
    role = {"RoleName": made["RoleName"]}
    assert made["RoleName"] == "AWSServiceRoleForAmazonGuardDuty"
    calls: tuple[tuple[Any, dict[str, str]], ...] = (
        (iam.attach_role_policy, {"PolicyArn": policy}),
        (iam.put_role_policy, {"PolicyName": "in", "PolicyDocument": document(READ)}),
        (iam.update_assume_role_policy, {"PolicyDocument": TRUST}),
        (iam.put_role_permissions_boundary, {"PermissionsBoundary": policy}),
        (iam.delete_role, {}),
    )

    for call, request in calls:
        with refused("UnmodifiableEntity", "only modifiable by AWS"):
            call(**role, **request)

    iam.update_role(**role, Description="changed")
    iam.delete_service_linked_role(**role)
    with refused("NoSuchEntity"):
        iam.get_role(**role)


def test_only_identity_center_changes_the_role_of_a_permission_set(
    iam: Client, policy: str, name: str
) -> None:
    role = {"RoleName": f"AWSReservedSSO_{name}"}
    iam.create_role(
        **role, Path="/aws-reserved/sso.amazonaws.com/eu-west-1/", AssumeRolePolicyDocument=TRUST
    )

    with refused("UnmodifiableEntity", "only modifiable by AWS"):
        iam.attach_role_policy(**role, PolicyArn=policy)
    with refused("UnmodifiableEntity", "only modifiable by AWS"):
        iam.delete_role(**role)


def test_a_service_with_one_role_takes_no_suffix(iam: Client) -> None:
    with refused("InvalidInput", "Custom suffix is not allowed for cloudtrail.amazonaws.com"):
        iam.create_service_linked_role(
            AWSServiceName="cloudtrail.amazonaws.com", CustomSuffix="two"
        )
