"""SMTP's part that is spoken for each mail (RFC 5321), several commands in one go (RFC 2920)."""

import asyncio
import re
from collections import deque
from typing import NamedTuple

_REPLY_MAX = 32_768
_LINE_BREAKS = re.compile(rb"\r\n|\n|\r")
_DOT = re.compile(rb"(?m)^\.")


class Reply(NamedTuple):
    """One reply. 2yz and 3yz are yes, 4yz not now, 5yz never (RFC 5321, 4.2.1)."""

    code: int
    text: str


class HungUp(ConnectionError):
    """The relay closed the line, or says what is no SMTP."""


class Dialogue(asyncio.Protocol):
    """Takes over a transport on which greeting, TLS and sign-in are done. Replies come in the commands' order."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._lines: list[str] = []
        self._awaited: deque[asyncio.Future[Reply]] = deque()
        self._ended: HungUp | None = None
        transport.set_protocol(self)

    @property
    def open(self) -> bool:
        """Whether something can still be said, as far as is known here."""
        return self._ended is None and not self._transport.is_closing()

    def say(self, *commands: bytes) -> list[asyncio.Future[Reply]]:
        """Send commands, without CRLF, in one go. One future reply each. Raises `HungUp`."""
        return self._send(b"".join(command + b"\r\n" for command in commands), len(commands))

    def content(self, mail: bytes) -> asyncio.Future[Reply]:
        """Send a mail after a 354: dots doubled, the end marked (RFC 5321, 4.5.2). Raises `HungUp`."""
        lines = _DOT.sub(b"..", _LINE_BREAKS.sub(b"\r\n", mail))
        return self._send(lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"), 1)[0]

    def close(self) -> None:
        """Leave, with a word of goodbye that nobody waits for."""
        if self.open and not self._awaited:
            self._transport.write(b"QUIT\r\n")
        self._transport.close()

    def abort(self) -> None:
        """Leave at once, in the middle of something."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > _REPLY_MAX:
            self._end("the reply has no end")
            return
        while (end := self._received.find(b"\n")) >= 0:
            line = bytes(self._received[:end]).rstrip(b"\r")
            del self._received[: end + 1]
            self._hear(line)

    def eof_received(self) -> bool:
        self._end("closed by the relay")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(repr(exc) if exc else "closed")

    def _send(self, data: bytes, replies: int) -> list[asyncio.Future[Reply]]:
        if not self.open:
            raise self._ended or HungUp("closed")
        futures = [self._loop.create_future() for _ in range(replies)]
        self._awaited.extend(futures)
        self._transport.write(data)
        return futures

    def _hear(self, line: bytes) -> None:
        code, more, text = line[:3], line[3:4], line[4:].decode("utf-8", "replace").strip()
        if not code.isdigit() or more not in (b"", b" ", b"-"):
            self._end(f"not a reply: {line[:80]!r}")
            return
        self._lines.append(text)
        if more == b"-":
            return
        reply = Reply(int(code), "\n".join(self._lines))
        self._lines = []
        while self._awaited:
            future = self._awaited.popleft()
            if not future.done():
                future.set_result(reply)
            return
        # Said unasked, as a 421 before hanging up (RFC 5321, 3.8): the line is of no use any more.
        self._end(f"{reply.code} {reply.text}")

    def _end(self, why: str) -> None:
        if self._ended is None:
            self._ended = HungUp(why)
        for future in self._awaited:
            if not future.done():
                future.set_exception(self._ended)
                future.exception()  # somebody may have stopped waiting for it
        self._awaited.clear()
        self._transport.abort()
