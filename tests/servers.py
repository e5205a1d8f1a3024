"""A pytest plugin: the servers of the suite are started and named before Django’s settings are read.

PostgreSQL and Redis by default; with `PARVIS_TEST_STORE=sqlite` a SQLite file and everything in process, for the
tests marked `both_stores` (streams, deliveries, conversations).
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.engines import Postgres, Redis

STORE = os.environ.get("PARVIS_TEST_STORE", "postgresql")
HOME = Path(tempfile.mkdtemp(prefix="parvis-tests-"))

postgres: Postgres | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """A wrapper runs before pytest-django's own hook, which reads the settings."""
    _clear_environment()
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)
    os.environ |= {
        "PARVIS_ENV_FILE": os.devnull,
        "PARVIS_HOME": str(HOME),
        "PARVIS_SECRET_KEY": "a key for tests only, the same in every process they start",
        "PARVIS_LOG_FORMAT": "json",
        "PARVIS_EMAIL_ADAPTER": "capture",
        "PARVIS_INBOUND_DOMAIN": "parvis.test",
    }
    if STORE == "postgresql":
        _start_servers()
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks that tests may carry."""
    config.addinivalue_line("markers", "both_stores: runs on PostgreSQL + Redis and on SQLite + in-process")


def pytest_report_header() -> str:
    """Say on what this run stands."""
    return f"store: {STORE}"


def _clear_environment() -> None:
    """What the developer has set for their own hub must not reach the tests."""
    ours = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    for name in [name for name in os.environ if name in ours or name.startswith("PARVIS_")]:
        del os.environ[name]
    os.environ["PARVIS_TEST_STORE"] = STORE  # for the processes of pytest-xdist


def _start_servers() -> None:
    global postgres
    postgres, redis = Postgres(), Redis()
    atexit.register(postgres.stop)
    atexit.register(redis.stop)
    postgres.start()
    redis.start()
    os.environ |= {"DATABASE_URL": postgres.url("parvis"), "REDIS_URL": redis.url}
