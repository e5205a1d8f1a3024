"""What all tests share: servers come from tests/servers.py, people and words from tests/factories.py.

To test real processes, a module asks for `start_web`: it gets a database of its own in which everything is
committed, and the ORM of the test works on that same database (no `django_db` mark there).
"""

import contextlib
import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker
from whitenoise import WhiteNoise

from hub.core import limits
from hub.people.models import Person
from hub.towns.models import Town
from hub.web import assets
from tests import databases, factories, servers
from tests.engines import Redis
from tests.processes import Fleet, HubProcess, copy_home

Start = Callable[..., HubProcess]


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector needn't look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Migrate once; each process, and each module that needs a database of its own, works on a copy.

    Unlike pytest-django's, it does so when no test is marked `django_db` too. The whole server goes away at the end.
    """
    with django_db_blocker.unblock():
        with servers.once("database") as first:
            if first:
                databases.make_template()
        databases.use_own()


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Pages name their static files by the manifest: collect them once."""
    with servers.once("static"):
        assets.prepare()


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """After each test that commits, tables are emptied our way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.empty())
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_listed_once(_static_files: None) -> Iterator[None]:
    """Each test client makes the middleware anew, which looks at every static file: they stay the same."""
    look, known = WhiteNoise.update_files_dictionary, dict[tuple[str, str], dict[str, Any]]()

    def look_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            look(self, root, prefix)
            known[root, prefix] = dict(self.files)
        self.files.update(known[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", look_once)
        yield


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Counters of rate limits and the cache begin anew with each test."""
    cache.clear()
    limits._limiter.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Argon2 as in real life, but with little work for each password."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 64


@pytest.fixture
def town(db: None) -> Town:
    return factories.make_town("saint-test")


@pytest.fixture
def mayor(town: Town) -> Person:
    return factories.make_mayor(town, "maire@saint-test.example", first_name="Hélène", last_name="Carpentier")


@pytest.fixture
def citizen(town: Town) -> Person:
    return factories.make_person("alice@citoyen.example", town=town, first_name="Alice", last_name="Moreau")


@pytest.fixture(scope="module")
def fleet(
    _static_files: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Fleet]:  # fmt: skip
    """A home and a database for this module's processes; the test's own ORM works on that database too."""
    with django_db_blocker.unblock(), databases.fresh_database() as name, databases.working_on(name):
        cache.clear()
        with _fleet(tmp_path_factory, name) as fleet:
            yield fleet


@pytest.fixture(scope="session")
def _standing(
    _static_files: None, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Fleet]]:
    with databases.fresh_database() as name, _fleet(tmp_path_factory, name) as fleet:
        yield name, fleet


@pytest.fixture(scope="module")
def standing_fleet(_standing: tuple[str, Fleet], django_db_blocker: DjangoDbBlocker) -> Iterator[Fleet]:
    """The same, for modules that need no process of their own: `standing_fleet.standing()` is there already.

    To start a web process takes longer than most tests. The database is emptied after each module.
    """
    name, fleet = _standing
    with django_db_blocker.unblock(), databases.working_on(name):
        cache.clear()
        yield fleet
        databases.empty()


@contextlib.contextmanager
def _fleet(folders: pytest.TempPathFactory, database: str) -> Iterator[Fleet]:
    """Its processes end with the context, and what they kept goes away."""
    home = folders.mktemp("home")
    servers.give_static(home)
    fleet = Fleet(home, {"DATABASE_URL": databases.url(database)})
    yield fleet
    fleet.end()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def start_web(fleet: Fleet) -> Start:
    """`start_web(port=None, env=None)`: a `hub web` that answers. They all end with the module."""
    return fleet.web


@pytest.fixture(scope="module")
def start_worker(fleet: Fleet) -> Start:
    """`start_worker(*arguments, env=None)`: a `hub worker` on the module's database."""
    return fleet.worker


@pytest.fixture
def start_redis() -> Iterator[Callable[[], Redis]]:
    """`start_redis()`: a Redis apart from the suite's, to be killed and restarted."""
    started: list[Redis] = []

    def start() -> Redis:
        redis = Redis()
        redis.start()
        started.append(redis)
        return redis

    yield start
    for redis in started:
        redis.stop()


# `hub demo` by itself: no PostgreSQL, no Redis.
_ALONE = {"DATABASE_URL": "", "REDIS_URL": ""}


@pytest.fixture(scope="session")
def demo_home(_static_files: None) -> Path:
    """A home as `hub demo --fresh` leaves it, where a demo of former days was: seeded, and stopped. It is only copied
    (`copy_home`)."""
    home = servers.RUN / "demo"
    with servers.once("demo") as first:
        if first:
            (home / "outbox").mkdir(parents=True)
            (home / "outbox" / "old").write_text("from before")
            (home / "parvis.sqlite3").write_text("no database of ours")
            (home / "demo").touch()
            Fleet(home, _ALONE).demo("--fresh").terminate()
            shutil.rmtree(home / "static")
            (home / "static.fingerprint").unlink()
            servers.give_static(home)
    return home


@pytest.fixture(scope="module")
def demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """A running demo of this module's own: `demo.url`; accounts as in hub/demo/seed.py."""
    home = copy_home(demo_home, tmp_path_factory.mktemp("demo") / "home")
    fleet = Fleet(home, _ALONE)
    yield fleet.demo()
    fleet.end()
    shutil.rmtree(home, ignore_errors=True)
