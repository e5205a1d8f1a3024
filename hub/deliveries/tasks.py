"""Doorbells of the outbox. The rows are the truth: a lost task delays, and loses nothing."""

import time
from collections.abc import Callable

import structlog
from kombu.exceptions import OperationalError

from hub.celery import app
from hub.deliveries import halts, receipts, sender
from hub.schedule import HEARD_WITHIN_S

log = structlog.get_logger(__name__)

WORK_S = 8.0  # the next sweep rings again
RINGS = 4  # workers called at once for what is overdue
_AWAY_S = 5.0

_broker_away_until = 0.0


def nudge(channel: str, due: int = 1) -> None:
    """Ask workers to send what is due, so many, now. With the broker away, the sweep does."""
    for _worker in range(min(due, RINGS)):
        ring(lambda: send_due.apply_async((channel,), queue=channel, expires=HEARD_WITHIN_S))


def ring(call: Callable[[], object]) -> None:
    """Call a worker. With the broker away it does nothing: a sweep finds the row."""
    global _broker_away_until
    if time.monotonic() < _broker_away_until:
        return
    try:
        call()
    except (OperationalError, OSError) as error:
        _broker_away_until = time.monotonic() + _AWAY_S
        log.warning("deliveries.broker_away", error=repr(error))


@app.task(name="deliveries.send_due")
def send_due(channel: str) -> None:
    """Send what is due on a channel, for 8 s at most, and call again when more is left."""
    if sender.send_due(channel, for_s=WORK_S) and sender.is_left_over(channel):
        nudge(channel)


@app.task(name="deliveries.sweep")
def sweep() -> None:
    """Close what came too late, and call workers for what is due and for what a dead worker left."""
    receipts.take_early()
    for channel, due in sender.sweep().items():
        nudge(channel, due)
    halts.tell_new()
