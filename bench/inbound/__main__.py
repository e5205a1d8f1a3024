"""Answers that come in by mail: `python -m bench.inbound --help`"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psutil
import psycopg

from bench.command import Plans, run
from bench.fanout import report
from bench.fanout.ground import DURABLE, ROOT, Missing, environment
from bench.inbound.sender import AUTHSERV_ID
from tests.engines import Postgres, Redis, die_with_parent, free_port, wait_until

DESCRIPTION = """Citizens answer follow-ups by mail: one process takes the mails, one worker puts the words on their
tickets. Beside it Postfix's smtp-sink, which forgets what it takes: the limit of receiving; and the way of most, which
reads each mail in the process that takes it, before it says 250. Then 20 mails a second, until they are seen on the
board; and the memory of both processes while many come."""

BAR_P99_S, BAR_GROWTH = 1.0, 1.1
RATE = 20
SINK = "smtp-sink"


@dataclass(frozen=True)
class Plan:
    """How many mails by each way: to the door alone (in each of `rounds`), all the way, at once, and at 20 a second."""

    rounds: int = 5
    received: int = 500
    threaded: int = 10_000
    at_once: int = 300
    watched: int = 600

    @property
    def tickets(self) -> int:
        return self.rounds * self.received + self.threaded + self.at_once + self.watched + 20


QUICK = Plan(rounds=3, threaded=2_000, watched=400)
# A run that only shows that everything works; its figures say nothing.
TRIAL = Plan(rounds=1, received=20, threaded=60, at_once=20, watched=40)


@dataclass
class Ground:
    """A durable PostgreSQL, a Redis, and what the hub's processes are told. `taken`: tickets that were answered."""

    folder: Path
    database: str
    environment: Mapping[str, str]
    town: dict[str, str] = field(default_factory=dict)
    taken: int = 0

    @property
    def door(self) -> int:
        return int(self.environment["PARVIS_INBOUND_SMTP"].rpartition(":")[2])

    @property
    def web(self) -> int:
        return int(self.environment["PARVIS_PUBLIC_URL"].rpartition(":")[2])

    @property
    def answers(self) -> Path:
        return self.folder / "answers"

    def output(self, module: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE,
            text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    @contextlib.contextmanager
    def running(self, *command: str, port: int = 0) -> Iterator["subprocess.Popen[str]"]:
        """A process beside, killed afterwards; it listens on `port` by then."""
        program = [sys.executable, "-m", *command] if command[0] != SINK else [_sink() or "", *command[1:]]
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                program, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                preexec_fn=die_with_parent, text=True,
            )  # fmt: skip
        try:
            if port:
                wait_until(lambda: _listens(port), f"{command} listens", 60)
            yield process
        finally:
            process.kill()
            process.wait()

    def sent(self, port: int, many: int, rate: float = 0, *, again: int | None = None) -> dict:  # type: ignore[type-arg]
        """Answers to so many tickets, to the door at `port`: what the sender says. `again`: the same as from there."""
        first = self.taken if again is None else again
        self.taken += many if again is None else 0
        arguments = (port, self.answers, first, many, rate)
        found: dict[str, object] = json.loads(self.output("bench.inbound.sender", *map(str, arguments)))
        return found

    def placed(self) -> int:
        """How many mails stand on their ticket."""
        with psycopg.connect(self.database) as session:
            found = session.execute("SELECT count(*) FROM inbound_email_inboundemail WHERE status = 'placed'")
            return int((found.fetchone() or (0,))[0])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def ground(plan: Plan) -> Iterator[Ground]:
    """Everything in place; all gone afterwards. Raises `Missing`."""
    if _sink() is None:
        raise Missing("Postfix's smtp-sink is not here: install postfix, then try again.")
    folder = Path(tempfile.mkdtemp(prefix="parvis-bench-"))
    postgres, redis = Postgres(*DURABLE), Redis()
    try:
        postgres.start()
        redis.start()
        told = environment(
            postgres.url(), folder, REDIS_URL=redis.url, PARVIS_PUBLIC_URL=f"http://127.0.0.1:{free_port()}",
            PARVIS_INBOUND_DOMAIN="reponses.courriels.example", PARVIS_INBOUND_SMTP=f"127.0.0.1:{free_port()}",
            PARVIS_INBOUND_AUTHSERV_ID=AUTHSERV_ID,
        )  # fmt: skip
        place = Ground(folder, postgres.url(), told)
        place.output("hub", "migrate", "--verbosity", "0")
        place.town = json.loads(place.output("bench.inbound.seed", str(plan.tickets), str(place.answers)))
        yield place
    finally:
        postgres.stop()
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _sink() -> str | None:
    return shutil.which(SINK) or shutil.which(SINK, path="/usr/sbin")


def measure(place: Ground, plan: Plan) -> dict[str, float]:
    """All of it, one after the other."""
    with place.running("hub", "receive-smtp", port=place.door) as door:
        found = _receiving(place, plan)
        print("receiving is done", file=sys.stderr)
        found |= _threading(place, plan, door.pid)
        print("threading is done", file=sys.stderr)
        found |= _watching(place, plan)
    port = free_port()
    with place.running("bench.inbound.at_once", str(port), port=port):
        there = place.placed()
        told = place.sent(port, plan.at_once)
        assert place.placed() == there + plan.at_once
    return found | {
        "at_once_per_s": plan.at_once / told["seconds"], "at_once_p99_ms": _p99(told["took_ms"]),
        "vs_at_once": found["threaded_per_s"] * told["seconds"] / plan.at_once,
    }  # fmt: skip


