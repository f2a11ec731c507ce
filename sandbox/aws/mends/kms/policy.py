"""Key policies: what one may say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws import contexts, world
from sandbox.aws.call import AwsError
from sandbox.aws.grammar import RESOURCE_POLICY, GrammarError, parse
from sandbox.aws.mends.kms.lookup import existing
from sandbox.aws.mends.registry import mend
from sandbox.aws.policies import Effect, Request, decide, principals, statements

if TYPE_CHECKING:
    from sandbox.aws.call import Call

# https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html (bytes)
_MAX_POLICY_SIZE = 32_768


@mend(
    "kms",
    ("CreateKey", "PutKeyPolicy", "ReplicateKey"),
    "moto takes any text as key policy; AWS refuses what is no key policy, principals that do not "
    "exist, and a policy that would lock its writer out",
    limit="the lock-out check sees account and principals, not the writer's own policies",
)
def check_key_policy(call: Call) -> None:
    """Check a key policy before it is stored."""
    text = call.text("Policy")
    if call.action == "PutKeyPolicy":
        existing(call)
    elif not text:
        return
    try:
        document = parse(text, RESOURCE_POLICY)
    except GrammarError as error:
        raise _malformed(str(error)) from None
    if len(text.encode()) > _MAX_POLICY_SIZE:
        message = f"The key policy has {len(text.encode())} bytes; {_MAX_POLICY_SIZE} are allowed"
        raise AwsError("LimitExceededException", message)
    for statement in statements(document):
        for kind, value in principals(statement):
            if world.unknown_principal(kind, value):
                raise _malformed(
                    f'Policy contains a statement with an invalid principal: "{value}"'
                )
    if not call.flag("BypassPolicyLockoutSafetyCheck"):
        _check_lockout(call, document)


def _check_lockout(call: Call, document: dict[str, Any]) -> None:
    """Check that the caller can still put another policy.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying.html
    """
    caller = call.signer
    context = contexts.of_caller(caller)
    request = Request(caller.principal, "kms:PutKeyPolicy", "*", context)
    if decide(document, request) is not Effect.ALLOW:
        raise _malformed(
            "The new key policy will not allow you to update the key policy in the future."
        )


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedPolicyDocumentException", message)
