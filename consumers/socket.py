"""The ASGI application behind /ws/: origin, identity, then one connection on the best line there is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from consumers.asgi_line import AsgiLine, Send
from consumers.connection import Connection
from consumers.direct_line import EXTENSION, DirectLine
from consumers.guard import Guard
from consumers.identity import Identity, identify, origin_is_ours
from consumers.presence import the_presence
from consumers.protocol import Close
from consumers.relay import Relay, the_relay
from hub.core.errors import Unavailable

log = structlog.get_logger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

_guards: WeakKeyDictionary[Relay, Guard] = WeakKeyDictionary()


def the_guard(relay: Relay) -> Guard:
    """The guard of this relay's sockets."""
    if relay not in _guards:
        _guards[relay] = Guard(relay)
    return _guards[relay]


async def socket_application(scope: Scope, receive: Receive, send: Send) -> None:
    """One WebSocket. Refused ones are accepted first, so that a browser can read why (4401, 4403)."""
    if (await receive())["type"] != "websocket.connect":
        return
    headers = dict(scope["headers"])
    refused, identity = await _who(headers)
    await send({"type": "websocket.accept"})
    if identity is None:
        await send({"type": "websocket.close", "code": int(refused)})
        return
    direct = scope.get("extensions", {}).get(EXTENSION)
    if isinstance(direct, DirectLine):
        direct.take(_connect(direct, identity))
    else:
        await _serve(identity, receive, send)


async def _who(headers: dict[bytes, bytes]) -> tuple[Close, Identity | None]:
    """The person, or why not."""
    if not origin_is_ours(headers):
        return Close.ORIGIN, None
    try:
        return Close.SIGNED_OUT, await the_relay().together(identify)(headers)
    except Unavailable:
        return Close.TRY_LATER, None


def _connect(line: DirectLine | AsgiLine, identity: Identity) -> Connection:
    relay = the_relay()
    guard, presence = the_guard(relay), the_presence(relay)
    connection = Connection(line, identity, relay)
    guard.came(connection)
    signed_in = identity.scope is None  # who only shows a ticket's secret is not here as that person
    if signed_in:
        presence.came(identity.person.pk)

    def gone(connection: Connection) -> None:
        if guard.went(connection) and signed_in:
            presence.went(identity.person.pk)

    connection.on_gone = gone
    return connection


async def _serve(identity: Identity, receive: Receive, send: Send) -> None:
    """The connection's life behind a server without the direct line."""
    line = AsgiLine(send, on_resume=lambda line: connection.resumed())
    connection = _connect(line, identity)
    reading = asyncio.create_task(_read(connection, receive))
    ending = asyncio.create_task(line.ended())
    try:
        await asyncio.wait({reading, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():  # it is we who end it
            await send({"type": "websocket.close", "code": ending.result()})
    finally:
        line.closed = line.paused = True
        reading.cancel()
        ending.cancel()
        connection.gone()


async def _read(connection: Connection, receive: Receive) -> None:
    """Until the client has gone."""
    while (message := await receive())["type"] != "websocket.disconnect":
        text = message.get("text")
        if text is None:
            connection.line.close(Close.BAD_FRAME)
        elif not connection.line.closed:
            connection.received(text.encode())
