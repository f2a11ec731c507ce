"""Temporary keys of users: what they are, and what they remember of MFA."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from sandbox.aws.identity import find_caller
from sandbox.clients import Client
from sandbox.organization import Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, document, refused

MFA = "aws:MultiFactorAuthPresent"


@dataclass(frozen=True)
class User:
    """An IAM user of the management account with a long-term key and an MFA device."""

    sandbox: Sandbox
    arn: str
    key: dict[str, str]
    device: str

    def client(self, service: str = "sts", **session: str) -> Client:
        """A client with the user's long-term key, or with a session's."""
        key = session or {
            "aws_access_key_id": self.key["AccessKeyId"],
            "aws_secret_access_key": self.key["SecretAccessKey"],
        }
        made: Any = boto3.client(
            service, region_name="us-east-1", endpoint_url=self.sandbox.endpoint, **key
        )
        return made

    def session(self, **request: Any) -> dict[str, str]:
        """What boto3 takes of a temporary key."""
        key = self.client().get_session_token(**request)["Credentials"]
        return {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
            "aws_session_token": key["SessionToken"],
        }

    @property
    def mfa(self) -> dict[str, str]:
        """The parameters of a call with MFA."""
        return {"SerialNumber": self.device, "TokenCode": "123456"}


@pytest.fixture
def user(clients: Clients, sandbox: Sandbox, name: str) -> Generator[User]:
    iam = clients("iam")
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    key = iam.create_access_key(UserName=name)["AccessKey"]
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    serial = device["SerialNumber"]
    iam.enable_mfa_device(
        UserName=name,
        SerialNumber=serial,
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    yield User(sandbox, arn, key, serial)
    iam.deactivate_mfa_device(UserName=name, SerialNumber=serial)
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)


def test_a_session_acts_as_its_user(user: User) -> None:
    session = user.session()

    assert session["aws_access_key_id"] not in {user.key["AccessKeyId"], "AKIAIOSFODNN7EXAMPLE"}
    assert user.client(**session).get_caller_identity()["Arn"] == user.arn


@pytest.mark.parametrize("with_mfa", [True, False])
def test_a_session_remembers_whether_mfa_was_given(user: User, with_mfa: bool) -> None:
    session = user.session(**(user.mfa if with_mfa else {}))

    caller = find_caller(session["aws_access_key_id"])

    assert caller is not None
    assert (caller.temporary, caller.mfa_at is not None) == (True, with_mfa)


def test_a_session_cannot_get_another_session(user: User) -> None:
    with refused("AccessDenied", "Cannot call GetSessionToken with session credentials"):
        user.client(**user.session()).get_session_token()


def test_a_role_cannot_get_a_session(clients: Clients) -> None:
    with refused("AccessDenied", "with session credentials"):
        clients("sts").get_session_token()


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"SerialNumber": "arn:aws:iam::123456789012:mfa/other"}, "AccessDenied", "serial number"),
        ({"TokenCode": "letter"}, "ValidationError", "tokenCode"),
    ],
)
def test_a_device_and_code_must_be_the_users(
    user: User, change: dict[str, str], code: str, message: str
) -> None:
    with refused(code, message):
        user.client().get_session_token(**(user.mfa | change))


def test_a_session_lasts_36_hours_at_most(user: User) -> None:
    with refused("ValidationError", "less than or equal to 129600"):
        user.client().get_session_token(DurationSeconds=129_601)


def test_a_trust_policy_may_ask_for_mfa(
    user: User, clients: Clients, organization: Organization, name: str
) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": user.arn}, "Action": "sts:AssumeRole"}
    clients("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=document({**statement, "Condition": {"Bool": {MFA: "true"}}}),
    )
    role = {
        "RoleArn": role_arn(organization.management_account_id, name),
        "RoleSessionName": "test",
    }
    with_mfa = user.client(**user.session(**user.mfa))

    for client in (user.client(), user.client(**user.session())):
        with refused("AccessDenied", "sts:AssumeRole"):
            client.assume_role(**role)

    assert with_mfa.assume_role(**role)["Credentials"]
    assert user.client().assume_role(**role, **user.mfa)["Credentials"]
    clients("iam").delete_role(RoleName=name)


def test_a_trust_policy_may_ask_how_long_ago_mfa_was_given(
    user: User, clients: Clients, organization: Organization, name: str
) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": user.arn}, "Action": "sts:AssumeRole"}
    recent = {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
    clients("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=document({**statement, "Condition": recent})
    )
    arn = role_arn(organization.management_account_id, name)

    with refused("AccessDenied"):
        user.client().assume_role(RoleArn=arn, RoleSessionName="test")

    session = user.client(**user.session(**user.mfa))
    assert session.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    clients("iam").delete_role(RoleName=name)
