"""Merging our statements into the policy that an existing bucket or key already has."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import (
    VERSION,
    Document,
    parse_document,
    statements_of,
    to_json,
)
from cloudtrail_guard.quotas import Quota


@dataclass(frozen=True)
class Merged:
    """A merged policy.

    Attributes:
        policy: the existing statements that are not ours, then ours.
        kept: how many statements were there before and stay.
        replaced: Sids that were there before with another text, and now have ours.
    """

    policy: Document
    kept: int
    replaced: tuple[str, ...]


def merge_policies(
    existing: str | None, ours: Document, our_sids: AbstractSet[str], quota: Quota
) -> Merged:
    """Our policy over an existing one, so that merging twice changes nothing.

    Args:
        existing: the policy's JSON text; None or empty when there is none.
        ours: our document.
        our_sids: every Sid that is ours to write; existing statements with one of these give way.
        quota: what AWS allows of such a policy.

    Raises:
        InvalidValueError: the existing text is no policy, or of IAM's older version in a way that a
            change of version would change its meaning; or both together are too long.
    """
    if not existing:
        return Merged(ours, 0, ())
    old = parse_document(existing, "the existing policy")
    kept = [s for s in statements_of(old) if s.get("Sid") not in our_sids]
    if old.get("Version") != VERSION and any("${" in json.dumps(s) for s in kept):
        raise InvalidValueError(
            f"the existing policy has Version {old.get('Version')!r}, where ${{...}} is plain "
            f"text; in Version {VERSION!r} it would become a policy variable: rewrite these "
            "statements first"
        )
    new = statements_of(ours)
    replaced = tuple(
        str(s["Sid"]) for s in statements_of(old) if s.get("Sid") in our_sids and s not in new
    )
    merged: dict[str, object] = {"Version": VERSION, "Statement": [*kept, *new]}
    if "Id" in old:
        merged = {"Id": old["Id"], **merged}
    quota.check(
        to_json(merged),
        f": the {len(kept)} existing statements that stay and ours do not fit together; take "
        "some of the existing ones out first",
    )
    return Merged(merged, len(kept), replaced)
