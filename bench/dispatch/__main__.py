"""Writing to 100,000 people: `python -m bench.dispatch --help`"""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench.command import Plans, run
from bench.fanout import machine, report
from bench.fanout.ground import DURABLE, ROOT, environment
from tests.engines import Postgres, Redis, die_with_parent, free_port, wait_until

DESCRIPTION = """100,000 people are written to: their rows by four channels first, and what one worker process hands
over of them a second, all four at once; then mails alone, to a relay that answers 50 ms later as the other services do.
Beside it, against the same relay: bare aiosmtplib with as many lines, and a plain Celery task per recipient that calls
send_mail. An emergency is sent while the newsletter still waits."""

BAR_ROWS, BAR_PLAIN, BAR_POOL, BAR_MB, BAR_URGENT_S = 20_000, 10.0, 0.8, 200.0, 2.0


@dataclass(frozen=True)
class Plan:
    """How many people, how many rounds of how many seconds."""

    people: int = 100_000
    rounds: int = 5
    seconds: float = 10.0
    lines: int = 20
    latency_ms: int = 50


QUICK = Plan(rounds=3, seconds=6)
# A run that only shows that everything works; its figures say nothing.
TRIAL = Plan(people=2_000, rounds=1, seconds=2)


@dataclass(frozen=True)
class Ground:
    """A durable PostgreSQL, a Redis, the relay, and what the hub's processes are told."""

    folder: Path
    environment: Mapping[str, str]
    relay: int
    control: int
    services: int

    def output(self, module: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE,
            text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    @contextlib.contextmanager
    def running(self, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A process beside, killed afterwards."""
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=(self.folder / f"{command[0]}.log").open("ab"), stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def answers(self, url: str) -> bool:
        """Whether a site is there."""
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/healthz", timeout=2).close()
            return True
        return False

    def asked(self) -> dict[str, float]:
        """What the relay has counted."""
        with socket.create_connection(("127.0.0.1", self.control), 5) as line:
            found: dict[str, float] = json.loads(line.makefile("rb").read())
            return found

    def taken(self) -> dict[str, float]:
        """What relay and services have counted, by channel."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.services}/taken", timeout=5) as answer:
            found: dict[str, float] = json.load(answer)
        return {channel: found.get(channel, 0) for channel in ("sms", "voice", "push")} | {
            "email": self.asked()["mails"], "at": found["at"],
        }  # fmt: skip

    def rate(self, seconds: float) -> float:
        """Mails a second that the relay takes, from now on for so long."""
        first = self.asked()
        time.sleep(seconds)
        last = self.asked()
        return (last["mails"] - first["mails"]) / (last["at"] - first["at"])


@contextlib.contextmanager
def ground(plan: Plan) -> Iterator[Ground]:
    """Everything in place; all gone afterwards."""
    machine.allow_many_files()
    folder = Path(tempfile.mkdtemp(prefix="parvis-bench-"))
    postgres, redis = Postgres(*DURABLE), Redis()
    try:
        postgres.start()
        redis.start()
        relay, control, services = free_port(), free_port(), free_port()
        told = environment(
            postgres.url(), folder, REDIS_URL=redis.url, PARVIS_EMAIL_ADAPTER="smtp", PARVIS_SMTP_PORT=str(relay),
            PARVIS_SMTP_SECURITY="none", PARVIS_SMTP_AT_ONCE=str(plan.lines),
            PARVIS_EMAIL_FROM="Parvis <parvis@parvis.test>", SINK_PORT=str(relay), **_vendors(services),
        )  # fmt: skip
        place = Ground(folder, told, relay, control, services)
        place.output("hub", "migrate", "--verbosity", "0")
        with (
            place.running("bench.dispatch.sink", str(relay), str(plan.latency_ms), str(control)),
            place.running("bench.dispatch.services", str(services), str(plan.latency_ms)),
        ):
            wait_until(lambda: _listens(control) and _listens(services), "relay and services listen")
            yield place
    finally:
        postgres.stop()
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _vendors(port: int) -> dict[str, str]:
    """Twilio and a push service, played by bench/dispatch/services.py."""
    here = f"http://127.0.0.1:{port}"
    return {
        "PARVIS_SMS_ADAPTER": "twilio", "PARVIS_VOICE_ADAPTER": "twilio-voice", "PARVIS_TWILIO_URL": here,
        "PARVIS_TWILIO_ACCOUNT_SID": "AC" + "0a" * 16, "PARVIS_TWILIO_AUTH_TOKEN": "a token for the bench only",
        "PARVIS_TWILIO_SENDER": "+14185550100", "PARVIS_TWILIO_CALLER": "+14185550100", "PARVIS_PUSH_SERVICES": here,
    }  # fmt: skip


def measure(plan: Plan) -> dict[str, float]:
    """Rows a second; mails a second by each way, medians of rounds side by side; memory; an emergency's wait."""
    with ground(plan) as place:
        town = place.output("bench.dispatch.crowd", str(plan.people), f"http://127.0.0.1:{place.services}")
        written = json.loads(place.output("bench.dispatch.alarm", town).splitlines()[-1])
        together, all_mb = _together(place, plan)
        _empty(place)
        place.output("bench.dispatch.writer", town, "email")
        ours, pool, megabytes, waits = [], [], [], []
        for number in range(plan.rounds):
            with place.running("hub", "worker", "--channels", "email", "--threads", "4") as worker:
                _ring(place)
                wait_until(lambda: place.rate(0.5) > 0, "the worker sends", 60)
                ours.append(place.rate(plan.seconds))
                megabytes.append(_memory(worker.pid))
                waits.append(_emergency(place, town) if number == 0 else waits[0])
            with place.running(
                "bench.dispatch.others", "pool", str(place.relay), str(plan.seconds + 3), str(plan.lines)
            ):
                time.sleep(1.5)
                pool.append(place.rate(plan.seconds))
            print(f"round {number + 1} of {plan.rounds} is done", file=sys.stderr)
        plain = _plain(place, plan)
    return {
        "rows_per_s": written["rows"] / written["seconds"], "mails_per_s": median(ours), "pool_per_s": median(pool),
        "plain_per_s": plain, "vs_pool": median(a / b for a, b in zip(ours, pool, strict=True)),
        "vs_plain": median(ours) / plain, "worker_mb": max(*megabytes, all_mb), "urgent_s": waits[0],
        "together_per_s": sum(together.values()), **{f"{channel}_per_s": rate for channel, rate in together.items()},
        "count_ms": written["count_ms"], "progress_ms": written["progress_ms"] + written["reached_ms"],
    }  # fmt: skip


def _together(place: Ground, plan: Plan) -> tuple[dict[str, float], float]:
    """What one worker process hands over a second of an alert by four channels at once; and its memory."""
    with place.running("hub", "worker") as worker:
        place.output("hub", "shell", "-c", "from hub.deliveries.tasks import nudge\n"
                     "for one in ('email', 'sms', 'voice', 'push'): nudge(one)")  # fmt: skip
        wait_until(lambda: all(place.taken().values()), "all four leave", 60)
        first = place.taken()
        time.sleep(plan.seconds)
        last = place.taken()
        seconds = last.pop("at") - first.pop("at")
        return {channel: (last[channel] - first[channel]) / seconds for channel in first}, _memory(worker.pid)


def _empty(place: Ground) -> None:
    place.output("hub", "shell", "-c", "from django.db import connection as c; c.cursor().execute("
                 "'TRUNCATE deliveries_delivery, deliveries_content, deliveries_dispatch CASCADE')")  # fmt: skip


def _ring(place: Ground) -> None:
    place.output("hub", "shell", "-c", "from hub.deliveries.tasks import nudge; nudge('email')")


def _memory(pid: int) -> float:
    """Resident, in MB, children included."""
    process = psutil.Process(pid)
    return sum(each.memory_info().rss for each in [process, *process.children(recursive=True)]) / 1e6


def _emergency(place: Ground, town: str) -> float:
    """Seconds from the commit until the relay has the first mail of an alert, behind a whole newsletter."""
    said = json.loads(place.output("bench.dispatch.writer", town, "urgent", "500"))
    wait_until(lambda: place.asked()["first_urgent"] > 0, "the emergency leaves", 60)
    return max(place.asked()["first_urgent"] - said["at"], 0.0)


def _plain(place: Ground, plan: Plan) -> float:
    place.output("bench.dispatch.others", "queue", str(int(plan.seconds * 60)))
    command = ("celery", "-A", "bench.dispatch.others", "worker", "--pool", "threads", "--concurrency", "4")
    with place.running(*command, "--loglevel", "ERROR"):
        wait_until(lambda: place.rate(0.5) > 0, "the plain worker sends", 60)
        return place.rate(plan.seconds)


def table(found: Mapping[str, float]) -> str:
    """For people."""
    rows = [
        ["rows written a second, by an alert's channels", f"{found['rows_per_s']:,.0f}", f"≥ {BAR_ROWS:,}"],
        ["counting before whom it reaches", f"{found['count_ms']:,.0f} ms", ""],
        ["counting how far it is, half of them reached", f"{found['progress_ms']:,.0f} ms", ""],
        ["mails a second, one worker process", f"{found['mails_per_s']:,.0f}", ""],
        ["… bare aiosmtplib, as many lines", f"{found['pool_per_s']:,.0f}", ""],
        ["… a plain Celery task for each, `send_mail`", f"{found['plain_per_s']:,.0f}", ""],
        ["worker / bare aiosmtplib, same round", f"{found['vs_pool']:.2f}×", f"≥ {BAR_POOL}×"],
        ["worker / plain Celery tasks", f"{found['vs_plain']:.1f}×", f"≥ {BAR_PLAIN:.0f}×"],
        ["an alert by four channels at once, a second", f"{found['together_per_s']:,.0f}", ""],
        [
            "… mails, SMS, calls, notifications",
            " + ".join(f"{found[f'{channel}_per_s']:,.0f}" for channel in ("email", "sms", "voice", "push")),
            "",
        ],
        ["memory of the worker", f"{found['worker_mb']:.0f} MB", f"< {BAR_MB:.0f} MB"],
        ["an emergency behind the newsletter leaves after", f"{found['urgent_s']:.2f} s", f"< {BAR_URGENT_S:.0f} s"],
    ]
    return report.table(["what", "found", "bar"], rows)


def main() -> None:
    """Measure, and say what was found."""
    plans = Plans(Plan(), QUICK, TRIAL)
    run("dispatch", DESCRIPTION, plans, measure, told=lambda found, _plan: table(found), figures=dict)


if __name__ == "__main__":
    main()
