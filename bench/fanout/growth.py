"""The cost of growing: more sockets, more processes. `python -m bench.fanout --growth`"""

import sys
from contextlib import AbstractContextManager
from functools import partial

from bench.fanout import contestants, report
from bench.fanout.contestants import Serve
from bench.fanout.figures import Rounds
from bench.fanout.generator import Found, Route, loads
from bench.fanout.ground import Ground
from bench.fanout.measures import STEADY_PER_S, Plan
from bench.fanout.picture import Line, Panel, draw

SOCKETS = (100, 1_000, 5_000, 10_000)
PROCESSES = (1, 2, 4)
PICTURE = report.RESULTS.with_name("growth.svg")

Points = dict[int, tuple[float, float]]  # sockets or processes → deliveries/s, p99 in ms


def _one(ground: Ground, plan: Plan, serve: AbstractContextManager[Route], sockets: int) -> tuple[Found, Found]:
    with serve as route:
        flood, steady = loads(
            ground, route, "flood,steady", sockets, seconds=plan.flood_s, warm=plan.warm_s,
            **{"rate": STEADY_PER_S, "steady-seconds": plan.steady_s},
        )  # fmt: skip
        return flood, steady


def _points(ground: Ground, plan: Plan, serves: dict[int, tuple[int, Serve]]) -> Points:
    """For each number of the axis the medians over all rounds."""
    rounds = Rounds()
    for _ in range(plan.rounds):
        for number, (sockets, serve) in serves.items():
            flood, steady = _one(ground, plan, serve(ground), sockets)
            rounds.add(f"flood {number}", flood.deliveries_per_s)
            rounds.add(f"p99 {number}", steady.p99_ms)
            print(f"growth: {number} → {flood.deliveries_per_s:,.0f}/s, {steady.p99_ms:.1f} ms", file=sys.stderr)
    return {number: (rounds.median(f"flood {number}") or 0, rounds.median(f"p99 {number}") or 0) for number in serves}


def measure(ground: Ground, plan: Plan) -> dict[str, Points]:
    """All points: Parvis and the limit against sockets, Parvis against processes (1,000 sockets in all, one core)."""
    return {
        "sockets": _points(ground, plan, {n: (n, contestants.parvis) for n in SOCKETS}),
        "limit": _points(ground, plan, {n: (n, contestants.limit) for n in SOCKETS}),
        "processes": _points(ground, plan, {n: (1_000, partial(contestants.parvis, processes=n)) for n in PROCESSES}),
    }


def write(points: dict[str, Points], how: str) -> None:
    """Draw the picture and renew RESULTS.md."""
    PICTURE.write_text(draw(_panels(points)))
    head = ["", "deliveries/s", "p99 at 5/s"]
    rows = [
        [f"{name} {number:,}", f"{per_s:,.0f}", f"{p99:.1f} ms"]
        for name, title in (("sockets", "sockets:"), ("limit", "the C limit, sockets:"), ("processes", "processes:"))
        for number, (per_s, p99) in points[name].items()
        for name in [title]
    ]
    text = "\n\n".join(
        [f"![Deliveries/s and p99]({PICTURE.name})", report.table(head, rows), report.circumstances(how)]
    )
    report.replace_section("growth", text)


def _panels(points: dict[str, Points]) -> list[Panel]:
    def line(name: str, of: str, which: int) -> Line:
        return Line(name, [(number, values[which]) for number, values in points[of].items()])

    both = (("deliveries a second", 0), ("p99 at 5 messages/s, ms", 1))
    panels = [
        Panel(f"{title}, by sockets", [line("Parvis", "sockets", which), line("the C limit", "limit", which)])
        for title, which in both
    ]
    return panels + [
        Panel(f"{title}, by processes", [line("Parvis, 1,000 sockets", "processes", which)]) for title, which in both
    ]
