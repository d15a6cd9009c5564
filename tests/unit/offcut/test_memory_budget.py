"""PixelBudget for photos: several small ones, or one that is large."""

import asyncio

from offcut.memory_budget import PixelBudget
from tests.unit.offcut.fakes import run


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_as_many_as_fit_together_and_a_large_one_alone():
    budget, inside, gates = PixelBudget(100), [], {}

    async def work(name: str, pixels: int) -> None:
        async with budget.reserve(pixels):
            inside.append(name)
            await gates.setdefault(name, asyncio.Event()).wait()
        inside.remove(name)

    async def leave(name: str) -> None:
        gates[name].set()
        await settled()

    async def visit() -> None:
        tasks = []
        for name, pixels in (("a", 40), ("b", 60), ("c", 1), ("huge", 500)):
            tasks.append(asyncio.create_task(work(name, pixels)))
            await settled()
        assert inside == ["a", "b"]
        await leave("a")
        assert inside == ["b", "c"]
        await leave("b")
        assert inside == ["c"]
        await leave("c")
        assert inside == ["huge"] and budget.is_reserved
        await leave("huge")
        assert not budget.is_reserved
        await asyncio.gather(*tasks)

    run(visit())


def test_nothing_is_decoded_ahead_beside_a_large_one():
    budget = PixelBudget(100)

    async def visit() -> None:
        async with budget.reserve(50):
            await asyncio.wait_for(budget.wait_for_half(), 1)
        async with budget.reserve(51):
            waiting = asyncio.create_task(budget.wait_for_half())
            await settled()
            assert not waiting.done()
        await asyncio.wait_for(waiting, 1)

    run(visit())
