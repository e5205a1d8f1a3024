"""A process is killed, or restarted, under load: nothing is lost, nothing comes twice."""

import asyncio
import signal
from collections import Counter

from tests.faults.audit import Load, audit, connected, settled, until, worst_lag_s
from tests.faults.conftest import Square

LIVE_LAG_S = 6.0
# uvicorn ends by the signal itself, once it has closed everything.
EXIT_CODE = {"daphne": 0, "uvicorn": -signal.SIGTERM}


async def test_kill_9_of_one_of_two_processes_under_load(square: Square) -> None:
    """50 messages a second, 300 pages, one process of two gone without a word and back."""
    webs = await asyncio.to_thread(square.start)
    clients = square.clients(300)
    load = Load(clients, per_s=50, seconds=60)
    async with connected(clients):
        running = asyncio.create_task(load.run())
        await asyncio.sleep(2)
        at_once = load.say_at_once(60)  # so that some are under way when it dies
        await asyncio.to_thread(webs[0].kill)
        await asyncio.gather(*at_once)
        await asyncio.sleep(2)
        await asyncio.to_thread(webs[0].restart)
        await asyncio.sleep(2)
        load.end()
        await running
        await settled(clients, load)
    await audit(clients, load, square.conversation.pk)
    assert load.repeats > 0, "the kill hit nobody"
    assert any(len(client.codes) > 1 for client in clients)


async def test_rolling_restart_tells_almost_everybody(square: Square) -> None:
    """SIGTERM to each process in turn: at least 95 % of its pages are told 1012."""
    webs = await asyncio.to_thread(square.start)
    clients = square.clients(200)
    load = Load(clients, per_s=30, seconds=120)
    async with connected(clients):
        running = asyncio.create_task(load.run())
        for web in webs:
            await asyncio.sleep(1)
            assert await asyncio.to_thread(web.terminate) == EXIT_CODE[square.server]
            await asyncio.to_thread(web.restart)
            await until(lambda: all(client.wire for client in clients), 30, "everybody back")
        await asyncio.sleep(1)
        load.end()
        await running
        await settled(clients, load)
    await audit(clients, load, square.conversation.pk)
    codes = Counter(client.codes[0] for client in clients if len(client.codes) > 1)
    assert codes.total() > 0
    assert codes[1012] >= 0.95 * codes.total(), codes
    assert worst_lag_s(clients) < 30


async def test_a_thousand_pages_coming_back_at_once(square: Square) -> None:
    """The only process restarts; every page resumes within 60 s and misses nothing."""
    [web] = await asyncio.to_thread(square.start, 1)
    clients = square.clients(1_000, patience_s=(0.0, 0.3))
    load = Load(clients[:20], per_s=10, seconds=3)
    async with connected(clients, 120):
        await load.run()
        await settled(clients, load)
        await asyncio.to_thread(web.restart)
        seconds = await until(lambda: all(client.wire and client.codes for client in clients), 60, "everybody resumed")
        more = Load(clients[:20], per_s=10, seconds=2)
        await more.run()
        load.acknowledged |= more.acknowledged
        await settled(clients, load)
    assert seconds < 60
    await audit(clients, load, square.conversation.pk)
