"""Doorbells for mails that were kept. The rows are the truth: a lost task delays, and loses nothing."""

from hub.celery import app
from hub.deliveries.tasks import ring
from hub.schedule import HEARD_WITHIN_S
from inbound_email.reading import read_waiting
from inbound_email.records import prune

QUEUE = "inbound"


def nudge() -> None:
    """Ask a worker to read what waits, now. With the broker away, the clock does."""
    ring(lambda: read.apply_async(expires=HEARD_WITHIN_S))


@app.task(name="inbound_email.read", queue=QUEUE)
def read() -> None:
    """Read mails that wait."""
    read_waiting()


@app.task(name="inbound_email.prune", queue=QUEUE)
def forget_old() -> None:
    """Forget mails that became nothing."""
    prune()
