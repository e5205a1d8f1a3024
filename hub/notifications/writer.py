"""Writes what is told to a whole town into its people's rows, some at a time, and the mails of who wants it by mail.

    reached = 0 ──▶ the next 50 people by id: rows, mails, `reached`, in one transaction ──▶ … ──▶ done_at

`reached` moves from where it was seen, by a conditional UPDATE that comes first: a second worker waits for the first
one's transaction, finds it moved, and leaves. A worker that dies takes its last rows with it; the clock calls another.
"""

import time
from collections.abc import Callable, Sequence

from django.db import transaction

from hub.core.clock import now
from hub.notifications import statements
from hub.notifications.broadcast_mail import queue_mails, wanted_by_mail
from hub.notifications.broadcast_push import queue_pushes, wanted_on_devices
from hub.notifications.models import Broadcast

# A batch every 11 ms, 4,500 people a second: words between people go before news, and find the database free.
BATCH = 50
PACE_S = 0.011
PAUSE_S = 0.005  # at least, after a batch that took long
# Younger ones have just been rung for.
LEFT_AFTER_S = 10.0


Queue = Callable[..., int]


def write(broadcast_id: int, *, for_s: float) -> bool:
    """Write a broadcast's rows, for `for_s` seconds at most. Whether all are written, or somebody else writes them."""
    end = time.monotonic() + for_s
    broadcast = Broadcast.objects.filter(pk=broadcast_id).select_related("town").first()
    if broadcast is None:
        return True
    leaves = _ways_out(broadcast)
    while broadcast.done_at is None:
        begun = time.monotonic()
        if begun >= end:
            return False
        if not _write_some(broadcast, leaves):
            return True
        time.sleep(max(PAUSE_S, begun + PACE_S - time.monotonic()))
    return True


def _ways_out(broadcast: Broadcast) -> Sequence[Queue]:
    """What puts it into the outbox, by the ways by which any of the town's people wants it."""
    ways: Sequence[tuple[Callable[[Broadcast], bool], Queue]] = (
        (wanted_by_mail, queue_mails), (wanted_on_devices, queue_pushes),
    )  # fmt: skip
    return [queue for wanted, queue in ways if wanted(broadcast)]


def _write_some(broadcast: Broadcast, leaves: Sequence[Queue]) -> bool:
    """The next batch, or the end. `leaves`: what puts it into the outbox. False when somebody else was quicker: they
    go on."""
    seen = broadcast.reached
    with transaction.atomic():
        if not leaves:  # what left can't be called back
            statements.let_commit_early()
        last = statements.next_follower(broadcast.town_id, after=seen, size=BATCH)
        if last is None:
            return _end(broadcast)
        if not statements.move(broadcast.pk, seen=seen, to=last):
            return False
        statements.write_rows(broadcast.pk, broadcast.town_id, after=seen, up_to=last)
        for queue in leaves:
            queue(broadcast, after=seen, up_to=last)
    broadcast.reached = last
    return True


def _end(broadcast: Broadcast) -> bool:
    broadcast.done_at = now()
    left = Broadcast.objects.filter(pk=broadcast.pk, reached=broadcast.reached, done_at=None)
    return bool(left.update(done_at=broadcast.done_at))
