"""Doorbells of what is told to whole towns. The rows are the truth: a lost task delays, and loses nothing."""

from datetime import timedelta

import structlog
from kombu.exceptions import OperationalError

from hub.celery import app
from hub.core.clock import now
from hub.notifications import writer
from hub.notifications.models import Broadcast

log = structlog.get_logger(__name__)

WORK_S = 8.0  # then other tasks have their turn


def nudge(broadcast_id: int) -> None:
    """Ask a worker to write this one now. With the broker away, the clock finds it."""
    try:
        write.apply_async((broadcast_id,))
    except (OperationalError, OSError) as error:
        log.warning("notifications.broker_away", error=repr(error))


@app.task(name="notifications.write")
def write(broadcast_id: int) -> None:
    """Write a broadcast's rows, for 8 s at most; what is left then goes to the end of the queue."""
    if not writer.write(broadcast_id, for_s=WORK_S):
        nudge(broadcast_id)


@app.task(name="notifications.write_left")
def write_left() -> None:
    """Call a worker for what a lost task or a dead worker left."""
    before = now() - timedelta(seconds=writer.LEFT_AFTER_S)
    for broadcast_id in Broadcast.objects.filter(done_at=None, at__lt=before).values_list("pk", flat=True):
        nudge(broadcast_id)
