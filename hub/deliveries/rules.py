"""How long to wait before the next attempt, and when to give up. Pure."""

from datetime import timedelta

# A worker that has not ended by then is taken for dead. Longer than any adapter's own time limit.
LEASE = timedelta(minutes=4)
MAX_ATTEMPTS = 60
_FIRST = timedelta(seconds=15)
_LONGEST = timedelta(hours=1)


def may_try_again(attempts: int) -> bool:
    """Whether one more attempt is allowed after so many."""
    return attempts < MAX_ATTEMPTS


def delay(attempts: int, chance: float) -> timedelta:
    """How long to wait after that many attempts: 15 s, then twice as long each time, an hour at most.

    `chance`, from 0 to 1, spreads it over ± 25 %, so that what failed together does not come back together.
    """
    doubled: timedelta = _FIRST * 2 ** min(attempts - 1, 12)
    return min(doubled, _LONGEST) * (0.75 + chance / 2)
