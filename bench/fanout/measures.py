"""What is measured of relaying, opening and holding sockets. Each function is one round."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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
    steady_s: float = 12.0
    post_s: float = 10.0
    settle_s: float = 3.0


QUICK = Plan(opened=400, memory_rounds=1, naive_sockets=0, warm_s=0.5, flood_s=1.5, steady_s=8, post_s=3, settle_s=1.5)
# A run that only shows that everything works; its figures say nothing.
TRIAL = Plan(
    rounds=1, sockets=50, opened=50, idle_sockets=100, naive_sockets=0, memory_rounds=1, warm_s=0.3, flood_s=0.5,
    steady_s=1, post_s=1, settle_s=0.3,
)  # fmt: skip

STEADY_PER_S = 5


@dataclass(frozen=True)
class Relayed:
    """One server's round. `handshakes`: sockets opened a second with the session checked, and nothing more."""

    flood: Found
    steady: Found | None = None
    handshakes: Found | None = None


def relay(ground: Ground, plan: Plan, name: str) -> Relayed:
    """One speaks to all, as fast as it goes; naive: opening."""
    with contestants.ALL[name](ground) as route:
        flood = load(ground, route, "flood", plan.sockets, seconds=plan.flood_s, warm=plan.warm_s)
        return Relayed(flood, handshakes=_opened(ground, plan, name, route))


def ours_and_limit(ground: Ground, plan: Plan) -> dict[str, Relayed]:
    """The same of Parvis and of the limit; then 5 messages a second to each of them, in turns.

    Both are then open at once, the one speaks in the middle of the other's rest: whatever the machine does meanwhile,
    it does to both.
    """
    slow = {"rate": STEADY_PER_S, "steady-seconds": plan.steady_s, "warm": plan.warm_s}
    with parvis(ground) as ours, contestants.limit(ground) as theirs, ThreadPoolExecutor() as threads:
        limit_flood = load(ground, theirs, "flood", plan.sockets, seconds=plan.flood_s, warm=plan.warm_s)
        beside: list[Future[Found]] = []

        def begin() -> None:
            # `settle`: both begin a second after the flood.
            options = {**slow, "phase": 0.5, "settle": 1}
            beside.append(threads.submit(load, ground, theirs, "steady", plan.sockets, **options))

        flood, steady = loads(
            ground, ours, "flood,steady", plan.sockets, seconds=plan.flood_s, after_first=begin, **slow
        )
        return {
            "parvis": Relayed(flood, steady, _opened(ground, plan, "parvis", ours)),
            "limit": Relayed(limit_flood, beside[0].result()),
        }


def _opened(ground: Ground, plan: Plan, name: str, route: Route) -> Found | None:
    """Sockets opened a second with the session checked, and nothing more."""
    greeted = _GREETED.get(name)
    return load(ground, greeted(route), "connect", plan.opened, settle=0) if greeted else None


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
