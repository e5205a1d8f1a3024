"""Stands for another process of the hub: what it is told, it rings. `python -m bench.fanout.publisher PORT TOPIC`

From here a message goes as any event does: bell, Redis, each web process's relay, its sockets.
"""

import asyncio
import sys

import django

django.setup()

import uvloop
from websockets.asyncio.server import ServerConnection, serve

from hub.streams.bell import Ring, bell
from hub.streams.queries import envelope


class Nobody:
    """No socket of this process listens."""

    def hear(self, ring: Ring) -> None:
        return


async def run(port: int, topic: str) -> None:
    """Serve until killed."""
    bell.attach(asyncio.get_running_loop(), Nobody())

    async def take(connection: ServerConnection) -> None:
        async for text in connection:
            bell.ring([(topic, None, envelope(topic, "bench.said", None, str(text)))])

    async with serve(take, "127.0.0.1", port, compression=None):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(run(int(sys.argv[1]), sys.argv[2]))
