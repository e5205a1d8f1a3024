"""One per process: gets each event once, and hands the same finished frame to every local socket.

Rings say that something is there; the database says what. The relay compares its positions with the streams' every
few seconds and fills what it lacks: no ring needs to have arrived.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings

from consumers.log import KEEP_FRAMES, Cursor, Line, Log
from consumers.pool import in_pool
from consumers.protocol import Close, frame
from consumers.together import Together
from consumers.walker import Walker
from hub.core.errors import Unavailable
from hub.streams import queries
from hub.streams.bell import Ring, bell
from hub.streams.queries import Head

log = structlog.get_logger(__name__)

Q = TypeVar("Q")
A = TypeVar("A")

IDLE_S = 60.0  # a topic that nobody reads is forgotten after this
PATIENCE_S = 0.03  # how long a number that came out of order is waited for
JOIN_TIMEOUT_S = 2.0
CHECK_TOGETHER = 500  # topics compared with the database in one query


@dataclass(frozen=True, slots=True)
class Standing:
    """What a subscriber is told: the number its snapshot must reach, and whether what followed `since` comes."""

    seq: int
    epoch: str
    recovered: bool


class Relay:
    """Owns topics, cursors and the way to the sockets. All methods run on its event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.walker = Walker(self.loop)
        self._logs: dict[str, Log] = {}
        self._opening: dict[str, asyncio.Task[Log]] = {}
        self._fills: dict[str, asyncio.Task[None]] = {}
        layer = get_channel_layer()
        self._layer: Any = None if isinstance(layer, InMemoryChannelLayer) else layer
        self._channel: str | None = None
        self._layer_heard = True
        self._tasks: set[asyncio.Task[Any]] = set()
        self._to_finish: set[asyncio.Task[Any]] = set()
        self._together: dict[Callable[..., Any], Together[Any, Any]] = {}
        # What other parts of a process hear on the same channel of the layer: type → handler.
        self.handlers: dict[str, Callable[[dict[str, Any]], None]] = {"ring": self._rung}

    def start(self) -> None:
        """Listen to the bell, and compare with the database from now on."""
        bell.attach(self.loop, self)
        if self._layer is not None:
            self.spawn(self._receive())
        self.spawn(self._check_forever())

    def stop(self) -> None:
        """End what runs in the background."""
        bell.detach()
        for task in (*self._tasks, *self._fills.values()):
            task.cancel()

    def spawn(self, work: Coroutine[Any, Any, Any], *, to_finish: bool = False) -> None:
        """Run `work` in the background until it ends or the relay stops; `to_finish`: a stop waits for it."""
        task = self.loop.create_task(work)
        tasks = self._to_finish if to_finish else self._tasks
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def together(self, ask: Callable[[Sequence[Q]], Sequence[A]]) -> Together[Q, A]:
        """Where to put a question that `ask` answers for many at once."""
        return self._together.setdefault(ask, Together(ask))

    async def finish(self, timeout_s: float = 5.0) -> None:
        """Wait for the commands under way."""
        if self._to_finish:
            await asyncio.wait(self._to_finish, timeout=timeout_s)

    # Subscribing: join first, read second, so that nothing falls between.

    async def subscribe(
        self,
        line: Line,
        topic: str,
        greet: Callable[[Standing], bytes],
        *,
        since: int | None = None,
        epoch: str | None = None,
    ) -> None:
        """Give `line` the topic's events: the greeting, what followed number `since`, then all that comes.

        Subscribed already: greeted again, and nothing is repeated. Raises `Unavailable` when the database is away.
        """
        topic_log = await self._opened(topic)
        known = topic in line.cursors
        recovered = known or since is None or await self._can_replay(topic_log, since, epoch)
        if line.closed:
            return
        # From here on nothing waits: no event can come between the greeting and the cursor.
        line.write(greet(Standing(topic_log.seq, topic_log.epoch, recovered)))
        if topic in line.cursors:
            return
        cursor = Cursor(line, topic_log, topic_log.head)
        topic_log.cursors[line] = line.cursors[topic] = cursor
        if since is not None and recovered:
            self._replay(cursor, since)

    def _replay(self, cursor: Cursor, since: int) -> None:
        if cursor.line.paused:
            cursor.next = cursor.log.index_after(since)
            self.walker.lag(cursor.line)
        elif missed := cursor.log.numbered_after(since):
            cursor.line.write(missed)

    async def _can_replay(self, topic_log: Log, since: int, epoch: str | None) -> bool:
        """Whether all that followed `since` can be given; reads from the database what memory lacks."""
        if epoch is not None and epoch != topic_log.epoch:
            return False
        if since > topic_log.seq:  # shown by another process, whose ring has not come here yet
            await self._fill_now(topic_log)
        if since > topic_log.seq:
            return False
        if since + 1 < topic_log.kept_from or topic_log.seq - since > KEEP_FRAMES:
            return False
        oldest = topic_log.oldest_number()
        if since + 1 < oldest:
            events = await in_pool(queries.after, topic_log.topic, since, limit=oldest - since - 1)
            for event in reversed(events):
                if event.seq == topic_log.oldest_number() - 1:
                    topic_log.prepend(frame(event.text.encode()), event.seq)
        return topic_log.oldest_number() <= since + 1

    def unsubscribe(self, line: Line, topic: str) -> None:
        """Stop giving `topic` to `line`."""
        if cursor := line.cursors.pop(topic, None):
            cursor.log.cursors.pop(line, None)

    def drop(self, line: Line) -> None:
        """The socket is gone."""
        for topic in list(line.cursors):
            self.unsubscribe(line, topic)
        self.walker.forget(line)

    async def _opened(self, topic: str) -> Log:
        if opening := self._opening.get(topic):
            return await asyncio.shield(opening)
        if topic_log := self._logs.get(topic):
            topic_log.idle_since = 0.0
            return topic_log
        self._opening[topic] = opening = self.loop.create_task(self._open(topic))
        opening.add_done_callback(lambda _: self._opening.pop(topic, None))
        return await asyncio.shield(opening)

    async def _open(self, topic: str) -> Log:
        self._logs[topic] = topic_log = Log(topic)
        topic_log.filling = True  # rings that come while the head is read wait in `early`
        try:
            await self._join(topic_log)
            head = await self.together(queries.standing)(topic)
        except BaseException:
            self._logs.pop(topic, None)
            raise
        topic_log.seq, topic_log.epoch, topic_log.kept_from = head.seq, head.epoch, head.kept_from
        topic_log.filling = False
        self._take_early(topic_log)
        return topic_log

    # Hearing.

    def hear(self, ring: Ring) -> None:
        """Something was published, here or elsewhere: take it when it is next, else see to the gap."""
        topic, seq, text = ring
        topic_log = self._logs.get(topic)
        if topic_log is None:
            return
        if seq is None:
            self._append(topic_log, text, 0)
        elif seq == topic_log.seq + 1 and not topic_log.filling:
            self._append(topic_log, text, seq)
            if topic_log.early:
                self._take_early(topic_log)
        elif seq > topic_log.seq:
            topic_log.early[seq] = text
            self.loop.call_later(PATIENCE_S, self._see_to_gap, topic_log)

    def has_readers(self, topic: str) -> bool:
        """Whether a local socket reads this topic."""
        topic_log = self._logs.get(topic)
        return topic_log is not None and bool(topic_log.cursors)

    def tell(self, topic: str, finished: bytes) -> None:
        """Hand a frame that has no number to the topic's local sockets."""
        if topic_log := self._logs.get(topic):
            topic_log.append(finished, 0)
            self.walker.wake(topic_log)

    def _append(self, topic_log: Log, text: str, number: int) -> None:
        if number:
            topic_log.seq = number
        topic_log.append(frame(text.encode()), number)
        self.walker.wake(topic_log)

    def _take_early(self, topic_log: Log) -> None:
        """Take in what came out of order and is next now."""
        early = topic_log.early
        while (text := early.pop(topic_log.seq + 1, None)) is not None:
            self._append(topic_log, text, topic_log.seq + 1)
        for seq in [seq for seq in early if seq <= topic_log.seq]:
            del early[seq]

    def _see_to_gap(self, topic_log: Log) -> None:
        if topic_log.early and not topic_log.filling:
            self._fill_soon(topic_log)

    def _fill_soon(self, topic_log: Log) -> asyncio.Task[None]:
        """See to it that the log has all the stream has; one reading at a time."""
        if running := self._fills.get(topic_log.topic):
            return running
        topic_log.filling = True
        self._fills[topic_log.topic] = filling = self.loop.create_task(self._fill(topic_log))
        filling.add_done_callback(lambda _: self._fills.pop(topic_log.topic, None))
        return filling

    async def _fill_now(self, topic_log: Log) -> None:
        """The same, beginning after this call."""
        if running := self._fills.get(topic_log.topic):
            await asyncio.shield(running)
        await asyncio.shield(self._fill_soon(topic_log))

    async def _fill(self, topic_log: Log) -> None:
        """Read what the log lacks from the database, in order, until nothing is missing."""
        try:
            while True:
                events = await in_pool(queries.after, topic_log.topic, topic_log.seq, limit=KEEP_FRAMES)
                for event in events:
                    if event.seq != topic_log.seq + 1:
                        self._begin_again(topic_log)
                        return
                    self._append(topic_log, event.text, event.seq)
                if len(events) < KEEP_FRAMES:
                    return
        except Unavailable:
            log.warning("relay.fill_failed", topic=topic_log.topic)
        finally:
            topic_log.filling = False
            self._take_early(topic_log)

    def _begin_again(self, topic_log: Log) -> None:
        """The stream is not what it was (a restore, events gone): its readers come back and reload."""
        log.warning("relay.stream_changed", topic=topic_log.topic)
        self._logs.pop(topic_log.topic, None)
        for line in list(topic_log.cursors):
            line.close(Close.RESTART)

    # The channel layer: one membership per topic and process.

    def _rung(self, message: dict[str, Any]) -> None:
        for seq, text in message["rings"]:
            self.hear((message["topic"], seq, text))

    async def _receive(self) -> None:
        while True:
            try:
                if self._channel is None:
                    self._channel = await self._layer.new_channel()
                message = await self._layer.receive(self._channel)
            except Exception as error:
                log.warning("relay.layer_away", error=repr(error))
                self._channel = None
                for topic_log in self._logs.values():
                    topic_log.joined = False
                await asyncio.sleep(1)
                continue
            handler = self.handlers.get(message["type"])
            if handler is not None and message["from"] != bell.origin:
                handler(message)

    async def join(self, group: str) -> bool:
        """Hear a group of the layer on this process's channel. False while the layer is away."""
        if self._layer is None:
            return True
        if self._channel is None:
            return False
        try:
            async with asyncio.timeout(JOIN_TIMEOUT_S):
                await self._layer.group_add(group, self._channel)
        except Exception as error:
            log.warning("relay.join_failed", group=group, error=repr(error))
            return False
        return True

    async def _join(self, topic_log: Log) -> None:
        topic_log.joined = await self.join(topic_log.topic)

    async def _leave(self, topic_log: Log) -> None:
        if self._layer is None or self._channel is None or not topic_log.joined:
            return
        try:
            async with asyncio.timeout(JOIN_TIMEOUT_S):
                await self._layer.group_discard(topic_log.topic, self._channel)
        except Exception as error:
            log.info("relay.leave_failed", topic=topic_log.topic, error=repr(error))

    # Comparing with the database.

    async def _check_forever(self) -> None:
        checked = time.monotonic()
        while True:
            await asyncio.sleep(0.5)
            self.walker.close_late()
            every = settings.RELAY_CHECK_S if self._sure_to_hear() else settings.RELAY_CHECK_WITHOUT_REDIS_S
            if time.monotonic() - checked < every:
                continue
            checked = time.monotonic()
            try:
                await self._check()
            except Exception as error:
                log.warning("relay.check_failed", error=repr(error))

    def _sure_to_hear(self) -> bool:
        return bell.healthy and all(topic_log.joined for topic_log in self._logs.values())

    async def _check(self) -> None:
        """Compare every topic's position with its stream's, many in one query; forget topics that nobody reads."""
        logs = list(self._logs.values())
        for at in range(0, len(logs), CHECK_TOGETHER):
            some = logs[at : at + CHECK_TOGETHER]
            await self._forget_idle(some)
            known = {
                topic_log.topic: Head(topic_log.seq, topic_log.epoch, topic_log.kept_from)
                for topic_log in some
                if not topic_log.filling
            }
            for topic, head in (await in_pool(queries.moved, known)).items():
                self._compare(topic, known[topic], head)
            for topic_log in some:
                if not topic_log.joined:
                    await self._join(topic_log)

    def _compare(self, topic: str, known: Head, head: Head | None) -> None:
        """A stream is not where the log was when it was asked."""
        topic_log = self._logs.get(topic)
        if topic_log is None:
            return
        if head is None or head.epoch != topic_log.epoch or head.seq < known.seq:
            self._begin_again(topic_log)
            return
        topic_log.kept_from = head.kept_from
        if head.seq > topic_log.seq:
            self._fill_soon(topic_log)

    async def _forget_idle(self, some: Iterable[Log]) -> None:
        moment = time.monotonic()
        for topic_log in some:
            if topic_log.cursors or topic_log.topic in self._opening:
                topic_log.idle_since = 0.0
            elif not topic_log.idle_since:
                topic_log.idle_since = moment
            elif moment - topic_log.idle_since > IDLE_S:
                self._logs.pop(topic_log.topic, None)
                await self._leave(topic_log)


_relay: Relay | None = None


def the_relay() -> Relay:
    """This process's relay, started on first use. One per event loop."""
    global _relay
    loop = asyncio.get_running_loop()
    if _relay is None or _relay.loop is not loop:
        _relay = Relay()
        _relay.start()
    return _relay
