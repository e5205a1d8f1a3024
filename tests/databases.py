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


# Filled by migrations, and the same in every test.
_KEPT = {"django_migrations", "django_content_type"}


def empty() -> None:
    """Take every row out of every table, as Django's `flush` does, in a tenth of its time.

    `TRUNCATE` makes new files for each of fifty tables; most hold nothing. The audit trail, which lets nobody delete,
    is emptied past its triggers, as are foreign keys.
    """
    tables = [table for table in connection.introspection.django_table_names(only_existing=False) if table not in _KEPT]
    if servers.postgres is None:
        _empty_sqlite(tables)
        return
    deletes = "; ".join(f'DELETE FROM "{table}"' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {deletes}; END $$")


def _empty_sqlite(tables: list[str]) -> None:
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')


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
