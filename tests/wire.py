"""A client of /ws/ for tests: it keeps everything it sees, and reconnects as a browser does."""

import asyncio
import itertools
import json
import socket
from collections import defaultdict
from typing import Any, Self
from urllib.parse import urlsplit

import websockets
from websockets.asyncio.client import ClientConnection


class Refused(Exception):
    """The server's answer was an error; `error` is what it said."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["code"])
        self.code = error["code"]
        self.error = error


class Wire:
    """One connection. `seen[topic]` holds the events that came, in order; `frames` everything.

    `closed` is the close code once it is over.
    """

    def __init__(self, url: str, *, cookie: str = "", token: str = "", origin: str | None = None) -> None:
        self.url = url
        self.seen: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.frames: list[dict[str, Any]] = []
        self.closed: int | None = None
        self._headers = {"Cookie": cookie} if cookie else {"Authorization": f"Bearer {token}"} if token else {}
        self._origin = origin
        self._refs = itertools.count(1)
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *exc: object) -> None:
        await self.leave()

    async def open(self) -> Self:
        """Connect. Raises `OSError` or `websockets.InvalidHandshake` when the server is away."""
        self.socket: ClientConnection = await websockets.connect(
            self.url,
            additional_headers=self._headers,
            origin=self._origin,  # type: ignore[arg-type]
            max_size=None,
            open_timeout=20,
            ping_interval=None,
            proxy=None,
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def leave(self) -> None:
        """Close from this side."""
        await self.socket.close()
        await asyncio.wait({self._reading}, timeout=5)

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                self._take(json.loads(text))
        except websockets.ConnectionClosed:
            pass
        finally:
            self.closed = self.socket.close_code
            for reply in self._replies.values():
                if not reply.done():
                    reply.set_exception(ConnectionError(f"closed with {self.closed}"))
            self._arrived.set()

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if frame["event"] == "reply":
            reply = self._replies.pop(frame["ref"], None)
            if reply is not None and not reply.done():
                reply.set_result(frame["payload"])
            return
        self.seen[frame["topic"]].append(frame)
        self._arrived.set()

    async def ask(self, topic: str, event: str, timeout_s: float = 20, /, **payload: Any) -> dict[str, Any]:
        """Send a command and wait for its response. Raises `Refused`, or `ConnectionError` when closed first."""
        ref = str(next(self._refs))
        reply = self._replies[ref] = asyncio.get_running_loop().create_future()
        try:
            await self.socket.send(json.dumps({"ref": ref, "topic": topic, "event": event, "payload": payload}))
        except websockets.ConnectionClosed as error:
            raise ConnectionError("closed") from error
        async with asyncio.timeout(timeout_s):
            answer = await reply
        if answer["status"] != "ok":
            raise Refused(answer["error"])
        response: dict[str, Any] = answer["response"]
        return response

    async def subscribe(self, topic: str, **payload: Any) -> dict[str, Any]:
        return await self.ask(topic, "subscribe", **payload)

    def numbers(self, topic: str) -> list[int]:
        """The numbers of the events seen on a topic."""
        return [frame["seq"] for frame in self.seen[topic] if "seq" in frame]

    async def until(self, true: Any, timeout_s: float = 10) -> None:
        """Wait until `true()`, looking again whenever something arrives. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout_s):
            while not true():
                self._arrived.clear()
                await self._arrived.wait()

    async def closing(self, timeout_s: float = 10) -> int | None:
        """Wait until the connection is over; the close code."""
        await asyncio.wait({self._reading}, timeout=timeout_s)
        return self.closed


class Deaf:
    """A page that does not read what comes until it is told to, frame by frame as RFC 6455 has them."""

    def __init__(self, url: str, cookie: str) -> None:
        self.url, self.cookie = urlsplit(url), cookie

    async def open(self, *topics: str) -> Self:
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
        for topic in topics:
            self.send(0x81, json.dumps({"ref": topic, "topic": topic, "event": "subscribe"}).encode())
        return self

    def send(self, first: int, payload: bytes) -> None:
        """One short frame that begins with this byte (0x81 text, 0x89 ping), masked with zeros."""
        self.writer.write(bytes((first, 0x80 | len(payload))) + bytes(4) + payload)

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: its first byte and its payload."""
        first, size = await self.reader.readexactly(2)
        if size > 125:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return first, await self.reader.readexactly(size)

    async def close_code(self) -> int | None:
        """Read on, to the end: the code of the close frame."""
        async with asyncio.timeout(30):
            while True:
                first, payload = await self.frame()
                if first == 0x88:
                    self.writer.close()
                    return int.from_bytes(payload[:2], "big")
