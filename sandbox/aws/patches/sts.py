"""STS: who calls, and temporary keys."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups, request_context
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement.services.identity import gives_mfa
from sandbox.aws.identity import issue_session
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_evaluation import Grant, Principal, Request, evaluate_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.iam.models import Role

    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html (seconds)
_DEFAULT_SESSION_DURATION = 43_200
_CLAIMS = {"aud", "sub", "amr"}


@patch(
    "sts",
    "GetCallerIdentity",
    "moto invents the user `moto` for the keys of root users and of users' sessions",
)
def get_caller_identity(call: Call) -> Answer:
    """Report who calls."""
    caller = call.signer
    return {"UserId": caller.user_id, "Account": caller.account_id, "Arn": caller.arn}


@patch(
    "sts",
    "GetSessionToken",
    "moto answers every caller with one constant key, which belongs to no principal; AWS gives a "
    "user a temporary key, which remembers whether multi-factor authentication was given",
    limit="any code of six digits of a device that is the user's counts as the right one; the key "
    "does not expire",
)
def get_session_token(call: Call) -> Answer:
    """Give a user, or the account's root user, a temporary key."""
    caller = call.signer
    if caller.temporary:
        raise _denied("Cannot call GetSessionToken with session credentials")
    duration = call.params.get("DurationSeconds") or _DEFAULT_SESSION_DURATION
    key = issue_session(caller, call.partition, mfa=gives_mfa(call))
    return {
        "Credentials": {
            "AccessKeyId": key.access_key_id,
            "SecretAccessKey": key.secret_access_key,
            "SessionToken": secrets.token_urlsafe(64),
            "Expiration": datetime.now(UTC) + timedelta(seconds=duration),
        }
    }


@patch(
    "sts",
    "AssumeRoleWithWebIdentity",
    "moto asks no role whom it trusts",
    limit="a token's signature and its time are not checked, nor whether the provider exists",
)
def assume_with_web_identity(call: Call) -> None:
    """Refuse a token that the role's trust policy does not let in.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    claims = _claims(call.text("WebIdentityToken"))
    issuer = str(claims.get("iss", "")).removeprefix("https://")
    role = lookups.role(call.text("RoleArn"))
    if role is None or not _admits(role, issuer, claims, call):
        raise _denied(f"Not authorized to perform sts:{call.action}")


def _admits(role: Role, issuer: str, claims: Mapping[str, Any], call: Call) -> bool:
    """Whether a role's trust policy lets in who has a token with these claims."""
    context = request_context.of_caller(None) | {
        "sts:RoleSessionName": call.text("RoleSessionName"),
        "aws:RequestedRegion": call.region,
        **{f"{issuer}:{claim}": claims[claim] for claim in _CLAIMS & claims.keys()},
    }
    provider = f"arn:{call.partition}:iam::{role.account_id}:oidc-provider/{issuer}"
    request = Request(Principal(provider=provider), f"sts:{call.action}", role.arn, context)
    said = evaluate_text(role.assume_role_policy_document, request)
    return not said.denied and said.granted is not Grant.NONE


@patch(
    "sts",
    "AssumeRoleWithSAML",
    "moto asks no role whom it trusts, and takes the role out of the assertion",
    limit="it is not emulated",
)
def assume_with_saml(_: Call) -> None:
    """Refuse: no one here signs or reads an assertion.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("a role that is assumed by a SAML assertion")


def _claims(token: str) -> Mapping[str, Any]:
    """The claims of a JSON Web Token: the second of its three parts.

    Raises:
        AwsError: it is none.
    """
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        claims = None
    if not isinstance(claims, dict):
        raise AwsError(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an "
            "Access Token)",
        )
    return claims


def _denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, HTTPStatus.FORBIDDEN)
