"""The desk's board at 100,000 tickets, ten years of a town of 43,000: `python -m bench.board --help`"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench.command import Plans, run
from bench.fanout import report
from bench.fanout.ground import DURABLE, ROOT, environment
from tests.engines import Postgres

DESCRIPTION = """A town has 100,000 tickets, 2 % of them open. A manager, who sees all, and an agent of one small
service ask for the board in every order and by every sort of filter; each answer is the whole page, by one process."""

BAR_MS = 100
Times = Mapping[str, Mapping[str, list[float]]]


@dataclass(frozen=True)
class Plan:
    """How many tickets, and how often each thing is asked."""

    tickets: int = 100_000
    rounds: int = 30


QUICK = Plan(rounds=7)
# A run that only shows that everything works; its figures say nothing.
TRIAL = Plan(tickets=2_000, rounds=2)


def measure(plan: Plan) -> Times:
    """Times in ms of each answer, by what was asked and who asked."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-bench-"))
    postgres = Postgres(*DURABLE)
    try:
        postgres.start()
        told = environment(postgres.url(), folder, PARVIS_RATE_LIMITS="off")
        _output(told, "hub", "migrate", "--verbosity", "0")
        _output(told, "hub", "collectstatic", "--no-input", "--verbosity", "0")
        said = _output(told, "bench.board.asking", str(plan.tickets), str(plan.rounds))
        found: Times = json.loads(said.splitlines()[-1])
        return found
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _output(told: Mapping[str, str], module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=dict(told), stdout=subprocess.PIPE, text=True, check=True).stdout


def figures(times: Times) -> dict[str, float]:
    """The medians of the slowest thing asked and of the one in the middle; the time that 95 of 100 answers keep to."""
    medians = [median(each) for by_person in times.values() for each in by_person.values()]
    every = [one for by_person in times.values() for each in by_person.values() for one in each]
    found = {
        "slowest_median_ms": max(medians),
        "middle_median_ms": median(medians),
        "p95_ms": quantiles(every, n=20)[-1],
        "answers": len(every),
    }
    return {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in found.items()}


def table(times: Times) -> str:
    """For people: the median of each."""
    people = list(next(iter(times.values())))
    rows = [[name, *(f"{median(by_person[who]):.0f} ms" for who in people)] for name, by_person in times.items()]
    return report.table(["asked for", *people], rows)


def summary(times: Times, plan: Plan) -> str:
    """All of it."""
    found = figures(times)
    rows = [
        ["tickets", f"{plan.tickets:,}", ""],
        ["median of the slowest thing asked", f"{found['slowest_median_ms']:.0f} ms", f"< {BAR_MS} ms"],
        ["… of the one in the middle", f"{found['middle_median_ms']:.0f} ms", ""],
        ["95 of 100 answers come within", f"{found['p95_ms']:.0f} ms", ""],
    ]
    return f"{report.table(['what', 'found', 'bar'], rows)}\n\n{table(times)}"


def main() -> None:
    """Measure, and say what was found."""
    run("board", DESCRIPTION, Plans(Plan(), QUICK, TRIAL), measure, told=summary, figures=figures)


if __name__ == "__main__":
    main()
