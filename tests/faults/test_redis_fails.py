"""Redis forgets, goes, or loses rings: the database is the truth, and everybody sees everything within 6 s."""

import asyncio

from tests.faults.audit import Load, audit, connected, settled, worst_lag_s
from tests.faults.conftest import Square

LIVE_LAG_S = 6.0


async def test_redis_restarted_empty(square: Square) -> None:
    await asyncio.to_thread(square.start)
    clients = square.clients(100)
    load = Load(clients, per_s=20, seconds=8)
    async with connected(clients):
        running = asyncio.create_task(load.run())
        for _ in range(2):
            await asyncio.sleep(2)
            await asyncio.to_thread(square.redis.restart)
        await running
        await settled(clients, load)
    await audit(clients, load, square.conversation.pk)
    assert worst_lag_s(clients) < LIVE_LAG_S


async def test_redis_gone_for_up_to_thirty_seconds(square: Square) -> None:
    await asyncio.to_thread(square.start)
    clients = square.clients(100)
    away_s = {"daphne": 30, "uvicorn": 10}[square.server]  # what misses Redis is the same behind both
    load = Load(clients, per_s=10, seconds=away_s + 7)
    async with connected(clients):
        running = asyncio.create_task(load.run())
        await asyncio.sleep(2)
        await asyncio.to_thread(square.redis.kill)
        await asyncio.sleep(away_s)
        await asyncio.to_thread(square.redis.start)
        await running
        await settled(clients, load)
    await audit(clients, load, square.conversation.pk)
    assert worst_lag_s(clients) < LIVE_LAG_S


async def test_a_third_of_the_rings_is_lost(square: Square) -> None:
    await asyncio.to_thread(square.start, 2, "tests.faults.lossy_hub")
    clients = square.clients(100)
    load = Load(clients, per_s=20, seconds=8)
    async with connected(clients):
        await load.run()
        await settled(clients, load)
    await audit(clients, load, square.conversation.pk)
    assert worst_lag_s(clients) < LIVE_LAG_S
