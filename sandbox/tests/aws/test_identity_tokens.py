"""Roles that are assumed by a token of an identity provider, in calls that no one signed."""

from collections.abc import Generator
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from sandbox.organization import Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, document, identity_token, refused

ISSUER = "ci.example.com/pipelines"
AUDIENCE = "https://aws.example.com"
SUBJECT = "project:logs:ref:main"
CLAIMS = {"iss": f"https://{ISSUER}", "aud": AUDIENCE, "sub": SUBJECT}
NOT_AUTHORIZED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


@pytest.fixture
def sts(sandbox: Sandbox) -> Any:
    unsigned = Config(signature_version=UNSIGNED)
    return boto3.client(
        "sts", region_name="us-east-1", endpoint_url=sandbox.endpoint, config=unsigned
    )


@pytest.fixture
def role(clients: Clients, organization: Organization, name: str) -> Generator[str]:
    """ARN of a role that trusts one subject of an OIDC provider."""
    account = organization.management_account_id
    by_token = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{ISSUER}:aud": AUDIENCE},
            "StringLike": {f"{ISSUER}:sub": "project:logs:*"},
        },
    }
    clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document(by_token))
    yield role_arn(account, name)
    clients("iam").delete_role(RoleName=name)


@pytest.mark.parametrize("audience", [AUDIENCE, ["https://other.example.com", AUDIENCE]])
def test_a_token_that_the_trust_policy_lets_in_is_a_session(
    sts: Any, role: str, audience: object
) -> None:
    answer = sts.assume_role_with_web_identity(
        RoleArn=role,
        RoleSessionName="ci",
        WebIdentityToken=identity_token(**{**CLAIMS, "aud": audience}),
    )

    name = role.rpartition("/")[2]
    assert answer["AssumedRoleUser"]["Arn"].endswith(f":assumed-role/{name}/ci")


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "https://other.example.com"},
        {"sub": "project:other:ref:main"},
        {"sub": None},
        {"iss": "https://ci.example.org/pipelines"},
        {"iss": None},
    ],
    ids=str,
)
def test_a_token_of_another_audience_subject_or_issuer_is_refused(
    sts: Any, role: str, change: dict[str, str | None]
) -> None:
    claims = {key: value for key, value in (CLAIMS | change).items() if value is not None}

    with refused("AccessDenied", NOT_AUTHORIZED):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=identity_token(**claims)
        )


@pytest.mark.parametrize("token", ["opaque", "two.parts", "not.base64json.here", "e30.W10.list"])
def test_what_is_no_json_web_token_is_refused(sts: Any, role: str, token: str) -> None:
    with refused("InvalidIdentityToken", "not a valid JWT"):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=token
        )


def test_an_assertion_is_believed_of_no_one(sts: Any, role: str) -> None:
    provider = f"arn:aws:iam::{role.split(':')[4]}:saml-provider/idp"

    with refused("NotImplemented", "SAML"):
        sts.assume_role_with_saml(RoleArn=role, PrincipalArn=provider, SAMLAssertion="PHNhbWw+")


@pytest.mark.parametrize("account", ["own", "none"])
def test_a_role_that_trusts_no_provider_or_does_not_exist_is_not_assumed_by_a_token(
    sts: Any, organization: Organization, account: str
) -> None:
    role = organization.roles["workload"] if account == "own" else role_arn("999999999999", "No")

    with refused("AccessDenied", NOT_AUTHORIZED):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=identity_token(**CLAIMS)
        )
