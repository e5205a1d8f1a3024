"""When things of the demo were said: told from the present moment, so that the demo is always of today."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

# From the present moment, in the town's time zone, to when it was.
When = Callable[[datetime], datetime]


def days_ago(days: int, clock: str) -> When:
    """That many days ago, at a time of day."""
    return lambda present: datetime.combine(
        present.date() - timedelta(days=days), time.fromisoformat(clock), present.tzinfo
    )


def minutes_ago(minutes: float) -> When:
    """A moment ago."""
    return lambda present: present - timedelta(minutes=minutes)
