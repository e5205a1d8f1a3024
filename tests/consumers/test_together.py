"""Questions that come at the same time are one question to the database."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from consumers.together import Together
from hub.core.errors import Unavailable


class Doubling:
    """Doubles numbers, as slowly as the test wants, and notes who was asked together."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.go = threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append(list(numbers))
        self.go.wait(5)
        if 13 in numbers:
            raise Unavailable
        return [2 * number for number in numbers]


async def test_who_waits_is_asked_about_with_the_others() -> None:
    doubling = Doubling()
    together = Together(doubling)
    asking = [asyncio.create_task(together(number)) for number in range(10)]
    await asyncio.sleep(0.05)
    doubling.go.set()
    assert await asyncio.gather(*asking) == [2 * number for number in range(10)]
    assert sorted(number for some in doubling.asked for number in some) == list(range(10))
    assert len(doubling.asked) <= 2


async def test_an_error_is_told_to_those_it_concerns_and_forgotten() -> None:
    doubling = Doubling()
    doubling.go.set()
    together = Together(doubling)
    with pytest.raises(Unavailable):
        await together(13)
    assert await together(4) == 8


async def test_who_asked_may_have_gone() -> None:
    doubling = Doubling()
    together = Together(doubling)
    asking = [asyncio.create_task(together(number)) for number in range(6)]
    await asyncio.sleep(0.05)
    for goes in asking[::2]:
        goes.cancel()
    doubling.go.set()
    async with asyncio.timeout(5):
        assert [await stays for stays in asking[1::2]] == [2, 6, 10]
