"""Who is served when a provider's hands are full."""

import asyncio

from hub.deliveries.courier import Hands


async def _served(*asked: tuple[str, bool]) -> list[str]:
    """In which order these (name, urgent) get one of four hands, one of which is spare; each lets go at once."""
    hands, served = Hands(asyncio.get_running_loop(), 4), []

    async def one(name: str, urgent: bool) -> None:
        async with hands.one(urgent=urgent):
            served.append(name)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(one(name, urgent) for name, urgent in asked))
    return served


def test_no_more_than_there_are_and_the_spare_one_is_for_the_urgent() -> None:
    async def held() -> tuple[int, int]:
        hands = Hands(asyncio.get_running_loop(), 4)
        busy = [0]

        async def one(urgent: bool) -> None:
            async with hands.one(urgent=urgent):
                busy[0] += 1
                await asyncio.sleep(10)

        tasks = [asyncio.create_task(one(False)) for _ in range(9)]
        await asyncio.sleep(0.01)
        ordinary = busy[0]
        tasks += [asyncio.create_task(one(True)) for _ in range(3)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return ordinary, busy[0]

    assert asyncio.run(held()) == (4, 5)


def test_a_hand_that_is_free_again_takes_the_urgent_first() -> None:
    ordinary = [(f"news {number}", False) for number in range(12)]
    urgent = [(f"alert {number}", True) for number in range(4)]
    served = asyncio.run(_served(*ordinary, *urgent))
    assert served[:4] == ["news 0", "news 1", "news 2", "news 3"]
    assert served[4:8] == ["alert 0", "alert 1", "alert 2", "alert 3"]
    assert sorted(served) == sorted(name for name, _urgent in [*ordinary, *urgent])


def test_who_gives_up_waiting_takes_no_hand_along() -> None:
    async def run() -> bool:
        hands = Hands(asyncio.get_running_loop(), 1)
        async with hands.one(urgent=False):
            waiting = asyncio.create_task(hands.one(urgent=False).__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(1), hands.one(urgent=False):
            return True

    assert asyncio.run(run())
