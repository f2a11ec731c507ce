"""The hash of what is compressed in a log file, whatever its size."""

import asyncio
import hashlib
import zlib
from collections.abc import Awaitable, Callable

_SMALL = 16 * 1024
"""Bytes that are hashed at once: handing them to a thread takes longer."""
_BATCH = 256 * 1024
"""Compressed bytes that a thread gets at a time."""
_INFLATED = 1024 * 1024
"""Bytes that are inflated at a time: a small file may hold gigabytes of zeros."""


class GzipHash:
    """SHA-256 of what is compressed in a gzip file that comes in pieces.

    Both zlib and hashlib release the interpreter's lock.
    """

    def __init__(self) -> None:
        """Begin with an empty file."""
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._digest = hashlib.sha256()
        self._broken = False

    def update(self, piece: bytes) -> None:
        """Take the next piece of the file."""
        if self._inflater.eof:  # something follows
            self._broken = True
        full = True
        while not self._broken and (piece or full):
            try:
                inflated = self._inflater.decompress(piece, _INFLATED)
            except zlib.error:
                self._broken = True
                return
            self._digest.update(inflated)
            full = len(inflated) == _INFLATED
            piece = self._inflater.unconsumed_tail

    def hexdigest(self) -> str | None:
        """The hash; None where it is no whole gzip file, or something follows it."""
        if self._broken or not self._inflater.eof or self._inflater.unused_data:
            return None
        return self._digest.hexdigest()


async def gzip_hash(read: Callable[[], Awaitable[bytes]]) -> str | None:
    """SHA-256 of what is compressed in a file; None where it is no gzip file, or more than one.

    Args:
        read: gives the next piece of the file; empty at its end.
    """
    hashed = GzipHash()
    waiting: list[bytes] = []
    size, total = 0, 0
    while piece := await read():
        waiting.append(piece)
        size += len(piece)
        total += len(piece)
        if size >= _BATCH:
            await asyncio.to_thread(hashed.update, b"".join(waiting))
            waiting, size = [], 0
    if total > _SMALL:
        await asyncio.to_thread(hashed.update, b"".join(waiting))
    else:
        hashed.update(b"".join(waiting))
    return hashed.hexdigest()
