"""The bell: after a commit, tells every process that something is there to be read.

It may be lost, repeated or late: each relay compares its position with the database. So ringing never waits and
never fails. A relay in the same process hears it directly; the others through the channel layer.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import structlog
from channels.layers import InMemoryChannelLayer, get_channel_layer

from hub.core.ids import new_key

log = structlog.get_logger(__name__)

# One ring: topic, number (None: ephemeral), the finished envelope.
Ring = tuple[str, int | None, str]

# Rings that a lost Redis may hold up; beyond, they are dropped, as a lost ring may be.
_MAX_WAITING = 20_000
SEND_TIMEOUT_S = 3.0


class Listener(Protocol):
    """What hears rings in this process."""

    def hear(self, ring: Ring) -> None: ...


class Bell:
    """One per process. `ring` may be called from any thread."""

    def __init__(self) -> None:
        self.origin = new_key()
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._waiting: list[Ring] = []
        self._sending = False
        self.healthy = True
        # Tests drop rings on purpose here; nothing else replaces it.
        self.lets_through: Callable[[Ring], bool] = lambda ring: True

    def attach(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        """From now on `listener` hears, on `loop`, what is rung in this process."""
        self._loop, self._listener = loop, listener

    def detach(self) -> None:
        """Nobody listens here any more."""
        self._loop = self._listener = None

    def ring(self, rings: Iterable[Ring]) -> None:
        """Tell all processes. Returns at once; never raises for a lost layer."""
        kept = [ring for ring in rings if self.lets_through(ring)]
        if not kept:
            return
        loop = self._running_loop()
        try:
            loop.call_soon_threadsafe(self._heard, loop, kept)
        except RuntimeError:  # the loop has just been closed: the process is ending
            log.info("bell.closed", lost=len(kept))

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="bell", daemon=True).start()
            return self._loop

    def _heard(self, loop: asyncio.AbstractEventLoop, rings: list[Ring]) -> None:
        if self._listener is not None:
            for ring in rings:
                self._listener.hear(ring)
        if self._layer is None:
            return
        self._waiting.extend(rings[: max(0, _MAX_WAITING - len(self._waiting))])
        if not self._sending:
            self._sending = True
            self._task = loop.create_task(self._send())

    async def _send(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._send_batch(batch)
        finally:
            self._sending = False

    async def _send_batch(self, batch: list[Ring]) -> None:
        by_topic: dict[str, list[tuple[int | None, str]]] = {}
        for topic, seq, text in batch:
            by_topic.setdefault(topic, []).append((seq, text))
        for topic, rings in by_topic.items():
            if not await self.tell(topic, {"type": "ring", "topic": topic, "rings": rings}):
                return  # the others will read the database

    async def tell(self, group: str, message: dict[str, Any]) -> bool:
        """Send a message to every process that has joined `group`. False while the layer is away; never raises."""
        layer = self._layer
        if layer is None:
            return True
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await layer.group_send(group, {"from": self.origin, **message})
        except Exception as error:
            if self.healthy:
                log.warning("bell.layer_away", error=repr(error))
            self.healthy = False
            return False
        if not self.healthy:
            log.info("bell.layer_back")
        self.healthy = True
        return True

    @property
    def _layer(self) -> Any:
        """The channel layer, or None where there is no other process to tell."""
        layer = get_channel_layer()
        return None if isinstance(layer, InMemoryChannelLayer) else layer


bell = Bell()
