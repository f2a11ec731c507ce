"""Every call: what its caller may do, and whether its parameters can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import idempotency, members, validation
from sandbox.aws.enforcement import check
from sandbox.aws.operations import Support, support
from sandbox.aws.patches.registry import ANY, REGISTRY, patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call


@patch(
    ANY,
    (ANY,),
    "moto lets every caller do everything; AWS evaluates SCPs, RCPs, identity policies, "
    "permissions boundaries, session policies and the policies of buckets, keys, roles, topics and "
    "queues",
    limit="services without a module in sandbox/aws/enforcement/services are evaluated on the "
    "resource *. Not evaluated: grants of keys; the permissions on a key that S3, SNS and others "
    "need on the caller's behalf; iam:PassRole; ACLs and RestrictPublicBuckets; resource policies "
    "of functions. A policy that counts and has a condition key or operator that "
    "sandbox/aws/condition_keys.py and policy_conditions.py do not list makes the call "
    "NotImplemented",
)
def enforce(call: Call) -> None:
    """Refuse what the caller may not do."""
    check(call)


@patch(
    ANY,
    (ANY,),
    "moto accepts most values; AWS rejects those outside of the enums, lengths, ranges and "
    "patterns of its service models, and absent required members. Operations that neither moto nor "
    "a patch answers are refused, and so are members of requests that neither reads",
    limit="patterns that Python cannot read are not checked; sandbox/aws/members.py lists the "
    "members that have no effect here; a member that moto reads for another operation of the "
    "service counts as read, and so do those of operations that only read",
)
def validate(call: Call) -> None:
    """Refuse operations and members that are not emulated, and what the model does not allow."""
    if support(REGISTRY, call.service, call.action) is Support.REFUSED:
        raise NotImplementedError("neither moto nor a patch answers it")
    validation.check(call)
    members.refuse_unread(call)


@patch(
    ANY,
    (ANY,),
    "moto carries out a request with a client token as often as it comes; AWS does it once, and "
    "answers as before",
    limit="a token with other parameters is no error, and tokens do not expire",
)
def repeat(call: Call) -> Answer | None:
    """Answer a request with a token as before."""
    return idempotency.answered(call)
