"""STS: who calls, and temporary keys."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import BY_TOKEN, AwsError
from sandbox.aws.enforcement.services.identity import gives_mfa
from sandbox.aws.identity import issue_session
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_conditions import values
from sandbox.aws.policy_evaluation import principals, statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Answer, Call

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
    tuple(sorted(BY_TOKEN)),
    "moto asks no role whom it trusts",
    limit="a token is believed and not read: the trust policy's conditions on it are not evaluated",
)
def assume_by_token(call: Call) -> None:
    """Refuse to assume a role that trusts no identity provider for this operation."""
    role = lookups.role(call.text("RoleArn"))
    trusted = statements(json.loads(role.assume_role_policy_document)) if role else ()
    if not any(_trusts_a_provider(each, f"sts:{call.action}") for each in trusted):
        raise _denied(f"Not authorized to perform sts:{call.action}")


def _trusts_a_provider(statement: Mapping[str, Any], operation: str) -> bool:
    actions = values(statement.get("Action"))
    return (
        statement["Effect"] == "Allow"
        and any(kind == "Federated" for kind, _ in principals(statement))
        and any(fnmatchcase(operation.lower(), action.lower()) for action in actions)
    )


def _denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, HTTPStatus.FORBIDDEN)
