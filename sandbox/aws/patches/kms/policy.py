"""Key policies: what one may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement import Permission, ResourcePolicy, refusal
from sandbox.aws.patches.kms.lookup import existing, find
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_evaluation import principals, statements
from sandbox.aws.policy_grammar import RESOURCE_POLICY, GrammarError, parse

if TYPE_CHECKING:
    from sandbox.aws.call import Call

# https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html (bytes)
_MAX_POLICY_SIZE = 32_768


@patch(
    "kms",
    ("CreateKey", "PutKeyPolicy", "ReplicateKey"),
    "moto takes any text as key policy; AWS refuses what is no key policy, principals that do not "
    "exist, and a policy that would lock its writer out",
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
            if lookups.unknown_principal(kind, value):
                raise _malformed(
                    f'Policy contains a statement with an invalid principal: "{value}"'
                )
    if not call.flag("BypassPolicyLockoutSafetyCheck"):
        _check_lockout(call, text)


def _check_lockout(call: Call, text: str) -> None:
    """Check that the caller can still put another policy.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying.html
    """
    key = find(call, call.text("KeyId")) if call.action == "PutKeyPolicy" else None
    again = Permission(
        action="kms:PutKeyPolicy",
        resource=key.arn if key else "*",
        policy=ResourcePolicy(text=text, leaves_to_identity=False),
        context={"kms:BypassPolicyLockoutSafetyCheck": "false"},
    )
    if refusal(call, again) is not None:
        raise _malformed(
            "The new key policy will not allow you to update the key policy in the future."
        )


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedPolicyDocumentException", message)
