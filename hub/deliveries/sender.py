"""Claim → hand over → record. The one place where something leaves.

    queued ──claim──▶ queued, leased ──hand over──▶ sending ──record──▶ sent | failed | unknown
       ▲                    │ lease ran out            │ lease ran out: unknown
       └────────────────────┴──────────────────────────┴── temporary: queued again, later

A claim is a conditional UPDATE, so that two workers never hold the same row (on SQLite too, where skip_locked is
ignored). A worker that dies before it handed the words over only delays them. Dead after that, nobody can say whether
they left: the row says `unknown`, and nothing is sent twice by us without asking the provider.

Two threads share the work. This one, the clerk, has the database: it claims some, says which may be handed over and
writes down how they went, all that wait at a moment in one statement each. The courier (`hub.deliveries.courier`) has
an event loop and the providers. No transaction is open while words leave.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from queue import Empty, SimpleQueue

import structlog
from django.conf import settings
from django.db.models import Count

from channels_adapters.registry import build
from hub.deliveries import ledger, providers, writing
from hub.deliveries.courier import Ask, Courier, Job, Said
from hub.deliveries.models import Delivery, Lane

log = structlog.get_logger(__name__)

# How many are claimed at once, beyond those that are on their way.
_AHEAD = 2
# An emergency that comes while all hands are full is looked for this often, and has hands of its own.
_LOOK_S = 0.5
_TRUST_S = 2.0

_working: dict[str, "Work"] = {}
_lock = threading.Lock()


def send_due(channel: str, *, for_s: float) -> int:
    """Send what is due on `channel` until nothing is left, for `for_s` seconds at most. Returns how many were tried.

    One piece of work per channel goes on in a process: who comes meanwhile asks it to look again, and leaves.
    """
    end = time.monotonic() + for_s
    with _lock:
        if (going_on := _working.get(channel)) is not None:
            going_on.look_again.set()
            return 0
        work = _working[channel] = Work(channel)
    tried = 0
    try:
        while True:
            tried += work.go_on(max(end - time.monotonic(), 0))
            with _lock:
                # Who came after the last look has left again: their row is looked for here, or by nobody.
                if not work.look_again.is_set() or time.monotonic() >= end:
                    del _working[channel]
                    return tried
                work = _working[channel] = Work(channel)
    except BaseException:
        with _lock:
            _working.pop(channel, None)
        raise


def is_left_over(channel: str) -> bool:
    """Whether something is due."""
    return ledger.due(channel=channel).exists()


def sweep() -> dict[str, int]:
    """Close what came too late or was left half-sent by a dead worker, and put to bed what was never to leave.

    Returns how many are due, or are to be asked about, per channel.
    """
    late, lost, stopped = ledger.close_late(), ledger.close_lost(), ledger.close_stopped()
    if late or lost or stopped:
        log.warning("deliveries.closed", expired=late, unknown=lost, stopped=stopped)
    due: Counter[str] = Counter()
    for found in (ledger.due(), ledger.to_ask_about()):
        due.update(dict(found.order_by().values_list("channel").annotate(Count("pk"))))
    return dict(due)


class Work:
    """A while of sending by one channel."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.look_again = threading.Event()
        self._said: SimpleQueue[Said | Ask] = SimpleQueue()
        self._out: dict[int, Delivery] = {}
        self._tried = 0
        self._faults: Counter[str] = Counter()
        self._reasons: dict[str, str] = {}
        self._trusted_at = 0.0

    def go_on(self, for_s: float) -> int:
        """Until nothing is due any more, or the time is over; what is on its way is waited for."""
        end = time.monotonic() + for_s
        first = self._take(room=1)
        if not first:
            return 0
        adapters = build(self.channel, settings.ADAPTERS.get(self.channel, []), settings.ADAPTER_OPTIONS)
        room = max((adapter.at_once for _name, adapter in adapters), default=1)
        with Courier(adapters, self._said) as courier:
            self._trust(courier)
            self._give(courier, first)
            self._until(end, courier, room)
            self._finish(courier, room)
            self._trust(courier)
        return self._tried

    def _until(self, end: float, courier: Courier, room: int) -> None:
        while time.monotonic() < end:
            took = self._fill(courier, room)
            if not self._out and not took:
                if not self.look_again.is_set():
                    return
                self.look_again.clear()
                continue
            self._listen(courier)

    def _finish(self, courier: Courier, room: int) -> None:
        """The time is over: wait for what is on its way. As long as a slow provider chews on it, what can't wait
        leaves."""
        old = set(self._out)
        while self._out:
            if not old.isdisjoint(self._out):
                self._give(courier, self._take(room=room, only=Lane.EMERGENCY))
            self._listen(courier)

    def _fill(self, courier: Courier, room: int) -> list[Delivery]:
        """Claim what there is room for. With all hands full, only what can't wait."""
        self.look_again.clear()
        free = room * _AHEAD - len(self._out)
        taken = self._take(room=free) if free > 0 else self._take(room=room, only=Lane.EMERGENCY)
        self._give(courier, taken)
        return taken

    def _take(self, *, room: int, only: Lane | None = None) -> list[Delivery]:
        if only is not None and len(self._out) >= room * (_AHEAD + 1):
            return []
        while claimed := ledger.claim(self.channel, room, only=only):
            held = ledger.hold_back(claimed)
            if free := [delivery for delivery in claimed if delivery.pk not in held]:
                return free
        return []

    def _give(self, courier: Courier, taken: Sequence[Delivery]) -> None:
        if not taken:
            return
        items = writing.items_of(taken)
        waited = ledger.doubted_for(taken)
        for delivery in taken:
            self._out[delivery.pk] = delivery
            courier.carry(Job(delivery, items[delivery.pk], waited.get(delivery.pk)))
        self._tried += len(taken)

    def _listen(self, courier: Courier) -> None:
        """Hear all that was said meanwhile: who may hand over, and what became of the others."""
        heard = list(self._heard())
        if asks := [one for one in heard if isinstance(one, Ask)]:
            granted = ledger.hand_over([(ask.job.delivery, ask.provider) for ask in asks])
            courier.answer(asks, granted)
        if said := [one for one in heard if isinstance(one, Said)]:
            self._write_down(said)
        if time.monotonic() - self._trusted_at > _TRUST_S:
            self._trust(courier)

    def _heard(self) -> Iterable[Said | Ask]:
        try:
            yield self._said.get(timeout=_LOOK_S)
            while True:
                yield self._said.get_nowait()
        except Empty:
            return

    def _write_down(self, said: Sequence[Said]) -> None:
        for one in said:
            self._out.pop(one.job.delivery.pk, None)
            for name, reason in one.faults:
                self._faults[name] += 1
                self._reasons[name] = reason
        recorded = ledger.record(said, chance=random.random)
        for one in said:
            log.info(
                "deliveries.attempted", delivery=one.job.delivery.pk, cause=one.job.delivery.dispatch.cause,
                channel=self.channel, provider=one.provider, result=one.outcome.result.value,
                attempt=one.job.delivery.attempts, recorded=one.job.delivery.pk in recorded,
            )  # fmt: skip

    def _trust(self, courier: Courier) -> None:
        """Tell the others whom not to trust, and learn from them."""
        if self._faults:
            providers.note(self.channel, self._faults, self._reasons)
            self._faults.clear()
        courier.trust = providers.trust(self.channel)
        self._trusted_at = time.monotonic()
