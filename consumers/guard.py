"""Reads again, every few seconds, whether open sockets may stay open and go on reading what they read.

It asks the database about many of them in few queries, so that nothing has to be remembered when a right is taken
away, and nothing depends on Redis. Sockets take turns: there is never a moment at which all are looked at.
"""

import asyncio
import time
from collections import OrderedDict, defaultdict
from itertools import islice

import structlog
from django.conf import settings

from consumers.connection import Connection
from consumers.identity import ended, proven
from consumers.pool import in_pool
from consumers.protocol import Close
from consumers.relay import Relay
from consumers.topics.base import TopicKind

log = structlog.get_logger(__name__)

TICK_S = 0.25
CHUNK = 100  # sockets looked at together
PATIENCE_S = 0.02  # a look lets what is being handed out go first


class Guard:
    """One per relay: knows every open connection of the process."""

    def __init__(self, relay: Relay) -> None:
        # Who was looked at longest ago comes first; with when that was.
        self.connections: OrderedDict[Connection, float] = OrderedDict()
        self._relay = relay
        relay.spawn(self._watch())

    def came(self, connection: Connection) -> None:
        """A socket has opened; who it is has just been read."""
        self.connections[connection] = time.monotonic()

    def went(self, connection: Connection) -> bool:
        """It has closed. False when that was known."""
        return self.connections.pop(connection, None) is not None

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            turns = max(CHUNK, int(len(self.connections) * TICK_S / settings.SOCKET_RECHECK_S) + 1)
            for at in range(0, turns, CHUNK):
                if chunk := self._next(min(CHUNK, turns - at)):
                    if self._relay.walker.walking:
                        await asyncio.sleep(PATIENCE_S)
                    try:
                        await self._look_at(chunk)
                    except Exception as error:
                        log.warning("guard.check_failed", error=repr(error))

    def _next(self, how_many: int) -> list[Connection]:
        """Whose turn it is; they go to the end of the line."""
        moment = time.monotonic()
        oldest = islice(self.connections.items(), how_many)
        # Few sockets need not be looked at four times a second.
        chunk = [connection for connection, looked_at in oldest if moment - looked_at > settings.SOCKET_RECHECK_S / 2]
        for connection in chunk:
            self.connections[connection] = moment
            self.connections.move_to_end(connection)
        return chunk

    async def _look_at(self, chunk: list[Connection]) -> None:
        gone = set(map(id, await in_pool(ended, [connection.identity for connection in chunk])))
        staying: list[Connection] = []
        for connection in chunk:
            if id(connection.identity) in gone:
                connection.line.close(Close.SIGNED_OUT)
            else:
                staying.append(connection)
        await self._look_at_secrets(staying)
        await self._look_at_topics(staying)

    async def _look_at_secrets(self, chunk: list[Connection]) -> None:
        """What was opened by a secret stays open as long as the session knows of it, and its requester is there."""
        opened = [
            (connection, session, topic)
            for connection in chunk
            if (session := connection.identity.session_key)
            for topic in connection.read_as
        ]
        if not opened:
            return
        found = await in_pool(proven, [(session, topic) for _, session, topic in opened])
        for (connection, _, topic), requester in zip(opened, found, strict=True):
            if topic in connection.read_as and requester != connection.reader(topic):
                connection.forget(topic)

    async def _look_at_topics(self, chunk: list[Connection]) -> None:
        asked: defaultdict[TopicKind, set[tuple[int, str]]] = defaultdict(set)
        for connection in chunk:
            for topic, kind in connection.topics.items():
                asked[kind].add((connection.reader(topic).pk, topic))
        for kind, pairs in asked.items():
            if not (lost := await in_pool(kind.lost, pairs)):
                continue
            for connection in chunk:
                for topic in [topic for topic, of in connection.topics.items() if of is kind]:
                    if (connection.reader(topic).pk, topic) in lost:
                        connection.forget(topic)

    def close_all(self, code: int) -> None:
        """Close every socket of the process."""
        for connection in list(self.connections):
            connection.line.close(code)
