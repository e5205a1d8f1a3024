"""A pytest plugin: the servers of the suite are started and named before Django’s settings are read.

PostgreSQL and Redis by default; with `PARVIS_TEST_STORE=sqlite` a SQLite file and everything in process, for the
tests marked `both_stores` (streams, deliveries, conversations).

The processes of pytest-xdist share one PostgreSQL, in which each has databases of its own, and what takes long to make
(`once`). Each has a Redis of its own, for what is told there is heard by all.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests import bytecode
from tests.engines import Postgres, Redis

STORE = os.environ.get("PARVIS_TEST_STORE", "postgresql")
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")
# What is for the whole run, and what is for this process.
RUN = Path(os.environ["PARVIS_TEST_RUN"] if PROCESS != "main" else tempfile.mkdtemp(prefix="parvis-tests-"))
HOME = RUN / PROCESS
# Nobody copies this server, and nothing of it is wanted after its end.
LITTLE_DISK = ("wal_level=minimal", "max_wal_senders=0", "min_wal_size=32MB", "max_wal_size=64MB")
WANTED_BYTES = 2_000_000_000
# The longest files begin first, so that no process works on one of them when all others have ended. None commits to the
# database that a process's other tests begin with.
FIRST = (
    "tests/journeys/test_every_page.py", "tests/laws/test_tenants.py", "tests/demo/test_demo.py",
    "tests/test_doctor.py", "tests/test_embedded.py", "tests/faults/test_redis_fails.py",
    "tests/faults/test_hasty_and_slow_clients.py",
)  # fmt: skip
_TOLD = ("PARVIS_TEST_STORE", "PARVIS_TEST_RUN", "PARVIS_TEST_SERVER")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """A wrapper runs before pytest-django's own hook, which reads the settings."""
    bytecode.keep()
    _clear_environment()
    give_static(HOME)
    os.environ |= {
        "PARVIS_ENV_FILE": os.devnull,
        "PARVIS_HOME": str(HOME),
        "PARVIS_SECRET_KEY": "a key for tests only, the same in every process they start",
        "PARVIS_LOG_FORMAT": "json",
        "PARVIS_EMAIL_ADAPTER": "capture",
        "PARVIS_INBOUND_DOMAIN": "parvis.test",
        "PARVIS_INBOUND_SMTP": "127.0.0.1:0",  # several run at a time
    }
    if STORE == "postgresql":
        _start_servers()
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Name the marks that tests may carry, and the folder of what they write: it goes with the run. Pytest's own is
    shared, and a run that ends clears it of what others, side by side, have just begun."""
    if PROCESS == "main" and config.option.basetemp is None:
        config.option.basetemp = str(RUN / "tmp")
    config.addinivalue_line("markers", "both_stores: runs on PostgreSQL + Redis and on SQLite + in-process")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Before several processes import the same."""
    if PROCESS == "main" and config.getoption("numprocesses", None):
        bytecode.prepare(config)


def pytest_sessionstart(session: pytest.Session) -> None:
    """A full disk shows as anything but itself (« disk I/O error »): say it before. `--quiet` leaves headers out."""
    free = shutil.disk_usage(RUN).free
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and PROCESS == "main" and free < WANTED_BYTES:
        here, wanted = RUN.parent, WANTED_BYTES / 1e9
        reporter.write_line(f"only {free / 1e9:.1f} GB free in {here}: the suite wants {wanted:.0f} GB, and may fail")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-django’s own sorting; on the command line, a file that is in a folder named too has no place."""
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.split("::")[0], len(places)))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where only what is marked runs, a file in which nothing is needn't be read by each process."""
    if config.getoption("markexpr") != "both_stores" or not collection_path.name.startswith("test_"):
        return None
    return "both_stores" not in collection_path.read_text() or None


def pytest_report_header() -> str:
    """Say on what this run stands."""
    return f"store: {STORE}"


@contextlib.contextmanager
def once(what: str) -> Iterator[bool]:
    """For what the whole run needs once: `True` to the first process; the others wait, and get `False`."""
    done = RUN / f"{what}.done"
    with (RUN / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


def database_url(name: str) -> str:
    """The address of a database of this run's PostgreSQL, for Django and for libpq."""
    return os.environ["PARVIS_TEST_SERVER"].replace("DATABASE", name)


def give_static(home: Path) -> None:
    """A new home has the static files that this run collects, so that its processes needn't do it again."""
    (RUN / "static").mkdir(exist_ok=True)
    home.mkdir(exist_ok=True)
    for name in ("static", "static.fingerprint"):
        (home / name).symlink_to(RUN / name)


def _clear_environment() -> None:
    """What the developer has set for their own hub must not reach the tests."""
    ours = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    names = {name for name in os.environ if name in ours or name.startswith("PARVIS_")}
    for name in names - set(_TOLD if PROCESS != "main" else ()):
        del os.environ[name]
    if PROCESS == "main":  # for the processes of pytest-xdist
        os.environ |= {"PARVIS_TEST_STORE": STORE, "PARVIS_TEST_RUN": str(RUN)}
        atexit.register(shutil.rmtree, RUN, ignore_errors=True)


def _start_servers() -> None:
    if PROCESS == "main":
        postgres = Postgres(*LITTLE_DISK)
        atexit.register(postgres.stop)
        postgres.start()
        os.environ["PARVIS_TEST_SERVER"] = postgres.url("DATABASE")
    redis = Redis()
    atexit.register(redis.stop)
    redis.start()
    os.environ |= {"DATABASE_URL": database_url("parvis"), "REDIS_URL": redis.url}
