"""Several people's acts at one instant, each on a connection of its own: who holds what is only to be seen with
PostgreSQL, for SQLite lets one write at a time."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

# For a row, in this database: vacuum waits for tables, and a demo of other tests may be alive beside. Not by
# pg_stat_activity, which stands still within a transaction.
_WAITING = """SELECT count(DISTINCT waits.pid) FROM pg_locks waits
JOIN pg_locks holds ON holds.pid = waits.pid AND holds.granted AND holds.locktype = 'relation'
JOIN pg_database here ON here.oid = holds.database AND here.datname = current_database()
WHERE NOT waits.granted AND waits.locktype IN ('tuple', 'transactionid')"""


class Act(threading.Thread):
    """Somebody's act, on a connection of its own. `failed`: what it raised."""

    def __init__(self, act: Callable[..., Any], **arguments: Any) -> None:
        super().__init__()
        self.act, self.arguments = act, arguments
        self.failed: Exception | None = None
        self.made: Any = None

    def run(self) -> None:
        try:
            self.made = self.act(**self.arguments)
        except Exception as error:
            self.failed = error
        finally:
            connection.close()


def start(*acts: Act) -> None:
    """One after the other, each once the one before waits for what somebody holds."""
    for number, act in enumerate(acts, 1):
        act.start()
        until = time.monotonic() + 60
        while _waiting() < number:
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.02)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return int(cursor.fetchone()[0])


def ended(*acts: Act) -> list[Exception | None]:
    """What each failed with."""
    for act in acts:
        act.join(60)
        assert not act.is_alive()
    return [act.failed for act in acts]
