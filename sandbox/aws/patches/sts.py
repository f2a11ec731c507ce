"""STS: who calls, and temporary keys."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from sandbox.aws import identity_tokens, lookups, request_context
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement.services.identity import gives_mfa
from sandbox.aws.identity import issue_session
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_evaluation import Grant, Principal, Request, evaluate_text

if TYPE_CHECKING:
    from moto.iam.models import Role

    from sandbox.aws.call import Answer, Call
    from sandbox.aws.identity_tokens import IdentityToken

# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html (seconds)
_DEFAULT_SESSION_DURATION = 43_200


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
    "moto takes any text for a token, and asks no role whom it trusts",
    limit="a token's signature is not checked",
)
def assume_with_web_identity(call: Call) -> None:
    """Refuse a token that the role's account does not accept, or its trust policy not let in."""
    token = identity_tokens.read(call.text("WebIdentityToken"))
    arn = call.text("RoleArn")
    named = lookups.ROLE_ARN.match(arn)
    if named is None:
        raise _denied(f"Not authorized to perform sts:{call.action}")
    provider = f"arn:{call.partition}:iam::{named['account']}:oidc-provider/{token.provider}"
    token.check(lookups.identity_provider(provider))
    role = lookups.role(arn)
    if role is None or not _admits(role, provider, token, call):
        raise _denied(f"Not authorized to perform sts:{call.action}")


def _admits(role: Role, provider: str, token: IdentityToken, call: Call) -> bool:
    """Whether a role's trust policy lets in who has a token of a provider."""
    context = request_context.of_caller(None) | {
        "sts:RoleSessionName": call.text("RoleSessionName"),
        "aws:RequestedRegion": call.region,
        **token.context,
    }
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


def _denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, HTTPStatus.FORBIDDEN)
