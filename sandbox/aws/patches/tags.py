"""Tags of what an emulation keeps in a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

OPERATIONS = ("TagResource", "UntagResource", "ListTagsForResource")


def tag(call: Call, tags: dict[str, str], *, given: str = "Tags", keys: str = "TagKeys") -> Answer:
    """Set, remove or list tags, as the call asks.

    Args:
        call: one of `OPERATIONS`.
        tags: the resource's tags, which are changed in place.
        given: what the service calls tags, in requests and answers.
        keys: what it calls the keys to be removed.
    """
    if call.action == "ListTagsForResource":
        return {given: tags}
    tags |= call.params.get(given) or {}
    for key in call.params.get(keys) or ():
        tags.pop(key, None)
    return {}
