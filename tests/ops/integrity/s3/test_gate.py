"""How many requests are in flight, and which is next."""

import asyncio

from integrity.s3.gate import Gate


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def enter(gate: Gate, name: str, entered: list[str], *, urgent: bool = False) -> None:
    await gate.enter(urgent=urgent)
    entered.append(name)


def test_what_ends_work_goes_before_what_begins_some() -> None:
    async def run() -> list[str]:
        gate, entered = Gate(1), list[str]()
        await gate.enter()
        waiting = [
            asyncio.create_task(enter(gate, name, entered, urgent=name.isupper()))
            for name in "abCd"
        ]
        for _ in waiting:
            await settle()
            gate.leave()
        await asyncio.gather(*waiting)
        return entered

    assert asyncio.run(run()) == ["C", "a", "b", "d"]


def test_being_throttled_halves_the_limit_once_and_answers_raise_it_again() -> None:
    gate = Gate(256)

    for _ in range(100):  # all that were in flight are refused
        gate.slow_down()
    assert gate.limit == 128

    for _ in range(129):
        gate.answered()
    assert 128.9 < gate.limit < 129.1
    for _ in range(100_000):
        gate.answered()
    assert gate.limit == 256


def test_a_place_that_is_given_to_one_who_was_cancelled_goes_to_the_next() -> None:
    async def run() -> list[str]:
        gate, entered = Gate(1), list[str]()
        await gate.enter()
        first, second, third = (
            asyncio.create_task(enter(gate, name, entered)) for name in ("1", "2", "3")
        )
        await settle()
        first.cancel()  # while it waits
        await settle()
        gate.leave()
        second.cancel()  # when its turn has come, and before it runs
        await asyncio.gather(first, second, third, return_exceptions=True)
        return entered

    assert asyncio.run(run()) == ["3"]
