"""A client that sends eight times, and one that does not read."""

import asyncio
import statistics

from consumers.walker import LATE_S
from hub.conversations.models import Message
from tests.faults.audit import Load, connected, settled
from tests.faults.conftest import Square
from tests.wire import Deaf, Wire

DEAF = 20


async def test_eight_sends_at_once_with_one_key_are_one_message(square: Square) -> None:
    webs = await asyncio.to_thread(square.start)
    topic = square.conversation.topic
    wires = [await Wire(webs[number % 2].ws_url, cookie=square.cookies[0]).open() for number in range(8)]
    for wire in wires:
        await wire.subscribe(topic)
    answers = await asyncio.gather(
        *(wire.ask(topic, "message.post", key="la même", body="Une seule fois") for wire in wires)
    )
    for wire in wires:
        await wire.until(lambda wire=wire: wire.numbers(topic))
        await wire.leave()
    assert all(answer == answers[0] for answer in answers)
    assert await asyncio.to_thread(Message.objects.filter(conversation=square.conversation).count) == 1
    assert [wire.numbers(topic) for wire in wires] == [[answers[0]["seq"]]] * 8


async def test_who_does_not_read_costs_little_and_is_sent_away(square: Square) -> None:
    """Pages stop reading while much is said: less than 1 MB each, the others notice nothing, and they get 4408."""
    [web] = await asyncio.to_thread(square.start, 1)
    readers = square.clients(10)
    async with connected(readers):
        warm_up = Bulky(readers, per_s=20, seconds=2)
        await warm_up.run()
        deaf = [await Deaf(web.ws_url, square.cookies[1]).open(readers[0].topic) for _ in range(DEAF)]
        before = web.memory_bytes
        load = Bulky(readers, per_s=20, seconds=LATE_S + 2)
        await load.run()
        await settled(readers, load)
        grown = web.memory_bytes - before
        codes = [await wire.close_code() for wire in deaf]
    lags = [lag for client in readers for lag in client.lags_s]
    assert codes == [4408] * DEAF
    assert statistics.quantiles(lags, n=100)[98] < 1.0
    assert grown < DEAF * 1024 * 1024, f"{grown / 1e6:.0f} MB"


class Bulky(Load):
    """Messages of 30 KB, so that a socket's buffers are soon full."""

    def body(self) -> str:
        return super().body() + " " + "€" * 9_900
