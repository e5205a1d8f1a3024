"""A client that sends eight times, and one that does not read."""

import asyncio
import json
import socket
import statistics
from typing import Self
from urllib.parse import urlsplit

from hub.conversations.models import Message
from tests.faults.audit import Load, connected, settled
from tests.faults.conftest import Square
from tests.wire import Wire


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
    """Five pages stop reading while much is said: memory stays flat, the others notice nothing, they get 4408."""
    [web] = await asyncio.to_thread(square.start, 1)
    readers = square.clients(10)
    async with connected(readers):
        warm_up = Bulky(readers, per_s=20, seconds=3)
        await warm_up.run()
        deaf = [await Deaf(web.ws_url, square.cookies[1], readers[0].topic).open() for _ in range(5)]
        before = web.memory_bytes
        load = Bulky(readers, per_s=20, seconds=20)
        await load.run()
        await settled(readers, load)
        grown = web.memory_bytes - before
        codes = [await wire.close_code() for wire in deaf]
    lags = [lag for client in readers for lag in client.lags_s]
    assert codes == [4408] * 5
    assert statistics.quantiles(lags, n=100)[98] < 1.0
    assert grown < 20 * 1024 * 1024, f"{grown / 1e6:.0f} MB"


class Bulky(Load):
    """Messages of 30 KB, so that a socket's buffers are soon full."""

    def body(self) -> str:
        return super().body() + " " + "€" * 9_900


class Deaf:
    """A page that subscribes and then does not read what comes."""

    def __init__(self, url: str, cookie: str, topic: str) -> None:
        self.url, self.cookie, self.topic = urlsplit(url), cookie, topic

    async def open(self) -> Self:
        """Shake hands, subscribe, and read no more."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        line.setblocking(False)
        await asyncio.get_running_loop().sock_connect(line, (self.url.hostname, self.url.port))
        self.reader, self.writer = await asyncio.open_connection(sock=line, limit=4_096)
        self.writer.write(
            f"GET {self.url.path} HTTP/1.1\r\nHost: {self.url.netloc}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Cookie: {self.cookie}\r\n\r\n".encode()
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in head.splitlines()[0]
        command = json.dumps({"ref": "1", "topic": self.topic, "event": "subscribe"}).encode()
        self.writer.write(bytes((0x81, 0x80 | len(command))) + bytes(4) + command)  # masked with zeros
        return self

    async def close_code(self) -> int | None:
        """Read on, to the end: the code of the close frame."""
        async with asyncio.timeout(30):
            while True:
                first, size = await self.reader.readexactly(2)
                if size > 125:
                    size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
                payload = await self.reader.readexactly(size)
                if first == 0x88:
                    self.writer.close()
                    return int.from_bytes(payload[:2], "big")
