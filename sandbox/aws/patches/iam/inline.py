"""Policies inside of roles, users and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.patches.iam.store import KINDS, holder, over_quota, size
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Call

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (characters)
_MAX_SIZES = {"Role": 10_240, "User": 2048, "Group": 5120}


@patch(
    "iam",
    tuple(f"Put{kind}Policy" for kind in KINDS),
    "moto knows IAM's quotas of inline policies and does not apply them",
)
def check_total_size(call: Call) -> None:
    """Refuse a policy that makes all inline policies of its holder together too long."""
    kind, found = holder(call)
    policies = dict(found.policies) | {call.text("PolicyName"): call.text("PolicyDocument")}
    if sum(map(size, policies.values())) > _MAX_SIZES[kind]:
        name = call.text(f"{kind}Name")
        raise over_quota(
            f"Maximum policy size of {_MAX_SIZES[kind]} bytes exceeded for {kind.lower()} {name}"
        )
