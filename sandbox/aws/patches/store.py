"""What patches keep beside moto's state: one store for all of them.

It is forgotten with the rest of moto's state, as moto resets all backends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from moto.core.base_backend import BackendDict, BaseBackend

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

T = TypeVar("T")


class _Kept(BaseBackend):
    """What is kept for an account in a region: one object of each class."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start empty."""
        super().__init__(region_name, account_id)
        self.parts: dict[type, object] = {}


# It borrows the regions of a service that is in all of them.
_BACKENDS = BackendDict(_Kept, "config")
_GLOBAL = ("123456789012", "us-east-1")


def kept(kind: type[T], account_id: str, region: str) -> T:
    """The object of a class that is kept for an account in a region; the first call makes it."""
    parts = _BACKENDS[account_id][region].parts
    found = parts.get(kind)
    if found is None:
        found = parts[kind] = kind()
    assert isinstance(found, kind)  # noqa: S101 - for the type checker: its key is its class
    return found


def kept_in_all_regions(kind: type[T], account_id: str) -> list[T]:
    """The objects of a class that are kept for an account, in every region that was used."""
    regions = [region for region, each in _BACKENDS[account_id].items() if kind in each.parts]
    return [kept(kind, account_id, region) for region in regions]


def kept_once(kind: type[T]) -> T:
    """The one object of a class in all of the sandbox."""
    return kept(kind, *_GLOBAL)


TAG_OPERATIONS = ("TagResource", "UntagResource", "ListTagsForResource")


def tag(call: Call, tags: dict[str, str], *, given: str = "Tags", keys: str = "TagKeys") -> Answer:
    """Set, remove or list tags, as the call asks.

    Args:
        call: one of `TAG_OPERATIONS`.
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
