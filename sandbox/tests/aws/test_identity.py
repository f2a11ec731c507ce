"""STS and IAM as AWS has them: who may become whom, and what a role is."""

import json
from typing import Any

import boto3
import pytest

from sandbox.clients import Client, client
from sandbox.organization import BREAK_GLASS_ROLE, Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, document, refused


def trust(principal: object, **condition: object) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return document({**statement, **({"Condition": condition} if condition else {})})


def assume(sts: Client, arn: str, **more: str) -> dict[str, Any]:
    return sts.assume_role(RoleArn=arn, RoleSessionName="test", **more)


@pytest.mark.parametrize(
    ("profile", "role"),
    [
        ("management", "OrganizationAdmin"),
        ("security", "OrganizationAccountAccessRole"),
        ("workload", "OrganizationAccountAccessRole"),
    ],
)
def test_each_profile_acts_as_a_role_that_exists(
    clients: Clients, organization: Organization, profile: str, role: str
) -> None:
    identity = clients("sts", profile).get_caller_identity()

    account = identity["Account"]
    assert organization.roles[profile] == role_arn(account, role)
    assert identity["Arn"] == f"arn:aws:sts::{account}:assumed-role/{role}/sandbox"
    assert clients("iam", profile).get_role(RoleName=role)["Role"]["Arn"] == role_arn(account, role)


def test_a_role_that_does_not_exist_cannot_be_assumed(
    clients: Clients, organization: Organization
) -> None:
    sts = clients("sts")
    for account in (organization.security_account_id, "999999999999"):
        with refused("AccessDenied", "not authorized to perform: sts:AssumeRole"):
            assume(sts, role_arn(account, "Absent"))


def test_a_role_is_assumed_by_whom_it_trusts(clients: Clients, organization: Organization) -> None:
    break_glass = role_arn(organization.security_account_id, BREAK_GLASS_ROLE)

    assumed = assume(clients("sts", "security"), break_glass)["AssumedRoleUser"]["Arn"]

    assert assumed.endswith(f":assumed-role/{BREAK_GLASS_ROLE}/test")
    with refused("AccessDenied"):
        assume(clients("sts", "workload"), break_glass)


def test_an_external_id_is_asked_for(
    clients: Clients, organization: Organization, name: str
) -> None:
    account = organization.workload_account_id
    clients("iam", "security").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=trust({"AWS": account}, StringEquals={"sts:ExternalId": "42"}),
    )
    arn = role_arn(organization.security_account_id, name)

    with refused("AccessDenied"):
        assume(clients("sts", "workload"), arn)

    assert assume(clients("sts", "workload"), arn, ExternalId="42")["Credentials"]


def test_an_access_key_that_was_never_issued_is_refused(sandbox: Sandbox) -> None:
    def stranger(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=sandbox.endpoint,
            region_name="us-east-1",
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="secret",
        )

    with refused("InvalidClientTokenId", "profiles management, security or workload"):
        stranger("sts").get_caller_identity()
    with refused("InvalidAccessKeyId"):
        stranger("s3").list_buckets()


def test_the_operator_is_a_user(sandbox: Sandbox, organization: Organization) -> None:
    sts = client("sts", sandbox.endpoint, "us-east-1", organization.operator)

    arn = sts.get_caller_identity()["Arn"]

    assert arn == f"arn:aws:iam::{organization.management_account_id}:user/operator"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{not json", "valid JSON"),
        (document({"Effect": "Allow", "Action": "sts:AssumeRole"}), "Principal"),
        (document({"Effect": "Allow", "Principal": {"Service": "a.amazonaws.com"}}), "Action"),
        (trust({"AWS": "arn:aws:iam::123456789012:role/Absent"}), "Invalid principal in policy"),
        (trust({"Service": "cloudtrail"}), "Invalid principal in policy"),
        (
            json.dumps({"Version": "2012-10-17", "Statement": [{"Resource": "*"}]}),
            "Invalid effect",
        ),
    ],
)
def test_what_is_no_trust_policy_is_refused(
    clients: Clients, name: str, text: str, message: str
) -> None:
    iam = clients("iam")
    with refused("MalformedPolicyDocument", message):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=text)
    with refused("MalformedPolicyDocument", message):
        iam.update_assume_role_policy(RoleName="OrganizationAdmin", PolicyDocument=text)


def test_a_trust_policy_has_no_resource(clients: Clients, name: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Resource": "*",
    }
    with refused("MalformedPolicyDocument", "Has prohibited field Resource"):
        clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document(statement))


@pytest.fixture
def role(clients: Clients, name: str) -> str:
    """A role of the management account that CloudTrail may assume."""
    clients("iam").create_role(
        RoleName=name,
        Description="delivers logs",
        AssumeRolePolicyDocument=trust({"Service": "cloudtrail.amazonaws.com"}),
    )
    return name


def test_a_roles_description_outlives_a_change_of_its_session(clients: Clients, role: str) -> None:
    iam = clients("iam")

    iam.update_role(RoleName=role, MaxSessionDuration=7200)
    kept = iam.get_role(RoleName=role)["Role"]
    iam.update_role(RoleName=role, Description="other")

    assert (kept["Description"], kept["MaxSessionDuration"]) == ("delivers logs", 7200)
    assert iam.get_role(RoleName=role)["Role"]["Description"] == "other"


def test_policies_of_aws_are_there_when_they_are_named(clients: Clients, role: str) -> None:
    iam = clients("iam")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"

    iam.attach_role_policy(RoleName=role, PolicyArn=arn)

    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    assert [found["PolicyArn"] for found in attached] == [arn]
    assert version["PolicyVersion"]["Document"]["Statement"]
    with refused("NoSuchEntity"):
        iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/Nothing")


def test_a_policy_is_attached_once_and_not_deleted_while_it_is(
    clients: Clients, role: str, name: str
) -> None:
    iam = clients("iam")
    content = document({"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"})
    policy = iam.create_policy(PolicyName=name, PolicyDocument=content)["Policy"]
    arn = policy["Arn"]

    for _ in range(2):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)

    again = iam.get_policy(PolicyArn=arn)["Policy"]
    assert policy["PolicyId"].startswith("ANPA")
    assert (again["PolicyId"], again["AttachmentCount"]) == (policy["PolicyId"], 1)
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity"):
        iam.get_policy(PolicyArn=arn)


def test_a_policy_is_attached_once_to_users_and_groups(clients: Clients, name: str) -> None:
    iam = clients("iam")
    arn = "arn:aws:iam::aws:policy/SecurityAudit"
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)

    for _ in range(2):
        iam.attach_user_policy(UserName=name, PolicyArn=arn)
        iam.attach_group_policy(GroupName=name, PolicyArn=arn)

    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 2


def test_service_linked_roles_have_their_fixed_names(clients: Clients) -> None:
    iam = clients("iam", "workload")

    made = iam.create_service_linked_role(AWSServiceName="config.amazonaws.com")["Role"]

    assert made["RoleName"] == "AWSServiceRoleForConfig"
    assert made["Arn"].endswith("/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig")
    assert iam.get_role(RoleName=made["RoleName"])["Role"]["Arn"] == made["Arn"]
    with refused("InvalidInput", "has been taken"):
        iam.create_service_linked_role(AWSServiceName="config.amazonaws.com")


def test_other_service_linked_roles_keep_the_names_of_moto(clients: Clients) -> None:
    iam = clients("iam", "workload")

    made = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]

    assert made["RoleName"] == "AWSServiceRoleForAutoScaling"
