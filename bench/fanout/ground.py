"""What all servers stand on: a durable PostgreSQL, a Redis, a home, people with sessions, the C programs."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.fanout import machine
from tests.engines import Postgres, Redis, die_with_parent, wait_until

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# As in production: what is acknowledged is on the disk.
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=256MB", "max_wal_size=4GB")


class Missing(Exception):
    """Something that the bench can't do without is not on this machine. Its text is a sentence for who runs it."""


@dataclass(frozen=True)
class Ground:
    """`people` holds one file per crowd (see seed.py), `programs` what was compiled; servers write into `home`."""

    postgres: Postgres
    redis: Redis
    home: Path
    people: Path
    programs: Path
    environment: Mapping[str, str]

    def place_stores(self, cores: list[int]) -> None:
        """Let PostgreSQL and Redis run on these cores only."""
        machine.move(self.postgres.pid, cores)
        machine.move(self.redis.pid, cores)

    def output(self, module: str, *arguments: str) -> str:
        """What `python -m module` prints. Raises `CalledProcessError`; what it complained of has been shown."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    @contextlib.contextmanager
    def running(
        self, command: Sequence[str], port: int, cores: list[int], env: Mapping[str, str] | None = None
    ) -> Iterator[int]:
        """A server that listens on `port`, bound to these cores; yields its process id. Killed afterwards."""
        log = self.home / f"{Path(command[0]).name}-{port}.log"
        with machine.on(cores):
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log.open("ab"),
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,
            )
        try:
            wait_until(lambda: _listens(process, port, log), f"{' '.join(command)} listens on {port}", 60)
            yield process.pid
        finally:
            process.kill()
            process.wait()


def _listens(process: "subprocess.Popen[bytes]", port: int, log: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"{process.args!r} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Everything in place; all gone afterwards. Raises `Missing`."""
    machine.allow_many_files()
    folder = Path(tempfile.mkdtemp(prefix="parvis-bench-"))
    postgres, redis = Postgres(*DURABLE), Redis()
    try:
        programs = _compiled(folder / "programs")
        with machine.on(machine.GENERATOR):
            postgres.start()
            redis.start()
        told = environment(postgres.url(), folder, REDIS_URL=redis.url, PARVIS_RATE_LIMITS="off")
        made = Ground(postgres, redis, folder, folder / "people", programs, told)
        made.output("hub", "migrate", "--verbosity", "0")
        made.output("bench.fanout.seed", str(made.people))
        yield made
    finally:
        postgres.stop()
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _compiled(programs: Path) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise Missing("The load generator is written in C, and no C compiler is here: install gcc, then try again.")
    programs.mkdir()
    for name in ("loadgen", "limit"):
        subprocess.run([compiler, "-O2", "-o", str(programs / name), str(HERE / f"{name}.c")], check=True)
    return programs


def environment(database: str, home: Path, **ours: str) -> dict[str, str]:
    """What the hub's processes are told, with `ours`; nothing of what the developer has set for their own hub."""
    theirs = {name for name in os.environ if name.startswith("PARVIS_")} | {"CELERY_BROKER_URL", "REDIS_URL"}
    return {name: value for name, value in os.environ.items() if name not in theirs} | {
        "PARVIS_ENV_FILE": os.devnull,
        "PARVIS_HOME": str(home),
        "PARVIS_SECRET_KEY": "a key for the bench only, the same in every process it starts",
        "PARVIS_EMAIL_ADAPTER": "capture",
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        **ours,
    }
