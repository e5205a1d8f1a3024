"""Databases of the suite: one migrated template, and copies of it in which web processes and tests meet."""

import contextlib
import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.db import connection, connections

from tests import servers

TEMPLATE = "parvis_template"
_numbers = itertools.count(1)


def keep_template() -> None:
    """Copy the test database, just migrated and still empty, before any test touches it."""
    name = str(connection.settings_dict["NAME"])
    _let_go()
    if servers.postgres is None:
        shutil.copyfile(name, servers.HOME / TEMPLATE)
    else:
        _execute(f'CREATE DATABASE {TEMPLATE} TEMPLATE "{name}"')


@contextlib.contextmanager
def fresh_database() -> Iterator[str]:
    """A new, migrated, empty database; this process's ORM works on it meanwhile. Yields its DATABASE_URL.

    Everything is committed at once, as real processes need it.
    """
    name, url = _create(f"parvis_live_{next(_numbers)}")
    before = connection.settings_dict["NAME"]
    _let_go()
    connection.settings_dict["NAME"] = name
    try:
        yield url
    finally:
        _let_go()
        connection.settings_dict["NAME"] = before
        _drop(name)


def _create(name: str) -> tuple[str, str]:
    if servers.postgres is None:
        file = shutil.copyfile(servers.HOME / TEMPLATE, servers.HOME / f"{name}.sqlite3")
        return str(file), f"sqlite:///{file}"
    _execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return name, servers.postgres.url(name)


def _drop(name: str) -> None:
    if servers.postgres is None:
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()
    else:
        _execute(f"DROP DATABASE {name} WITH (FORCE)")


def _execute(statement: str) -> None:
    assert servers.postgres is not None
    with psycopg.connect(servers.postgres.url(), autocommit=True) as session:
        session.execute(statement)  # type: ignore[arg-type]


def _let_go() -> None:
    """Close this process's connections, the pooled ones too. Of a SQLite file, everything is in the file then."""
    if servers.postgres is None:
        _checkpoint(str(connection.settings_dict["NAME"]))
    connections.close_all()
    if servers.postgres is not None:
        connection.close_pool()


def _checkpoint(name: str) -> None:
    with contextlib.closing(sqlite3.connect(name)) as session:
        session.execute("PRAGMA wal_checkpoint(TRUNCATE)")
