"""Doorbells of workbooks to be made. The rows are the truth: a lost task delays, and loses nothing."""

import structlog
from kombu.exceptions import OperationalError

from hub.celery import app
from hub.people.exchange import preparing

log = structlog.get_logger(__name__)


def nudge(file_id: int) -> None:
    """Ask a worker to make this one now. With the broker away, the clock finds it."""
    try:
        prepare_file.apply_async((file_id,))
    except (OperationalError, OSError) as error:
        log.warning("people.broker_away", error=repr(error))


@app.task(name="people.prepare_file")
def prepare_file(file_id: int) -> None:
    """Make one workbook of citizens, when it is still to be made."""
    preparing.prepare(file_id)


@app.task(name="people.prepare_left")
def prepare_left() -> None:
    """Call workers for what was left, and forget what is older than a day."""
    for file_id in preparing.left():
        nudge(file_id)
