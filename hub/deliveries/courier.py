"""Carries words to providers: an event loop in a thread of its own, that never touches the database."""

import asyncio
import random
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from queue import SimpleQueue
from types import TracebackType
from typing import Self

import stamina
import structlog

from channels_adapters.base import Adapter, Cause, Chooses, HandOver, Item, Outcome, Remembers, Result, with_spare
from hub.deliveries import rules
from hub.deliveries.models import Delivery, Lane
from hub.deliveries.writing import Written

log = structlog.get_logger(__name__)

_CLOSE_S = 5.0
# What failed sooner than this is tried again at once, when somebody waits for it.
_AT_ONCE_S = 3.0


@dataclass(eq=False)
class Job:
    """One delivery, and what it says. `waited`: it may have left already, so long ago, and its provider is asked."""

    delivery: Delivery
    written: Written
    waited: timedelta | None = None
    handed_over: bool = False
    taken_at_s: float = field(default_factory=time.monotonic)

    @property
    def asking(self) -> bool:
        """Whether it is asked about, and not sent."""
        return self.waited is not None

    @property
    def ago(self) -> timedelta:
        """How long ago it was handed over, by now."""
        return (self.waited or timedelta(0)) + timedelta(seconds=time.monotonic() - self.taken_at_s)


@dataclass(eq=False)
class Ask:
    """May this one be handed over to this provider? The clerk answers on the courier's loop."""

    job: Job
    provider: str
    answer: "asyncio.Future[bool]"


@dataclass(frozen=True, eq=False)
class Said:
    """How an attempt went, by which provider; and what was the matter with those asked before.

    `remembers`: the provider can be asked later. `never_had`: it was asked, and has never had it. `cannot_say`: it was
    to be asked, and can't be.
    """

    job: Job
    outcome: Outcome
    provider: str = ""
    faults: Sequence[tuple[str, str]] = field(default_factory=list)
    remembers: bool = False
    never_had: bool = False
    cannot_say: bool = False


class _Again(Exception):
    """Nothing has left, and a moment may be enough."""


