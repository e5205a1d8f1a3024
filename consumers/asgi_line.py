"""A socket behind any ASGI server: frames go out as texts, one `send` at a time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from consumers.log import Cursor
from consumers.protocol import texts

Send = Callable[[dict[str, Any]], Awaitable[None]]

# Replies and greetings that may wait while a `send` is under way; topics' frames wait in their logs.
MAX_WAITING_BYTES = 8 * 1024 * 1024


class AsgiLine:
    """The line wherever the direct one is missing. `send` returns when there is room: that is its back-pressure.

    While one `send` is under way the line is paused, so that a slow reader only lags.
    """

    def __init__(self, send: Send, on_resume: Callable[["AsgiLine"], None]) -> None:
        self.paused = False
        self.closed = False
        self.cursors: dict[str, Cursor] = {}
        self._send = send
        self._on_resume = on_resume
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._code = 1000
        self._ended = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None

    def write(self, frames: bytes) -> None:
        if self.closed:
            return
        self._waiting.append(frames)
        self._waiting_bytes += len(frames)
        self.paused = True
        if self._waiting_bytes > MAX_WAITING_BYTES:
            self.close(4408)
        elif self._sender is None:
            self._sender = asyncio.get_running_loop().create_task(self._send_waiting())

    def close(self, code: int) -> None:
        if not self.closed:
            self.closed = self.paused = True
            self._code = int(code)
            self._ended.set()

    async def ended(self) -> int:
        """Wait until somebody closes this side. Returns the code."""
        await self._ended.wait()
        return self._code

    async def _send_waiting(self) -> None:
        try:
            while self._waiting:
                frames = self._waiting.popleft()
                for text in texts(frames):
                    await self._send({"type": "websocket.send", "text": text})
                self._waiting_bytes -= len(frames)
        except Exception:  # each server has its own way to say that the client has gone
            self.close(1006)
        finally:
            self._sender = None
        if not self.closed:
            self.paused = False
            self._on_resume(self)
