"""Writes what is told to a whole town into its people's rows, some at a time, and the mails of who wants it by mail.

    reached = 0 ──▶ the next 500 people by id: rows, mails, `reached`, in one transaction ──▶ … ──▶ done_at

`reached` moves from where it was seen, by a conditional UPDATE that comes first: a second worker waits for the first
one's transaction, finds it moved, and leaves. A worker that dies takes its last rows with it; the clock calls another.
"""

import time

import structlog
from django.db import transaction

from hub.core.clock import now
from hub.notifications import statements
from hub.notifications.broadcast_mail import queue_mails
from hub.notifications.models import Broadcast

log = structlog.get_logger(__name__)

BATCH = 500
# Between two batches the others have the database to themselves: words between people go before news.
PAUSE_S = 0.05
# Younger ones have just been rung for.
LEFT_AFTER_S = 10.0


def write(broadcast_id: int, *, for_s: float) -> bool:
    """Write a broadcast's rows, for `for_s` seconds at most. Whether all are written, or somebody else writes them."""
    end = time.monotonic() + for_s
    while (broadcast := Broadcast.objects.filter(pk=broadcast_id, done_at=None).first()) is not None:
        if time.monotonic() >= end:
            return False
        if not _write_some(broadcast):
            return True
        time.sleep(PAUSE_S)
    return True


def _write_some(broadcast: Broadcast) -> bool:
    """The next batch, or the end. False when somebody else was quicker: they go on."""
    with transaction.atomic():
        last = statements.next_follower(broadcast.town_id, after=broadcast.reached, size=BATCH)
        seen = Broadcast.objects.filter(pk=broadcast.pk, reached=broadcast.reached, done_at=None)
        if last is None:
            done = bool(seen.update(done_at=now()))
            log.info("notifications.broadcast_done", broadcast=broadcast.pk, mine=done)
            return done
        if not seen.update(reached=last):
            return False
        statements.write_rows(broadcast.pk, broadcast.town_id, after=broadcast.reached, up_to=last)
        queue_mails(broadcast, after=broadcast.reached, up_to=last)
    return True