class Hands:
    """How many items a provider takes at a time; the most urgent have a few more, and are served first: an emergency
    never waits for a newsletter that a slow provider chews on."""

    def __init__(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        self._loop = loop
        self._free = number
        self._spare = with_spare(number) - number
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait for a free hand, and hold it."""
        if self._free > (-self._spare if urgent else 0) and not (self._urgent if urgent else self._others):
            self._free -= 1
        else:
            await self._wait(self._urgent if urgent else self._others)
        try:
            yield
        finally:
            self._let_go()

    async def _wait(self, queue: "deque[asyncio.Future[None]]") -> None:
        turn = self._loop.create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was just given
                self._let_go()
            raise

    def _let_go(self) -> None:
        self._free += 1
        for queue, least in ((self._urgent, -self._spare), (self._others, 0)):
            while queue and self._free > least:
                turn = queue.popleft()
                if not turn.done():
                    self._free -= 1
                    turn.set_result(None)


class Courier:
    """A thread with an event loop and adapters, in order of preference. `trust`: per name, from 0 to 100."""

    def __init__(self, adapters: Sequence[tuple[str, Adapter]], said: "SimpleQueue[Said | Ask]") -> None:
        self._adapters = dict(adapters)
        self._said = said
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._hands = {name: Hands(self._loop, adapter.at_once) for name, adapter in adapters}
        self._thread = threading.Thread(target=self._loop.run_forever, name="courier", daemon=True)
        self.trust: Mapping[str, float] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_CLOSE_S * 2)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSE_S)
        if not self._thread.is_alive():
            self._loop.close()

    def carry(self, job: Job) -> None:
        """Take this one along; `Said` comes when it is done."""
        self._loop.call_soon_threadsafe(self._begin, job)

    def answer(self, asks: Sequence[Ask], granted: set[int]) -> None:
        """Tell those who asked whether they may go on."""
        self._loop.call_soon_threadsafe(self._tell, asks, granted)

    def _tell(self, asks: Sequence[Ask], granted: set[int]) -> None:
        for ask in asks:
            if not ask.answer.done():
                ask.job.handed_over = ask.job.delivery.pk in granted
                ask.answer.set_result(ask.job.handed_over)

    def _begin(self, job: Job) -> None:
        task = self._loop.create_task(self._carry(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for adapter in self._adapters.values():
            with suppress(Exception):
                async with asyncio.timeout(_CLOSE_S):
                    await adapter.close()

    async def _carry(self, job: Job) -> None:
        try:
            async with asyncio.timeout(rules.PATIENCE_S):
                said = await (self._ask(job) if job.asking else self._send(job))
        except Exception as error:  # an adapter's bug must not make the row spin, nor send it twice
            log.exception("deliveries.adapter_failed", delivery=job.delivery.pk)
            doubt = job.handed_over or job.asking
            said = Said(job, Outcome(Result.UNKNOWN if doubt else Result.TEMPORARY, reason=repr(error)))
        self._said.put(said)

    async def _send(self, job: Job) -> Said:
        """By the first provider that has an answer. What can't wait is tried once more at once."""
        attempts = 2 if job.delivery.lane <= Lane.TRANSACTIONAL and self._adapters else 1
        said = Said(job, Outcome(Result.TEMPORARY, reason="this channel has no adapter"))
        with suppress(_Again):
            async for attempt in stamina.retry_context(
                on=_Again, attempts=attempts, timeout=_AT_ONCE_S, wait_initial=0.2, wait_max=1.0, wait_jitter=0.2
            ):
                with attempt:
                    said = await self._send_once(job)
                    if rules.a_moment_may_do(said.outcome):
                        raise _Again
        return said

    async def _send_once(self, job: Job) -> Said:
        outcome, by, faults = self._nobody(), "", []
        for name in self._order(job):
            by = name
            async with self._hands[name].one(urgent=job.delivery.lane == Lane.EMERGENCY):
                outcome = await self._adapters[name].send(job.written.item_for(name), self._asker(job, name))
            if rules.is_fault(outcome):
                faults.append((name, outcome.reason))
            if job.handed_over and outcome.result is Result.TEMPORARY:
                # Handed over, and refused for now: the next attempt needs a new yes, which the same claim can give.
                job.handed_over = False
            if not rules.try_next(outcome):
                break
        return Said(job, outcome, by, faults, remembers=isinstance(self._adapters.get(by), Remembers))

    def _takes(self, name: str, item: Item) -> bool:
        adapter: object = self._adapters[name]
        return not isinstance(adapter, Chooses) or adapter.takes(item)

    def _nobody(self) -> Outcome:
        """When no adapter was asked."""
        if self._adapters:
            return Outcome(Result.REFUSED, reason="no adapter serves such an address", cause=Cause.NOT_ALLOWED)
        return Outcome(Result.TEMPORARY, reason="this channel has no adapter")

    def _order(self, job: Job) -> list[str]:
        """Whom to ask for it. In an emergency, whoever was of no help the last time comes last."""
        takers = [name for name in self._adapters if self._takes(name, job.written.item)]
        names = rules.in_order(takers, self.trust, random.random())  # noqa: S311
        if job.delivery.lane == Lane.EMERGENCY and job.delivery.provider in names:
            names.append(names.pop(names.index(job.delivery.provider)))
        return names

    def _asker(self, job: Job, name: str) -> HandOver:
        async def may() -> bool:
            """The point of no return: from here on a doubt is `unknown`."""
            ask = Ask(job, name, self._loop.create_future())
            self._said.put(ask)
            return await ask.answer

        return may

    async def _ask(self, job: Job) -> Said:
        """What became of it? Asked of whom it was given to."""
        by = job.delivery.provider
        adapter: object = self._adapters.get(by)
        if not isinstance(adapter, Remembers):
            return Said(job, Outcome(Result.UNKNOWN, reason=job.delivery.reason), by, cannot_say=True)
        async with self._hands[by].one(urgent=job.delivery.lane == Lane.EMERGENCY):
            found = await adapter.find(job.written.item_for(by), job.ago)
        if found is None:
            return Said(job, Outcome(Result.UNKNOWN, reason="the provider never had it"), by, never_had=True)
        if found.result is Result.TEMPORARY:
            return Said(job, Outcome(Result.UNKNOWN, reason=found.reason), by, remembers=True)
        return Said(job, found, by, remembers=True)
