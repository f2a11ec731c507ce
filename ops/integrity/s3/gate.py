"""How many requests are in flight."""

import asyncio
import time
from collections import deque

_LEAST = 4.0
_PAUSE = 1.0
"""Seconds within which being throttled counts once: all requests in flight are refused together."""


class Gate:
    """Lets requests through up to a limit, which shrinks while S3 asks to slow down.

    Attributes:
        limit: how many may be in flight now.
    """

    def __init__(self, most: int) -> None:
        """Let up to ``most`` requests through."""
        self._most = float(most)
        self.limit = self._most
        self._inside = 0
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._slowed = 0.0

    async def enter(self, *, urgent: bool = False) -> None:
        """Wait for a place; who has one must `leave`.

        Args:
            urgent: go before the others: what ends work that is begun, so that its memory is freed.
        """
        if self._inside < self.limit and not self._urgent and not self._waiting:
            self._inside += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._waiting).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give the place to the next."""
        self._inside -= 1
        while self._inside < self.limit and (queue := self._urgent or self._waiting):
            turn = queue.popleft()
            if not turn.done():
                self._inside += 1
                turn.set_result(None)

    def slow_down(self) -> None:
        """S3 throttles: halve the limit."""
        now = time.monotonic()
        if now - self._slowed >= _PAUSE:
            self._slowed = now
            self.limit = max(_LEAST, self.limit / 2)

    def answered(self) -> None:
        """S3 answered: after as many answers as are in flight, one more may be."""
        if self.limit < self._most:
            self.limit = min(self._most, self.limit + 1 / self.limit)
