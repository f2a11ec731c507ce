"""STS: who may become whom."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from sandbox.aws import world
from sandbox.aws.call import AwsError
from sandbox.aws.mends.registry import mend
from sandbox.aws.policies import Effect, Request, decide

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call


@mend(
    "sts",
    "AssumeRole",
    "moto lets anybody assume any role, existing or not, in any account; AWS asks the role's trust "
    "policy",
    limit="the caller's own policies are not evaluated",
)
def assume_role(call: Call) -> None:
    """Refuse roles that do not exist or do not trust the caller."""
    arn = call.text("RoleArn")
    role = world.role(arn)
    if role is not None:
        trust = json.loads(role.assume_role_policy_document)
        context = {"aws:PrincipalArn": call.signer.principal_arn}
        if call.text("ExternalId"):
            context["sts:ExternalId"] = call.text("ExternalId")
        request = Request(call.signer.principal, "sts:AssumeRole", arn, context)
        if decide(trust, request) is Effect.ALLOW:
            return
    raise AwsError(
        "AccessDenied",
        f"User: {call.signer.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
        HTTPStatus.FORBIDDEN,
    )


@mend(
    "sts",
    "GetCallerIdentity",
    "moto invents the user `moto` for the access key of an account's root user",
)
def get_caller_identity(call: Call) -> Answer | None:
    """Answer for the root user."""
    if not call.signer.is_root:
        return None
    account = call.signer.account_id
    return {"UserId": account, "Account": account, "Arn": call.signer.arn}
