"""Lists that a service answers a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.aws.call import AwsError

T = TypeVar("T")


def page(
    items: Sequence[T], token: str, size: int, *, refusal: AwsError
) -> tuple[Sequence[T], str]:
    """One page of a list, and the token of the next page: empty after the last one.

    Args:
        items: the whole list.
        token: the caller's token; empty for the first page.
        size: how many items a page has at most.
        refusal: the service's error for a token that it never gave.

    Raises:
        AwsError: the refusal.
    """
    if token and not token.isdecimal():
        raise refusal
    start = int(token or 0)
    end = start + size
    return items[start:end], str(end) if end < len(items) else ""
