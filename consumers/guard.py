"""Reads again, every few seconds, whether open sockets may stay open and go on reading what they read.

It asks the database about all of them in few queries, so that nothing has to be remembered when a right is taken
away, and nothing depends on Redis.
"""

import asyncio
import time
from collections import defaultdict

import structlog
from django.conf import settings

from consumers.connection import Connection
from consumers.identity import still_valid
from consumers.pool import in_pool
from consumers.protocol import Close
from consumers.relay import Relay
from consumers.topics.base import TopicKind

log = structlog.get_logger(__name__)

TICK_S = 0.4
CHUNK = 250  # sockets looked at together


class Guard:
    """One per relay: knows every open connection of the process."""

    def __init__(self, relay: Relay) -> None:
        self.connections: set[Connection] = set()
        relay.spawn(self._watch())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            limit = time.monotonic() - settings.SOCKET_RECHECK_S
            due = [connection for connection in self.connections if connection.checked_at < limit]
            for at in range(0, len(due), CHUNK):
                chunk = due[at : at + CHUNK]
                for connection in chunk:
                    connection.checked_at = time.monotonic()
                try:
                    await self._look_at(chunk)
                except Exception as error:
                    log.warning("guard.check_failed", error=repr(error))

    async def _look_at(self, chunk: list[Connection]) -> None:
        valid = await in_pool(still_valid, [connection.identity for connection in chunk])
        staying: list[Connection] = []
        for connection in chunk:
            if connection.identity in valid:
                staying.append(connection)
            else:
                connection.line.close(Close.SIGNED_OUT)
        await self._look_at_topics(staying)

    async def _look_at_topics(self, chunk: list[Connection]) -> None:
        asked: defaultdict[TopicKind, set[tuple[int, str]]] = defaultdict(set)
        for connection in chunk:
            for topic, kind in connection.topics.items():
                asked[kind].add((connection.identity.person.pk, topic))
        for kind, pairs in asked.items():
            allowed = await in_pool(kind.allowed, pairs)
            for connection in chunk:
                for topic in [topic for topic, of in connection.topics.items() if of is kind]:
                    pair = (connection.identity.person.pk, topic)
                    if pair in pairs and pair not in allowed:
                        connection.forget(topic)

    def close_all(self, code: int) -> None:
        """Close every socket of the process."""
        for connection in list(self.connections):
            connection.line.close(code)
