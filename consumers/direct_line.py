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


class DirectLine:
    """The `Line` of one socket, once it has been taken.

    Not `paused`: the transport holds nothing back, so that a frame written past it comes after all that it was given.
    """

    # An object of its own, and small: a walk reads it for each socket, and in the protocol every name would be looked
    # for among Autobahn's fifty attributes first.
    __slots__ = ("_fd", "_protocol", "closed", "cursors", "owner", "paused")

    def __init__(self, protocol: "LineProtocol") -> None:
        self._protocol = protocol
        self._fd = -1
        self.owner: Owner = _NOBODY
        self.cursors: dict[str, Cursor] = {}
        self.paused = self.closed = False

    def take(self, owner: Owner) -> None:
        """From now on `owner` gets what comes in, and writes by `write`. Call it after accepting."""
        self.owner = owner
        if self._protocol.has_closed:
            self.lost()
            return
        transport = self._protocol.transport
        # Plain TCP is written to directly; anything else (TLS) through its transport.
        self._fd = transport.fileno() if isinstance(transport, TcpConnection) and not transport.TLS else -1
        self._protocol.hand_over(self)

    def write(self, frames: bytes) -> None:
        if self.paused or self._fd < 0:
            if not self.closed:
                self._protocol.transport.write(frames)
            return
        try:
            written = write(self._fd, frames)
        except BlockingIOError:
            written = 0
        except OSError:  # the connection is lost: Twisted finds out by itself
            return
        if written != len(frames):
            self._protocol.transport.write(frames[written:])
            self.wait_for_transport()

    def close(self, code: int) -> None:
        if not self.closed:
            self.closed = self.paused = True
            # `sendClose` refuses 1012, which RFC 6455 has since been given.
            self._protocol.sendCloseFrame(code=int(code))
            self._leave()

    def wait_for_transport(self) -> None:
        """Be paused while the transport has something to send. It calls `resumeProducing` once all has gone."""
        transport = self._protocol.transport
        if self._fd >= 0 and (transport.dataBuffer or transport._tempDataBuffer):
            self.paused = transport.producerPaused = True

    def flushed(self) -> None:
        """The transport holds nothing any more."""
        if not self.closed:
            self.paused = False
            self.owner.resumed()

    def lost(self) -> None:
        """The connection has gone."""
        self.closed = self.paused = True
        self._fd = -1
        self._leave()

    def _leave(self) -> None:
        owner, self.owner = self.owner, _NOBODY
        owner.gone()


@implementer(IPushProducer)
class LineProtocol(WebSocketProtocol):  # type: ignore[misc]
    """Daphne's protocol, which lets the application take the line."""

    line: DirectLine | None = None
    has_closed = False
    application_queue: Any = None

    def hand_over(self, line: DirectLine) -> None:
        """What comes in goes to `line` from now on, and first what waits for the application."""
        self.line = line
        self._forget_handshake()
        self.transport.registerProducer(self, True)
        line.wait_for_transport()  # the handshake's answer may not have gone yet: nothing may overtake it
        waiting, self.application_queue = self.application_queue, None
        while not waiting.empty():
            message = waiting.get_nowait()
            if message["type"] == "websocket.receive":
                text = message.get("text")
                self.onMessage((text or "").encode(), text is None)

    def _forget_handshake(self) -> None:
        """Let go of what only the handshake needed: a third of a socket's memory, and rings of garbage."""
        http = getattr(self.transport, "producer", None)  # twisted.web left its HTTP channel registered
        self.transport.unregisterProducer()
        for request in getattr(http, "requests", ()):
            request.channel = None
        self.http_request_data = self.http_response_data = self.http_status_line = None
        self.clean_headers = self.http_headers = self.request.headers = None

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """What Autobahn says by itself: pings, pongs, the closing frame."""
        super().sendData(data, sync, chopsize)
        if self.line is not None:
            self.line.wait_for_transport()

    def pauseProducing(self) -> None:
        """The transport's buffer is full."""
        if self.line is not None:
            self.line.paused = True

    def resumeProducing(self) -> None:
        """The transport's buffer is empty."""
        if self.line is not None:
            self.line.flushed()

    def stopProducing(self) -> None:
        """The transport is lost; `onClose` follows."""
        self.pauseProducing()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.has_closed:
            return
        if self.line is None:
            super().onMessage(payload, isBinary)
            return
        self.last_ping = time.time()
        if self.line.closed:
            return
        if isBinary:
            self.line.close(Close.BAD_FRAME)
        else:
            self.line.owner.received(payload)

    def _max_message_size_exceeded(self, size: int, limit: int, reason: str) -> None:
        if self.line is None:
            super()._max_message_size_exceeded(size, limit, reason)
            return
        self.failedByMe = True  # what is left of the message is thrown away as it comes
        self.line.close(Close.TOO_BIG)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        line, self.line, self.has_closed = self.line, None, True
        if line is not None:
            self.muted = True  # nobody reads Daphne's queue any more
            # Nothing of a closed socket may wait for the garbage collector: it would hold up all the others.
            self.transport.unregisterProducer()
            self.is_closed = None  # resolved already, with the protocol itself
        super().onClose(wasClean, code, reason)
        if line is not None:
            line.lost()


class _Nobody:
    """Owner of a line that is closing."""

    def received(self, text: bytes) -> None:
        return

    def resumed(self) -> None:
        return

    def gone(self) -> None:
        return


_NOBODY = _Nobody()


def configured(protocol: type[LineProtocol], factory: Any) -> type[LineProtocol]:
    """The protocol with the factory's options as its own.

    Autobahn copies some thirty options into each connection, and writes them out for a log that nobody reads.
    """
    values = {name: getattr(factory, name) for name in protocol.CONFIG_ATTRS}
    # A function among them is called without the connection.
    options = {name: staticmethod(value) if callable(value) else value for name, value in values.items()}
    return type(protocol.__name__, (protocol,), {**options, "CONFIG_ATTRS": []})


def offer(protocol: object, scope: dict[str, Any]) -> None:
    """Put the line into the scope of a WebSocket."""
    if isinstance(protocol, LineProtocol):
        scope.setdefault("extensions", {})[EXTENSION] = DirectLine(protocol)
