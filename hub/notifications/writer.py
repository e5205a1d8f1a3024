"""Writes what is told to a whole town into its people's rows, some at a time, and the mails of who wants it by mail.

    reached = 0 ──▶ the next 50 people by id: rows, mails, `reached`, in one transaction ──▶ … ──▶ done_at

`reached` moves from where it was seen, by a conditional UPDATE that comes first: a second worker waits for the first
one's transaction, finds it moved, and leaves. A worker that dies takes its last rows with it; the clock calls another.
"""

import time

from django.db import transaction

from hub.core.clock import now
from hub.notifications import statements
from hub.notifications.broadcast_mail import queue_mails, wanted_by_mail
from hub.notifications.models import Broadcast

# A batch every 11 ms, 4,500 people a second: words between people go before news, and find the database free.
BATCH = 50
PACE_S = 0.011
PAUSE_S = 0.005  # at least, after a batch that took long
# Younger ones have just been rung for.
LEFT_AFTER_S = 10.0


def write(broadcast_id: int, *, for_s: float) -> bool:
    """Write a broadcast's rows, for `for_s` seconds at most. Whether all are written, or somebody else writes them."""
    end = time.monotonic() + for_s
    broadcast = Broadcast.objects.filter(pk=broadcast_id).select_related("town").first()
    if broadcast is None:
        return True
    by_mail = wanted_by_mail(broadcast)
    while broadcast.done_at is None:
        begun = time.monotonic()
        if begun >= end:
            return False
        if not _write_some(broadcast, by_mail=by_mail):
            return True
        time.sleep(max(PAUSE_S, begun + PACE_S - time.monotonic()))
    return True


def _write_some(broadcast: Broadcast, *, by_mail: bool) -> bool:
    """The next batch, or the end. False when somebody else was quicker: they go on."""
    seen = broadcast.reached
    with transaction.atomic():
        if not by_mail:  # which can't be called back
            statements.let_commit_early()
        last = statements.next_follower(broadcast.town_id, after=seen, size=BATCH)
        if last is None:
            return _end(broadcast)
        if not statements.move(broadcast.pk, seen=seen, to=last):
            return False
        statements.write_rows(broadcast.pk, broadcast.town_id, after=seen, up_to=last)
        if by_mail:
            queue_mails(broadcast, after=seen, up_to=last)
    broadcast.reached = last
    return True


def _end(broadcast: Broadcast) -> bool:
    broadcast.done_at = now()
    left = Broadcast.objects.filter(pk=broadcast.pk, reached=broadcast.reached, done_at=None)
    return bool(left.update(done_at=broadcast.done_at))
