"""How long to wait before the next attempt, when to give up, whom to ask first, and what a receipt changes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels_adapters.base import PROVIDERS_FAULTS, Outcome, Result
from hub.deliveries.models import Lane, State

# A worker that has not ended by then is taken for dead. Longer than any adapter's own time limit.
LEASE = timedelta(minutes=4)
# An adapter that has said nothing by then never will. Well inside the lease.
PATIENCE_S = 180.0


@dataclass(frozen=True)
class Patience:
    """How often and how long a class of deliveries is tried: `first`, then twice as long each time, `longest` at most,
    `attempts` in all."""

    first: timedelta
    longest: timedelta
    attempts: int


_PATIENCE = {
    Lane.EMERGENCY: Patience(timedelta(seconds=5), timedelta(minutes=1), 120),
    Lane.TRANSACTIONAL: Patience(timedelta(seconds=15), timedelta(hours=1), 60),
    Lane.NOTIFICATION: Patience(timedelta(minutes=1), timedelta(hours=1), 40),
    Lane.BULK: Patience(timedelta(minutes=2), timedelta(hours=2), 30),
}


def may_try_again(lane: int, attempts: int) -> bool:
    """Whether one more attempt is allowed after so many."""
    return attempts < _PATIENCE[Lane(lane)].attempts


def delay(lane: int, attempts: int, chance: float, asked: float | None = None) -> timedelta:
    """How long to wait after that many attempts. `asked`: at least, in seconds, as the provider wants it.

    `chance`, from 0 to 1, spreads it over ± 25 %, so that what failed together does not come back together.
    """
    patience = _PATIENCE[Lane(lane)]
    doubled: timedelta = patience.first * 2 ** min(attempts - 1, 12)
    waited = min(doubled, patience.longest) * (0.75 + chance / 2)
    return max(waited, timedelta(seconds=min(asked or 0, 3_600)))


# What nobody can say whether it left.

_ASK_AFTER = timedelta(seconds=20)
_ASKED_AT_MOST = 6
_URGENT_ASKED_AT_MOST = 3


def ask_after_doubt(lane: int, attempts: int, *, remembers: bool) -> timedelta | None:
    """How long after a doubt it is looked into; None: never, it stays unknown.

    A provider that can be asked is asked. One that can't, or does not answer for a minute, is given an emergency once
    more: twice is better than never there, and nowhere else.
    """
    most = _URGENT_ASKED_AT_MOST if lane == Lane.EMERGENCY else _ASKED_AT_MOST
    if attempts >= most or not (remembers or lane == Lane.EMERGENCY):
        return None
    return _ASK_AFTER * attempts


# Providers.

LEAST_TRUST = 5.0  # so that one that is well again is found out
_KEPT_BY_A_FAULT = 0.7
_BACK_PER_S = 0.5


def trust_now(trust: float, changed_at: datetime, at: datetime) -> float:
    """What is left of a former distrust: it drifts back by one point in two seconds."""
    waited = max((at - changed_at).total_seconds(), 0)
    return min(100.0, trust + waited * _BACK_PER_S)


def trust_after(trust: float, faults: int) -> float:
    """After so many faults at once."""
    return max(LEAST_TRUST, trust * _KEPT_BY_A_FAULT**faults)


def in_order(names: Sequence[str], trust: Mapping[str, float], chance: float) -> list[str]:
    """Whom to ask, one after another: in order of preference, but for those whom `chance` (0 to 1) distrusts."""
    doubted = [name for name in names if trust.get(name, 100.0) < chance * 100]
    return [name for name in names if name not in doubted] + doubted


def is_fault(outcome: Outcome) -> bool:
    """Whether the provider is the matter, and not the person at the other end."""
    return outcome.cause in PROVIDERS_FAULTS and outcome.result is not Result.ACCEPTED


def try_next(outcome: Outcome) -> bool:
    """Whether another provider may do what this one did not. Never after a doubt."""
    return outcome.result is Result.TEMPORARY or (outcome.result is Result.REFUSED and is_fault(outcome))


def a_moment_may_do(outcome: Outcome) -> bool:
    """Whether it is tried again at once, where somebody waits for it: a provider that failed in passing, and has not
    asked for patience."""
    return try_next(outcome) and is_fault(outcome) and not outcome.retry_after_s


# Receipts.

# They come early, late, ten times and in any order: the highest wins, and the end is the same.
RANK: Mapping[str, int] = {
    State.QUEUED: 0, State.SENDING: 1, State.UNKNOWN: 2, State.SENT: 3, State.FAILED: 4, State.UNDELIVERABLE: 5,
    State.DELIVERED: 6, State.SUPPRESSED: 7, State.EXPIRED: 7,
}  # fmt: skip
ENDED = frozenset(state for state, rank in RANK.items() if rank >= RANK[State.FAILED])


def below(state: str) -> list[str]:
    """The states that a receipt for `state` moves on."""
    return [other for other, rank in RANK.items() if rank < RANK[state]]
