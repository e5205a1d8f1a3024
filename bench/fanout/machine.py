"""The cores of this machine: who runs where, and what to call it."""

import contextlib
import os
import platform
import resource
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]

ALL = sorted(os.sched_getaffinity(0))
SERVER = ALL[:1]
GENERATOR = ALL[1:2] or ALL


@contextlib.contextmanager
def on(cores: list[int]) -> Iterator[None]:
    """What is started meanwhile runs on these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def move(pid: int, cores: list[int]) -> None:
    """Let a process, its threads and its children run on these cores from now on."""
    first = psutil.Process(pid)
    for process in (first, *first.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            for thread in process.threads():
                os.sched_setaffinity(thread.id, cores)


def allow_many_files() -> None:
    """As many open files as the machine permits: a socket is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def description() -> str:
    """The machine in one line."""
    memory_gb = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {len(ALL)} cores, {memory_gb:.0f} GB; Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def children(pid: int) -> list[int]:
    """The processes that this one has started."""
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]
