"""AWS's quotas on the policies of an organization, as data with source and date.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.subjects.guardrails import RCP, SCP

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What AWS allows of a type of policy.

    Attributes:
        characters: The most characters of one document; white space counts.
        per_target: The most policies that can be attached to one root, OU or account, the one that
            AWS attaches by itself among them.
        since: The date since which AWS allows that much.
    """

    characters: int
    per_target: int
    since: str


QUOTAS: Final[Mapping[str, Quota]] = {
    # Until then 5,120 characters and 5 policies; in all partitions, without a request.
    SCP: Quota(characters=10_240, per_target=10, since="2026-05-15"),
    RCP: Quota(characters=5_120, per_target=5, since="2024-11-13"),
}
