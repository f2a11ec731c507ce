"""Client tokens: a request that an SDK sends again, because no answer came, is carried out once.

Source: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html, and the members
with the trait `idempotencyToken` in the models of the services.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.aws.patches.store import kept

if TYPE_CHECKING:
    from sandbox.aws.call import Call, Reply


@dataclass
class Answered:
    """What an account's calls with a token were answered, in a region."""

    by_token: dict[tuple[str, str], tuple[dict[str, Any], Reply]] = field(
        default_factory=dict[tuple[str, str], tuple[dict[str, Any], "Reply"]]
    )


def answered(call: Call) -> Reply | None:
    """The answer of the same request before, if it has a token and succeeded."""
    token = _token(call)
    # Without one the parameters are not read: an unsigned call has no service to read them by.
    given, reply = _replies(call).get((call.action, token), (None, None)) if token else (None, None)
    return reply if reply is not None and given == call.params else None


def remember(call: Call, reply: Reply) -> Reply:
    """Keep an answer for the request that comes again; it is given back."""
    token = _token(call)
    if token and reply.ok:
        _replies(call)[call.action, token] = dict(call.params), reply
    return reply


def _token(call: Call) -> str:
    """The request's token, of an operation that takes one; else empty."""
    if call.caller is None or not call.is_operation:
        return ""
    members: Any = call.operation.idempotent_members
    names = [name for name in members if name.lower().endswith("token")]
    return call.text(names[0]) if names else ""


def _replies(call: Call) -> dict[tuple[str, str], tuple[dict[str, Any], Reply]]:
    return kept(Answered, call.signer.account_id, call.region).by_token
