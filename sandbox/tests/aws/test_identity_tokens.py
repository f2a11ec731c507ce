"""Roles that are assumed by a token of an identity provider, in calls that no one signed."""

import base64
import time
from collections.abc import Generator
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from sandbox.organization import Organization, role_arn
from sandbox.session import Sandbox
from sandbox.tests.support import Clients, allow, document, identity_token, refused

ISSUER = "ci.example.com/pipelines"
AUDIENCE = "https://aws.example.com"
OTHER_AUDIENCE = "https://other.example.com"
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
def provider(clients: Clients) -> Generator[str]:
    """ARN of the OIDC provider in the management account, with both audiences."""
    iam = clients("iam")
    arn = iam.create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=[AUDIENCE, OTHER_AUDIENCE]
    )["OpenIDConnectProviderArn"]
    yield arn
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


@pytest.fixture
def role(clients: Clients, organization: Organization, provider: str, name: str) -> Generator[str]:
    """ARN of a role that trusts one subject of an OIDC provider."""
    account = organization.management_account_id
    by_token = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{ISSUER}:aud": AUDIENCE},
            "StringLike": {f"{ISSUER}:sub": "project:logs:*"},
        },
    }
    clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document(by_token))
    yield role_arn(account, name)
    clients("iam").delete_role(RoleName=name)


@pytest.mark.parametrize("audience", [AUDIENCE, [OTHER_AUDIENCE, AUDIENCE]])
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
        {"aud": OTHER_AUDIENCE},
        {"sub": "project:other:ref:main"},
    ],
    ids=str,
)
def test_a_token_of_another_audience_or_subject_than_the_trust_policys_is_refused(
    sts: Any, role: str, change: dict[str, str]
) -> None:
    with refused("AccessDenied", NOT_AUTHORIZED):
        sts.assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**{**CLAIMS, **change}),
        )


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp"])
def test_a_token_without_one_of_the_claims_that_openid_connect_requires_is_refused(
    sts: Any, role: str, claim: str
) -> None:
    with refused("InvalidIdentityToken", f"Missing a required claim: {claim}"):
        sts.assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**{**CLAIMS, claim: None}),
        )


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        *(("aud", value) for value in (1, True, {"a": 1}, ["a", 1], [["a"]], [None])),
        *(("sub", value) for value in (1, False, {}, ["a"])),
        *(("iss", value) for value in (1, ["https://ci.example.com"], "https://a\ud800", "a\0")),
        *(("amr", value) for value in (None, 1, {}, [1])),
        *(("exp", value) for value in ("tomorrow", 1.5, True, [1], float("inf"))),
    ],
)
def test_a_claim_of_another_type_makes_no_token(
    sts: Any, role: str, claim: str, value: object
) -> None:
    with refused("InvalidIdentityToken", "not a valid JWT"):
        sts.assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**{**CLAIMS, claim: value}),
        )


@pytest.mark.parametrize("audience", ["https://unknown.example.com", [], ["a", "b"]])
def test_a_token_for_none_of_the_clients_of_the_provider_is_refused(
    sts: Any, role: str, audience: object
) -> None:
    with refused("InvalidIdentityToken", "Incorrect token audience"):
        sts.assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**{**CLAIMS, "aud": audience}),
        )


@pytest.mark.parametrize("ago", [0, 1, 10**10])
def test_a_token_that_has_expired_is_refused(sts: Any, role: str, ago: int) -> None:
    expired = int(time.time()) - ago

    with refused("ExpiredTokenException", f"must be before the expiration date/time {expired}"):
        sts.assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**{**CLAIMS, "exp": expired}),
        )


@pytest.mark.parametrize(
    "issuer", ["https://ci.example.org/pipelines", "https://ci.example.com", "arn:aws:iam::"]
)
def test_a_token_of_a_provider_that_the_account_does_not_have_is_refused(
    sts: Any, role: str, issuer: str
) -> None:
    with refused(
        "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {issuer}"
    ):
        sts.assume_role_with_web_identity(
            RoleArn=role,
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**{**CLAIMS, "iss": issuer}),
        )


def test_a_role_that_trusts_a_provider_which_was_deleted_is_not_assumed(
    sts: Any, clients: Clients, role: str, provider: str
) -> None:
    clients("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)

    with refused(
        "InvalidIdentityToken",
        f"No OpenIDConnect provider found in your account for https://{ISSUER}",
    ):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=identity_token(**CLAIMS)
        )


@pytest.mark.parametrize(
    "token",
    [
        *("opaque", "two.parts", "not.base64json.here", "e30.W10.list"),
        f"e30.{base64.urlsafe_b64encode(b'[' * 14_000).decode()}.nested",
    ],
    ids=lambda token: token[-8:],
)
def test_what_is_no_json_web_token_is_refused(sts: Any, role: str, token: str) -> None:
    with refused("InvalidIdentityToken", "not a valid JWT"):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=token
        )


def test_an_assertion_is_believed_of_no_one(sts: Any, role: str) -> None:
    provider = f"arn:aws:iam::{role.split(':')[4]}:saml-provider/idp"

    with refused("NotImplemented", "SAML"):
        sts.assume_role_with_saml(RoleArn=role, PrincipalArn=provider, SAMLAssertion="PHNhbWw+")


def test_a_role_of_another_account_than_the_providers_is_not_assumed(
    sts: Any, organization: Organization, provider: str
) -> None:
    assert provider.split(":")[4] not in organization.roles["workload"]

    with refused("InvalidIdentityToken", "No OpenIDConnect provider found in your account"):
        sts.assume_role_with_web_identity(
            RoleArn=organization.roles["workload"],
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**CLAIMS),
        )


def test_a_role_that_trusts_no_provider_is_not_assumed_by_a_token(
    sts: Any, clients: Clients, role: str
) -> None:
    of_the_account = allow({"AWS": role.split(":")[4]}, "sts:AssumeRole")
    del of_the_account["Resource"]
    clients("iam").update_assume_role_policy(
        RoleName=role.rpartition("/")[2], PolicyDocument=document(of_the_account)
    )

    with refused("AccessDenied", NOT_AUTHORIZED):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="ci", WebIdentityToken=identity_token(**CLAIMS)
        )


@pytest.mark.parametrize("resource", ["role/No", "user/ci"])
def test_what_is_no_role_is_not_assumed_by_a_token(sts: Any, provider: str, resource: str) -> None:
    account = provider.split(":")[4]

    with refused("AccessDenied", NOT_AUTHORIZED):
        sts.assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{account}:{resource}",
            RoleSessionName="ci",
            WebIdentityToken=identity_token(**CLAIMS),
        )
