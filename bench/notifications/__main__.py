"""Telling a whole town while people write to each other: `python -m bench.notifications --help`"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median

from bench.command import Plans, run
from bench.fanout import machine, report
from bench.fanout.contestants import parvis
from bench.fanout.generator import Found, Route, load
from bench.fanout.ground import ROOT, Ground, ground
from bench.fanout.posts import CONVERSATIONS, POSTS_PER_S
from tests.engines import die_with_parent

DESCRIPTION = """A town with 20,000 followers is told something, again and again, by one worker. 100 messages a second
are said in 50 conversations, first without that and then beside it. All share the machine's cores."""

BAR_STORE_S, BAR_RATIO = 5.0, 2.0


@dataclass(frozen=True)
class Plan:
    """How often, how long and how many."""

    rounds: int = 11
    seconds: float = 6.0
    followers: int = 20_000


QUICK = Plan(rounds=5)
# A run that only shows that everything works; its figures say nothing.
TRIAL = Plan(rounds=1, seconds=2, followers=600)


@dataclass
class Rounds:
    """What was found: rows and seconds of each broadcast, and the p99 of `message.post` in ms, round by round."""

    stored: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def figures(rounds: Rounds) -> dict[str, float]:
    """Medians; the ratio is that of the two halves of the same round. `stored`: what the least complete one stored."""
    ratios = [busy / idle for busy, idle in zip(rounds.busy, rounds.idle, strict=True)]
    found = {
        "stored": min(rounds.stored),
        "store_s": median(rounds.seconds),
        "idle_p99_ms": median(rounds.idle),
        "busy_p99_ms": median(rounds.busy),
        "p99_ratio": median(ratios),
    }
    return {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in found.items()}


def measure(place: Ground, plan: Plan) -> Rounds:
    """All rounds; in each, messages alone and messages while the town is told."""
    rounds = Rounds()
    town = place.output("bench.notifications.crowd", str(plan.followers)).strip()
    place.place_stores(machine.ALL)
    with parvis(place, people="pairs", cores=machine.ALL) as route, _worker(place), ThreadPoolExecutor() as threads:
        place.output("bench.notifications.teller", town, "0")  # the worker is there, and warm
        for number in range(plan.rounds):
            rounds.idle.append(_posting(place, route, plan).p99_ms)
            beside = threads.submit(place.output, "bench.notifications.teller", town, str(plan.seconds + 1))
            rounds.busy.append(_posting(place, route, plan).p99_ms)
            told = json.loads(beside.result())
            rounds.stored += told["stored"]
            rounds.seconds += told["seconds"]
            print(f"round {number + 1} of {plan.rounds} is done", file=sys.stderr)
    return rounds


def _posting(place: Ground, route: Route, plan: Plan) -> Found:
    return load(
        place, route, "pairs-steady", 2 * CONVERSATIONS, machine.ALL, rate=POSTS_PER_S, warm=1, seconds=plan.seconds
    )


@contextlib.contextmanager
def _worker(place: Ground) -> Iterator[None]:
    """One worker of the hub's own queue, with one thread."""
    command = [sys.executable, "-m", "hub", "worker", "--channels", "default", "--threads", "1"]
    log = place.home / "worker.log"
    with machine.on(machine.ALL):
        process = subprocess.Popen(
            command, cwd=ROOT, env=place.environment, stdin=subprocess.DEVNULL, stdout=log.open("ab"),
            stderr=subprocess.STDOUT, preexec_fn=die_with_parent,
        )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        process.wait()


def table(found: dict[str, float]) -> str:
    """For people."""
    rows = [
        ["rows stored for each broadcast", f"{found['stored']:,}", ""],
        ["seconds from the commit until all are stored", f"{found['store_s']:.2f}", f"< {BAR_STORE_S:.0f}"],
        ["p99 of `message.post` at 100/s, nothing else", f"{found['idle_p99_ms']:.1f} ms", ""],
        ["… while a town is told", f"{found['busy_p99_ms']:.1f} ms", ""],
        ["ratio of the two, same round", f"{found['p99_ratio']:.2f}×", f"< {BAR_RATIO:.0f}×"],
    ]
    return report.table(["what", "found", "bar"], rows)


def main() -> None:
    """Measure, and say what was found. Exits 1, with a sentence, when the machine lacks something."""

    def found(plan: Plan) -> dict[str, float]:
        with ground() as place:
            return figures(measure(place, plan))

    plans = Plans(Plan(), QUICK, TRIAL)
    run("notifications", DESCRIPTION, plans, found, told=lambda rows, _plan: table(rows), figures=dict)


if __name__ == "__main__":
    main()
