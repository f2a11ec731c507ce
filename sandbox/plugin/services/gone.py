"""Telling by an error's words that an object is gone, where its code says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def find_unless(call: Callable[[], T], *gone: str) -> T | None:
    """What a call answers, or None if AWS's error has one of the texts that say "it is gone"."""
    try:
        return call()
    except ClientError as error:
        if not any(text in str(error) for text in gone):
            raise
        return None
