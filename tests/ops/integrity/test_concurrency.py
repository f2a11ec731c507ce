"""Bounded work with results in order."""

import asyncio
import random

import pytest
from integrity.concurrency import Budget, in_order


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_results_come_in_the_order_of_the_input_and_no_more_run_than_may(at_once: int) -> None:
    delays = random.Random(1)  # noqa: S311 - no secret
    running = most = 0

    async def work(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(delays.random() / 500)
        running -= 1
        return number

    async def run() -> list[int]:
        return [found async for found in in_order(work, range(100), at_once)]

    assert asyncio.run(run()) == list(range(100))
    assert most == min(at_once, 100)


def test_the_first_error_ends_the_rest() -> None:
    ended: list[int] = []

    async def work(number: int) -> None:
        try:
            await asyncio.sleep(0 if number == 3 else 60)
        finally:
            ended.append(number)
        raise LookupError

    async def run() -> None:
        async for _ in in_order(work, [3, 4, 5], 3):
            pass

    with pytest.raises(LookupError):
        asyncio.run(run())
    assert ended == [3, 4, 5]


def test_a_budget_is_never_overdrawn_and_what_is_too_large_is_taken_alone() -> None:
    async def run() -> list[int]:
        budget, used, seen = Budget(10), 0, list[int]()

        async def take(amount: int) -> None:
            nonlocal used
            async with budget.taken(amount):
                used += amount
                seen.append(used)
                await asyncio.sleep(0)
                used -= amount

        await asyncio.gather(*(take(amount) for amount in (4, 6, 3, 25, 1, 10, 10, 2)))
        return seen

    seen = asyncio.run(run())

    assert len(seen) == 8
    assert [used for used in seen if used > 10] == [25]


def test_what_a_cancelled_one_waited_for_is_there_for_the_next() -> None:
    async def run() -> list[str]:
        budget, taken = Budget(1), list[str]()

        async def take(name: str) -> None:
            async with budget.taken(1):
                taken.append(name)

        async with budget.taken(1):
            first, second = asyncio.create_task(take("1")), asyncio.create_task(take("2"))
            await asyncio.sleep(0)
        first.cancel()  # its turn has come, and it has not run
        await asyncio.gather(first, second, return_exceptions=True)
        return taken

    assert asyncio.run(run()) == ["2"]
