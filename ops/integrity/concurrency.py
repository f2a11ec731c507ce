"""Work that is done many at a time, within bounds, with results in the order of the input."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    work: Callable[[T], Awaitable[R]], items: Iterable[T], at_once: int
) -> AsyncGenerator[R]:
    """The results for all items, in their order; the next ones are worked on meanwhile.

    Args:
        work: what is done with an item.
        items: the items; they are taken as they are needed.
        at_once: how many are worked on, or wait to be asked for.
    """
    running: deque[asyncio.Future[R]] = deque()
    waiting = iter(items)
    try:
        while True:
            while len(running) < at_once:
                try:
                    item = next(waiting)
                except StopIteration:
                    break
                running.append(asyncio.ensure_future(work(item)))
            if not running:
                return
            yield await running.popleft()
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class Budget:
    """Something that there is a limited amount of, such as memory; first come, first served."""

    def __init__(self, total: int) -> None:
        """Have ``total`` of it."""
        self._total = total
        self._used = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def taken(self, amount: int) -> AsyncGenerator[None]:
        """Take an amount, and give it back; more than there is at all is taken alone."""
        if self._waiting or not self._fits(amount):
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((amount, turn))
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._give_back(amount)
                raise
        else:
            self._used += amount
        try:
            yield
        finally:
            self._give_back(amount)

    def _fits(self, amount: int) -> bool:
        return not self._used or self._used + amount <= self._total

    def _give_back(self, amount: int) -> None:
        self._used -= amount
        while self._waiting and self._fits(self._waiting[0][0]):
            next_amount, turn = self._waiting.popleft()
            if not turn.done():
                self._used += next_amount
                turn.set_result(None)
