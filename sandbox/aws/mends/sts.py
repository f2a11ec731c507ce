"""STS: who may become whom."""

from __future__ import annotations

import json
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from sandbox.aws import contexts, world
from sandbox.aws.call import AwsError
from sandbox.aws.identity import issue_session
from sandbox.aws.mends.registry import mend
from sandbox.aws.policies import Effect, Request, decide

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html (seconds)
_SESSION_DURATION, _DEFAULT_SESSION_DURATION = range(900, 129_601), 43_200
_ANY_CODE = "any code of six digits of a device that is the user's counts as the right one"


@mend(
    "sts",
    "AssumeRole",
    "moto lets anybody assume any role, existing or not, in any account; AWS asks the role's trust "
    "policy",
    limit=f"the caller's own policies are not evaluated; {_ANY_CODE}",
)
def assume_role(call: Call) -> None:
    """Refuse roles that do not exist or do not trust the caller."""
    arn = call.text("RoleArn")
    role = world.role(arn)
    if role is not None:
        trust = json.loads(role.assume_role_policy_document)
        context = contexts.of_caller(call.signer) | _mfa_context(call)
        if call.text("ExternalId"):
            context["sts:ExternalId"] = call.text("ExternalId")
        request = Request(call.signer.principal, "sts:AssumeRole", arn, context)
        if decide(trust, request) is Effect.ALLOW:
            return
    raise _denied(
        f"User: {call.signer.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    )


@mend(
    "sts",
    "GetCallerIdentity",
    "moto invents the user `moto` for the keys of root users and of users' sessions",
)
def get_caller_identity(call: Call) -> Answer:
    """Say who calls."""
    caller = call.signer
    return {"UserId": caller.user_id, "Account": caller.account_id, "Arn": caller.arn}


@mend(
    "sts",
    "GetSessionToken",
    "moto answers everybody with one constant key, which belongs to nobody; AWS gives a user a "
    "temporary key, which remembers whether multi-factor authentication was given",
    limit=f"{_ANY_CODE}; the key does not expire",
)
def get_session_token(call: Call) -> Answer:
    """Give a user, or the account's root user, a temporary key."""
    caller = call.signer
    if caller.temporary:
        raise _denied("Cannot call GetSessionToken with session credentials")
    duration = call.params.get("DurationSeconds") or _DEFAULT_SESSION_DURATION
    if duration not in _SESSION_DURATION:
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{duration}' at 'durationSeconds' failed to "
            f"satisfy constraint: Member must have value between {_SESSION_DURATION.start} and "
            f"{_SESSION_DURATION.stop - 1}",
        )
    key = issue_session(caller, call.partition, mfa=_gives_mfa(call))
    return {
        "Credentials": {
            "AccessKeyId": key.access_key_id,
            "SecretAccessKey": key.secret_access_key,
            "SessionToken": secrets.token_urlsafe(64),
            "Expiration": datetime.now(UTC) + timedelta(seconds=duration),
        }
    }


def _mfa_context(call: Call) -> dict[str, str]:
    """The condition keys of multi-factor authentication: those of temporary keys, or of this call.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
    """
    given_at = time.time() if _gives_mfa(call) else call.signer.mfa_at
    if given_at is not None:
        age = str(int(time.time() - given_at))
        return {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": age}
    return {"aws:MultiFactorAuthPresent": "false"} if call.signer.temporary else {}


def _gives_mfa(call: Call) -> bool:
    """Whether the call has a code of multi-factor authentication.

    Raises:
        AwsError: the device is not the caller's, or the code cannot be one.
    """
    serial, code = call.text("SerialNumber"), call.text("TokenCode")
    if not (serial or code):
        return False
    user = world.user(call.signer.arn)
    if user is None or serial not in user.mfa_devices:
        raise _denied(
            "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA "
            "serial number is valid and associated with this user."
        )
    if re.fullmatch(r"\d{6}", code) is None:
        raise _denied("MultiFactorAuthentication failed with invalid MFA one time pass code.")
    return True


def _denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, HTTPStatus.FORBIDDEN)
