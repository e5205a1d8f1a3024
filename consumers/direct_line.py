"""The direct line: finished frames straight to Daphne's transport, paused when it is full.

Daphne's WebSocket protocol is subclassed and offers itself to the application as the scope extension `parvis.line`.
The handshake stays plain ASGI (origin, session, routing). Then the application takes the line: its coroutine ends, no
task, queue or scope stays behind, and frames are written by the relay itself.
"""

import time
from os import write
from typing import Any, Protocol

from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.interfaces import IPushProducer
from twisted.internet.tcp import Connection as TcpConnection
from zope.interface import implementer

from consumers.log import Cursor
from consumers.protocol import Close

EXTENSION = "parvis.line"


class Owner(Protocol):
    """Who took the line."""

    def received(self, text: bytes) -> None: ...

    def resumed(self) -> None: ...

    def gone(self) -> None: ...


class _Fast:
    """What a walk reads of each socket: slots are one step away, Autobahn's fifty attributes several."""

    __slots__ = ("_fd", "closed", "cursors", "owner", "paused")

    _fd: int
    closed: bool
    cursors: dict[str, Cursor]
    owner: Owner | None
    paused: bool


@implementer(IPushProducer)
class DirectLine(_Fast, WebSocketProtocol):  # type: ignore[misc]
    """Daphne's protocol, and the `Line` of one socket once it has been taken.

    Not `paused`: the transport holds nothing back, so that a frame written past it comes after all that it was given.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = None
        self.paused = self.closed = False
        self._fd = -1

    def take(self, owner: Owner) -> None:
        """From now on `owner` gets what comes in, and writes by `write`. Call it after accepting."""
        self.owner = owner
        self.cursors = {}
        if self.closed:
            self._gone()
            return
        transport = self.transport
        # Plain TCP is written to directly; anything else (TLS) through its transport.
        self._fd = transport.fileno() if isinstance(transport, TcpConnection) and not transport.TLS else -1
        transport.unregisterProducer()  # twisted.web left its HTTP channel registered
        transport.registerProducer(self, True)
        self._wait_for_transport()  # the handshake's answer may not have gone yet
        waiting, self.application_queue = self.application_queue, None
        while not waiting.empty():
            message = waiting.get_nowait()
            if message["type"] == "websocket.receive":
                self._pass_on(message)

    def _pass_on(self, message: dict[str, Any]) -> None:
        text = message.get("text")
        self.onMessage((text or "").encode(), text is None)

    # The relay's side.

    def write(self, frames: bytes) -> None:
        if self.paused or self._fd < 0:
            if not self.closed:
                self.transport.write(frames)
            return
        try:
            written = write(self._fd, frames)
        except BlockingIOError:
            written = 0
        except OSError:  # the connection is lost: Twisted finds out by itself
            return
        if written != len(frames):
            self.transport.write(frames[written:])
            self._wait_for_transport()

    def _wait_for_transport(self) -> None:
        """Be paused while the transport has something to send. Twisted calls `resumeProducing` once all has gone."""
        transport = self.transport
        if self._fd >= 0 and (transport.dataBuffer or transport._tempDataBuffer):
            self.paused = transport.producerPaused = True

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """What Autobahn says by itself: pings, pongs, the closing frame."""
        super().sendData(data, sync, chopsize)
        self._wait_for_transport()

    def close(self, code: int) -> None:
        if not self.closed:
            self.closed = self.paused = True
            self.sendCloseFrame(code=int(code))  # `sendClose` refuses 1012, which RFC 6455 has since been given
            self._gone()

    # Twisted's side.

    def pauseProducing(self) -> None:
        """The transport's buffer is full."""
        self.paused = True

    def resumeProducing(self) -> None:
        """The transport's buffer is empty."""
        if not self.closed:
            self.paused = False
            if self.owner is not None:
                self.owner.resumed()

    def stopProducing(self) -> None:
        """The transport is lost; `onClose` follows."""
        self.paused = True

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.owner is None:
            super().onMessage(payload, isBinary)
            return
        self.last_ping = time.time()
        if self.closed:
            return
        if isBinary:
            self.close(Close.BAD_FRAME)
        else:
            self.owner.received(payload)

    def _max_message_size_exceeded(self, size: int, limit: int, reason: str) -> None:
        self.failedByMe = True  # what is left of the message is thrown away as it comes
        self.close(Close.TOO_BIG)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.closed = self.paused = True
        self._fd = -1
        if self.application_queue is None:
            self.muted = True  # nobody reads Daphne's queue any more
        super().onClose(wasClean, code, reason)
        self._gone()

    def _gone(self) -> None:
        owner, self.owner = self.owner, _Nobody()
        if owner is not None:
            owner.gone()

    application_queue: Any = None


class _Nobody:
    """Owner of a line that is closing."""

    def received(self, text: bytes) -> None:
        return

    def resumed(self) -> None:
        return

    def gone(self) -> None:
        return


def configured(protocol: type[DirectLine], factory: Any) -> type[DirectLine]:
    """The protocol with the factory's options as its own.

    Autobahn copies some thirty options into each connection, and writes them out for a log that nobody reads.
    """
    values = {name: getattr(factory, name) for name in protocol.CONFIG_ATTRS}
    # A function among them is called without the connection.
    options = {name: staticmethod(value) if callable(value) else value for name, value in values.items()}
    return type(protocol.__name__, (protocol,), {**options, "CONFIG_ATTRS": []})


def offer(protocol: object, scope: dict[str, Any]) -> None:
    """Put the line into the scope of a WebSocket."""
    if isinstance(protocol, DirectLine):
        scope.setdefault("extensions", {})[EXTENSION] = protocol
