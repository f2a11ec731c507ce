"""Every call: what its caller may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.enforcement import check
from sandbox.aws.patches.registry import ANY, patch

if TYPE_CHECKING:
    from sandbox.aws.call import Call


@patch(
    ANY,
    (ANY,),
    "moto lets everybody do everything; AWS evaluates SCPs, RCPs, identity policies, permissions "
    "boundaries, session policies and the policies of buckets, keys, roles, topics and queues",
    limit="services without a module in sandbox/aws/enforcement/services are evaluated on the "
    "resource *. Not evaluated: grants of keys; the permissions on a key that S3, SNS and others "
    "need on the caller's behalf; iam:PassRole; ACLs and RestrictPublicBuckets; resource policies "
    "of functions. A policy that counts and has a condition key or operator that "
    "sandbox/aws/condition_keys.py and policies.py do not list makes the call NotImplemented",
)
def enforce(call: Call) -> None:
    """Refuse what the caller may not do."""
    check(call)