def _receiving(place: Ground, plan: Plan) -> dict[str, float]:
    """By our door and by smtp-sink, the same mails, in turns. Nobody reads them yet."""
    ours, limit, waits, port = [], [], [], free_port()
    account = ("-u", "nobody") if os.geteuid() == 0 else ()
    with place.running(SINK, *account, f"127.0.0.1:{port}", "100", port=port):
        for _ in range(plan.rounds):
            first = place.taken
            told = place.sent(place.door, plan.received)
            ours.append(plan.received / told["seconds"])
            waits += told["took_ms"]
            limit.append(plan.received / place.sent(port, plan.received, again=first)["seconds"])
    return {
        "received_per_s": median(ours), "sink_per_s": median(limit), "received_p99_ms": _p99(waits),
        "vs_sink": median(a / b for a, b in zip(ours, limit, strict=True)),
    }  # fmt: skip


def _threading(place: Ground, plan: Plan, door: int) -> dict[str, float]:
    """As many as the door takes, while one worker reads: from the first mail until the last answer stands. What waited
    is read first, and warms the worker. Memory: of each process, and how much more it is at the end than after a
    fifth."""
    with place.running("hub", "worker") as worker:
        wait_until(lambda: place.placed() == place.taken, "what waited is read", 600)
        before, begun = place.taken, time.monotonic()
        arguments = (place.door, place.answers, before, plan.threaded, 0)
        sender = subprocess.Popen(
            [sys.executable, "-m", "bench.inbound.sender", *map(str, arguments)],
            cwd=ROOT, env=place.environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        place.taken += plan.threaded
        memory: dict[str, list[float]] = {"worker": [], "door": []}
        marks = [before + plan.threaded * part // 5 for part in range(1, 6)]
        for mark in marks:
            wait_until(lambda mark=mark: place.placed() >= mark, f"{mark} answers stand", 3_600)  # type: ignore[misc]
            memory["worker"].append(_memory(worker.pid))
            memory["door"].append(_memory(door))
        seconds = time.monotonic() - begun
        sender.wait()
    return {
        "threaded_per_s": plan.threaded / seconds, "worker_mb": max(memory["worker"]), "door_mb": max(memory["door"]),
        "growth": max(row[-1] / row[0] for row in memory.values()),
    }  # fmt: skip


def _watching(place: Ground, plan: Plan) -> dict[str, float]:
    """20 mails a second, until an agent's open board is told."""
    port = place.web
    with place.running("hub", "web", "--port", str(port), port=port), place.running("hub", "worker"):
        place.sent(place.door, 20)  # the worker is there, and warm
        wait_until(lambda: place.placed() == place.taken, "the first ones are read", 120)
        url, town = f"ws://127.0.0.1:{port}/ws/", place.town
        with place.running("bench.inbound.heard", url, town["cookie"], town["town"], str(plan.watched)) as page:
            assert page.stdout is not None
            assert page.stdout.readline() == "listens\n"
            told = place.sent(place.door, plan.watched, RATE)
            heard = json.loads(page.stdout.readline())
    waits = [heard[number] - at for number, at in told["at"].items() if number in heard]
    return {"seen": len(waits) / plan.watched, "seen_p50_s": median(waits), "seen_p99_s": _p99(waits)}


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[-1]


def _memory(pid: int) -> float:
    """MB that this process and those it has started hold for themselves."""
    process = psutil.Process(pid)
    return float(sum(one.memory_full_info().uss for one in (process, *process.children(recursive=True))) / 1e6)


def table(found: Mapping[str, float]) -> str:
    """For people."""
    rows = [
        ["mails taken and on the disk, a second", f"{found['received_per_s']:,.0f}", ""],
        ["… p99 until the 250, as fast as it goes", f"{found['received_p99_ms']:,.0f} ms", ""],
        ["… smtp-sink, which forgets them", f"{found['sink_per_s']:,.0f}", ""],
        ["door / smtp-sink, same round", f"{found['vs_sink']:.2f}×", ""],
        ["on their tickets a second, one door and one worker", f"{found['threaded_per_s']:.0f}", f"> {RATE}"],
        ["… read by the process that takes them", f"{found['at_once_per_s']:.0f}", ""],
        ["… p99 until its 250, as fast as it goes", f"{found['at_once_p99_ms']:,.0f} ms", ""],
        ["door and worker / read at once", f"{found['vs_at_once']:.2f}×", ""],
        ["from the 250 to an open board, 20 a second, median", f"{found['seen_p50_s']:.2f} s", ""],
        ["… p99", f"{found['seen_p99_s']:.2f} s", f"< {BAR_P99_S:.0f} s"],
        ["… of all that were sent", f"{found['seen']:.0%}", "100%"],
        ["memory of the worker and its openers", f"{found['worker_mb']:.0f} MB", ""],
        ["memory of the door", f"{found['door_mb']:.0f} MB", ""],
        ["the greater growth, from the first fifth to the end", f"{found['growth']:.2f}×", f"≤ {BAR_GROWTH}×"],
    ]
    return report.table(["what", "found", "bar"], rows)


def main() -> None:
    """Measure, and say what was found. Exits 1, with a sentence, when the machine lacks something."""

    def found(plan: Plan) -> dict[str, float]:
        with ground(plan) as place:
            return measure(place, plan)

    plans = Plans(Plan(), QUICK, TRIAL)
    run("inbound", DESCRIPTION, plans, found, told=lambda rows, _plan: table(rows), figures=dict)


if __name__ == "__main__":
    main()
