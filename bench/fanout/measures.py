"""What is measured of relaying, opening and holding sockets. Each function is one round."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.fanout import contestants
from bench.fanout.contestants import parvis
from bench.fanout.generator import Found, Route, load, loads
from bench.fanout.ground import Ground


@dataclass(frozen=True)
class Plan:
    """How often and how long. Times in seconds."""

    rounds: int = 3
    sockets: int = 1_000
    opened: int = 1_000  # handshakes in a row
    idle_sockets: int = 5_000
    naive_sockets: int = 5_000  # the same for the tutorial's way; 0: as many as it relays to
    memory_rounds: int = 3
    warm_s: float = 1.0
    flood_s: float = 4.0
    steady_s: float = 8.0
    post_s: float = 10.0
    settle_s: float = 3.0


QUICK = Plan(opened=500, memory_rounds=1, naive_sockets=0, warm_s=0.5, flood_s=1.5, steady_s=3, post_s=3, settle_s=1.5)
# A run that only shows that everything works; its figures say nothing.
TRIAL = Plan(
    rounds=1, sockets=50, opened=50, idle_sockets=100, naive_sockets=0, memory_rounds=1, warm_s=0.3, flood_s=0.5,
    steady_s=1, post_s=1, settle_s=0.3,
)  # fmt: skip

STEADY_PER_S = 5
WITH_P99 = ("parvis", "limit")


@dataclass(frozen=True)
class Relayed:
    """One server's round. `handshakes`: sockets opened a second with the session checked, and nothing more."""

    flood: Found
    steady: Found | None = None
    handshakes: Found | None = None


def relay(ground: Ground, plan: Plan, name: str) -> Relayed:
    """One speaks to all, as fast as it goes; ours and the limit also 5 times a second; ours and naive: opening."""
    modes = "flood,steady" if name in WITH_P99 else "flood"
    with contestants.ALL[name](ground) as route:
        found = loads(
            ground, route, modes, plan.sockets, seconds=plan.flood_s, warm=plan.warm_s,
            **{"rate": STEADY_PER_S, "steady-seconds": plan.steady_s},
        )  # fmt: skip
        greeted = _GREETED.get(name)
        opened = load(ground, greeted(route), "connect", plan.opened, settle=0) if greeted else None
        return Relayed(found[0], found[1] if len(found) > 1 else None, opened)


# The same servers where they only check who is there.
_GREETED: dict[str, Callable[[Route], Route]] = {
    "parvis": lambda route: replace(route, people="signed-in"),
    "naive": lambda route: replace(route, subscribe_path="/hello/", people="signed-in"),
}


def memory(ground: Ground, plan: Plan) -> dict[str, Found]:
    """What an idle signed-in socket holds of the server's memory: ours (three topics), naive (one).

    Each is another person's. Of ours, `opens_per_s` counts sockets that are ready: session checked, three
    subscriptions answered.
    """
    found = {}
    with parvis(ground, people="citizens") as ours:
        found["parvis"] = load(ground, ours, "connect", plan.idle_sockets, settle=plan.settle_s)
    if plan.naive_sockets:
        with contestants.naive(ground) as theirs:
            found["naive"] = load(ground, theirs, "connect", plan.naive_sockets, settle=plan.settle_s)
    return found
