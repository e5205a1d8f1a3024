"""What is measured of relaying, opening and holding sockets. Each function is one round."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from bench.fanout import contestants
from bench.fanout.contestants import parvis
from bench.fanout.generator import Found, Route, load
from bench.fanout.ground import Ground


@dataclass(frozen=True)
class Plan:
    """How often and how long. Times in seconds."""

    rounds: int = 3
    sockets: int = 1_000
    idle_sockets: int = 5_000
    memory_rounds: int = 3
    warm_s: float = 1.0
    flood_s: float = 4.0
    steady_s: float = 8.0
    post_s: float = 10.0
    settle_s: float = 3.0


QUICK = Plan(memory_rounds=1, warm_s=0.5, flood_s=2.0, steady_s=3.0, post_s=4.0, settle_s=1.5)
# A run that only shows that everything works; its figures say nothing.
TRIAL = Plan(
    rounds=1, sockets=50, idle_sockets=100, memory_rounds=1, warm_s=0.3, flood_s=0.5, steady_s=1, post_s=1, settle_s=0.3
)

STEADY_PER_S = 5
WITH_P99 = ("parvis", "limit")


def relay(ground: Ground, plan: Plan, name: str) -> tuple[Found, Found | None]:
    """One speaks to all: as fast as it goes, then (ours and the limit) at 5 messages a second."""
    with contestants.ALL[name](ground) as route:
        flood = load(ground, route, "flood", plan.sockets, seconds=plan.flood_s, warm=plan.warm_s)
        return flood, _steady(ground, plan, route) if name in WITH_P99 else None


def _steady(ground: Ground, plan: Plan, route: Route) -> Found:
    warm_s = min(1.0, plan.warm_s)
    return load(ground, route, "steady", plan.sockets, rate=STEADY_PER_S, seconds=plan.steady_s, warm=warm_s)


@contextlib.contextmanager
def _naive_greeting(ground: Ground) -> Iterator[Route]:
    """The naive app where it only checks who is there."""
    with contestants.naive(ground) as route:
        yield Route(route.pids, route.ports, subscribe_path="/hello/", people="signed-in")


def handshakes(ground: Ground, plan: Plan) -> tuple[Found, Found]:
    """Sockets opened a second with the session checked, and nothing more: ours, naive."""
    with parvis(ground, people="signed-in") as ours:
        found = load(ground, ours, "connect", plan.sockets, settle=0)
    with _naive_greeting(ground) as theirs:
        return found, load(ground, theirs, "connect", plan.sockets, settle=0)


def memory(ground: Ground, plan: Plan) -> tuple[Found, Found]:
    """What an idle signed-in socket holds of the server's memory: ours (three topics), naive (one).

    Each is another person's. Of ours, `opens_per_s` counts sockets that are ready: session checked, three
    subscriptions answered.
    """
    with parvis(ground, people="citizens") as ours:
        found = load(ground, ours, "connect", plan.idle_sockets, settle=plan.settle_s)
    with contestants.naive(ground) as theirs:
        return found, load(ground, theirs, "connect", plan.idle_sockets, settle=plan.settle_s)
