"""When a call that failed is tried again, and when no more. Pure."""

from datetime import datetime, timedelta

# A worker that has not ended by then is taken for dead. Longer than an attempt may last.
LEASE = timedelta(seconds=60)
GIVE_UP = timedelta(hours=24)
# An address that can't be reached is left alone for so long: its calls would hold up those of others.
REST = timedelta(seconds=30)
KEPT = timedelta(days=30)
# Nothing but failures for so long: it is put out of service, and the town is told.
PATIENCE = timedelta(days=3)
_FIRST = timedelta(seconds=15)
_LONGEST = timedelta(hours=3)


def next_try(created_at: datetime, at: datetime, attempts: int, chance: float, asked_s: int = 0) -> datetime | None:
    """After `attempts` that failed, the last of them at `at`; None: it is given up, a day after its cause.

    15 s, then twice as long each time, three hours at most. `chance`, from 0 to 1, spreads it over ± 25 %. `asked_s`:
    for how many seconds the other side wants to be left alone.
    """
    doubled: timedelta = _FIRST * 2 ** min(attempts - 1, 12)
    wait = min(doubled, _LONGEST) * (0.75 + chance / 2)
    return within(created_at, at + max(wait, min(timedelta(seconds=asked_s), _LONGEST)))


def is_hopeless(failing_since: datetime | None, at: datetime) -> bool:
    """Whether a webhook has failed for so long that it is called no more. Each call until then was tried for a day."""
    return failing_since is not None and at - failing_since >= PATIENCE


def within(created_at: datetime, when: datetime) -> datetime | None:
    """`when`, if it is not too late then."""
    return when if when <= created_at + GIVE_UP else None
