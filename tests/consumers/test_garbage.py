"""A socket that has gone is gone: nothing of it waits for the garbage collector, which holds up all the others."""

import asyncio
import os
import re
import signal

from tests import factories
from tests.processes import Fleet, HubProcess
from tests.wire import Wire


async def held(web: HubProcess) -> int:
    """How many objects of sockets the process holds, with its collector off."""
    said = web.text().count("sockets held:")
    os.kill(web.pid, signal.SIGUSR1)
    async with asyncio.timeout(10):
        while web.text().count("sockets held:") == said:
            await asyncio.sleep(0.05)
    return int(re.findall(r"sockets held: (\d+)", web.text())[-1])


async def holds(web: HubProcess, wanted: int) -> bool:
    """Whether it holds that many, once Daphne has forgotten the requests that have ended."""
    for _ in range(20):
        if await held(web) == wanted:
            return True
        await asyncio.sleep(0.25)
    return False


async def test_a_closed_socket_leaves_nothing_behind(fleet: Fleet) -> None:
    town = await asyncio.to_thread(factories.make_town)
    mayor = await asyncio.to_thread(factories.make_mayor, town)
    citizen = await asyncio.to_thread(factories.make_person, town=town)
    conversation = await asyncio.to_thread(factories.make_conversation, town, citizen)
    cookies = [await asyncio.to_thread(factories.cookie, person) for person in (mayor, citizen)]
    web = await asyncio.to_thread(lambda: fleet.web(module="tests.consumers.counting_hub"))
    wires = [await Wire(web.ws_url, cookie=cookies[number % 2]).open() for number in range(10)]
    for wire in wires:
        await wire.subscribe(conversation.topic)
    assert await holds(web, 20)  # of each its line and its protocol, and nothing of the handshake
    for wire in wires:
        await wire.leave()
    assert await holds(web, 0)
    web.kill()
