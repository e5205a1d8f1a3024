"""The one place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection
from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _standing.get() or timezone.now()


def shared_now() -> datetime:
    """The same by the clock that all processes share, the database's: the machines' own may be minutes apart."""
    if _standing.get() is not None or connection.vendor != "postgresql":  # SQLite is of one machine
        return now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Inside, it is that moment: for what is told of the past (imports, the demo)."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)
