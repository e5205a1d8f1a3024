"""Real processes of the hub: `hub web`, `hub worker`, `hub clock`, `hub demo`."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.engines import die_with_parent, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 120.0  # to fill a demo on a busy machine


class HubProcess:
    """One running command of the hub. `log` is the file of what it says."""

    def __init__(
        self, arguments: list[str], *, env: Mapping[str, str], log: Path, url: str = "", module: str = "hub"
    ) -> None:
        self.module = module
        self.url = url
        self.ws_url = url.replace("http", "ws", 1) + "/ws/" if url else ""
        self.log = log
        self._arguments, self._env = arguments, dict(env)
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self._arguments],
            cwd=ROOT,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_as_from_a_terminal,
        )
        if self.url:
            wait_until(self._answers, f"hub {' '.join(self._arguments)} ready (see {self.log})", START_TIMEOUT_S)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def memory_bytes(self) -> int:
        """What it holds of the machine's memory (resident set)."""
        return int(psutil.Process(self.pid).memory_info().rss)

    @property
    def cpu_s(self) -> float:
        """The seconds of processor that it has used."""
        used = psutil.Process(self.pid).cpu_times()
        return float(used.user + used.system)

    def text(self) -> str:
        """Everything it has said."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """kill -9: no goodbye."""
        self._process.kill()
        self._process.wait()

    def terminate(self, timeout_s: float = 30.0) -> int:
        """SIGTERM, as a rolling restart sends it; returns the exit code. Raises `subprocess.TimeoutExpired`."""
        self._process.terminate()
        return self._process.wait(timeout_s)

    def interrupt(self, timeout_s: float = 30.0) -> int:
        """Ctrl-C; returns the exit code. Raises `subprocess.TimeoutExpired`."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout_s)

    def restart(self) -> None:
        """The same command again, on the same port. What still runs is killed first."""
        self.kill()
        self._start()

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"hub {' '.join(self._arguments)} ended with {self._process.returncode}:\n{self.text()}")
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


class Fleet:
    """Processes that share one home and one database, and end together. In `env` an empty value takes a name away."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self.home = home
        self.processes: list[HubProcess] = []
        self._standing: dict[str, HubProcess] = {}
        self._env = _joined(os.environ, {"PARVIS_HOME": str(home)}, env)

    def web(self, port: int | None = None, env: Mapping[str, str] | None = None, *, module: str = "hub") -> HubProcess:
        """A web process that answers when this returns; its own address is its public one unless `env` says more."""
        return self._serve("web", port, env, module=module)

    def demo(self, *options: str, port: int | None = None, env: Mapping[str, str] | None = None) -> HubProcess:
        """`hub demo`: everything in one process."""
        return self._serve("demo", port, env, *options)

    def uvicorn(
        self, port: int | None = None, env: Mapping[str, str] | None = None, *, module: str = "uvicorn"
    ) -> HubProcess:
        """The same site behind another ASGI server, which has no direct line."""
        port = port or free_port()
        url = f"http://127.0.0.1:{port}"
        arguments = ["routing:application", "--port", str(port), "--log-level", "warning", "--ws", "websockets-sansio"]
        return self._run(arguments, {"PARVIS_PUBLIC_URL": url, **(env or {})}, url, module=module)

    def standing(self, server: str = "daphne") -> HubProcess:
        """The one web process of this sort (`daphne`, `uvicorn`) that all share; it runs when this returns."""
        process = self._standing.get(server)
        if process is None:
            process = self._standing[server] = self.web() if server == "daphne" else self.uvicorn()
        elif not process.runs:
            process.restart()
        return process

    def worker(self, *arguments: str, env: Mapping[str, str] | None = None, module: str = "hub") -> HubProcess:
        """A worker process; it may take a second until it works."""
        return self._run(["worker", *arguments], env, module=module)

    def clock(self, env: Mapping[str, str] | None = None) -> HubProcess:
        """The clock process."""
        return self._run(["clock"], env)

    def door(self, command: str, env: Mapping[str, str] | None = None) -> HubProcess:
        """`receive-smtp` or `receive-imap`; it may take a second until it works."""
        return self._run([command], env)

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, given: bytes = b""
    ) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself; what it said, and its exit code. `given`: on its standard input."""
        done = subprocess.run(
            [sys.executable, "-m", "hub", *arguments],
            cwd=ROOT,
            env=_joined(self._env, env or {}),
            input=given,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    def end(self) -> None:
        """Kill all that still run."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    def _serve(
        self, command: str, port: int | None, env: Mapping[str, str] | None, *options: str, module: str = "hub"
    ) -> HubProcess:
        port = port or free_port()
        url = f"http://127.0.0.1:{port}"
        return self._run(
            [command, "--port", str(port), *options], {"PARVIS_PUBLIC_URL": url, **(env or {})}, url, module=module
        )

    def _run(
        self, arguments: list[str], env: Mapping[str, str] | None, url: str = "", *, module: str = "hub"
    ) -> HubProcess:
        log = self.home / f"{module}-{arguments[0]}-{len(self.processes)}.log"
        process = HubProcess(arguments, env=_joined(self._env, env or {}), log=log, url=url, module=module)
        self.processes.append(process)
        return process


def copy_home(source: Path, home: Path) -> Path:
    """A home of one's own, as another is now; the static files are shared."""
    return Path(shutil.copytree(source, home, symlinks=True))


def _as_from_a_terminal() -> None:
    """Ctrl-C works there, also when the tests themselves were started in the background, where it does not."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _joined(*environments: Mapping[str, str]) -> dict[str, str]:
    joined = {name: value for environment in environments for name, value in environment.items()}
    return {name: value for name, value in joined.items() if value}
