"""Runs one Daphne process with the direct line, and lets it end without losing anything.

SIGTERM or Ctrl-C: not ready any more, no new connections, sockets closed with 1012, requests and commands under way
are finished, then the process exits.
"""

import asyncio
import gc
import sys
from typing import Any

if sys.platform != "win32":
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

import structlog
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.conf import settings
from twisted.internet import defer, reactor

from consumers.direct_line import LineProtocol, configured, offer
from consumers.protocol import Close
from consumers.relay import the_relay
from consumers.socket import the_guard
from hub.core.draining import draining

log = structlog.get_logger(__name__)

MAX_MESSAGE_BYTES = 64 * 1024
CLOSE_HANDSHAKE_S = 20  # how long a slow reader may take to come to the close frame
# Each write to a socket lets go of Python's lock; a thread busy with rows may then keep it for this long.
SWITCH_S = 0.0005
# A full garbage collection looks at every socket, and holds them all up: 0.3 s with 5,000. What is loaded at the start
# is left out for good, a closed socket leaves no cycle, and the rest is looked at after so many younger collections:
# some 80,000 sockets opened.
FULL_COLLECTION_EVERY = 1_000
FINISH_S = 10.0  # how long requests under way may take to end


class HubServer(Server):  # type: ignore[misc]
    """Daphne's server; its WebSockets offer the direct line."""

    def run(self) -> None:
        reactor.callWhenRunning(self._begin)
        super().run()

    def _begin(self) -> None:
        self.ws_factory.setProtocolOptions(
            maxMessagePayloadSize=MAX_MESSAGE_BYTES,
            maxFramePayloadSize=MAX_MESSAGE_BYTES,
            closeHandshakeTimeout=CLOSE_HANDSHAKE_S,
        )
        self.ws_factory.protocol = configured(LineProtocol, self.ws_factory)

    def create_application(self, protocol: object, scope: dict[str, Any]) -> Any:
        offer(protocol, scope)
        return super().create_application(protocol, scope)

    def kill_all_applications(self) -> Any:
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._drain()))

    async def _drain(self) -> None:
        draining.set()
        for listener in self.listeners:
            listener.addCallback(lambda port: port.stopListening())
        the_guard(the_relay()).close_all(Close.RESTART)
        running = [
            details["application_instance"]
            for details in self.connections.values()
            if details.get("application_instance") and not details["application_instance"].done()
        ]
        log.info("server.draining", requests=len(running))
        if running:
            _done, late = await asyncio.wait(running, timeout=FINISH_S)
            for task in late:
                task.cancel()
        await the_relay().finish()


def run(*, host: str, port: int, application: Any) -> None:
    """Serve until SIGINT or SIGTERM."""
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, FULL_COLLECTION_EVERY)
    proxied = settings.TRUSTED_PROXIES > 0
    HubServer(
        application=application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        server_name="parvis",
        websocket_timeout=-1,
        proxy_forwarded_address_header="X-Forwarded-For" if proxied else None,
        proxy_forwarded_proto_header="X-Forwarded-Proto" if proxied else None,
        verbosity=1,
    ).run()
