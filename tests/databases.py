"""Databases of the suite: one migrated template, and copies of it: one for the tests of each process of pytest-xdist,
and one for each module in which web processes and tests meet."""

import contextlib
import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.test.utils import setup_databases

from tests import servers

TEMPLATE = "parvis_template"
_numbers = itertools.count(1)


def make_template() -> None:
    """Migrate an empty database, which is then only copied. Once for the whole run."""
    connection.settings_dict["TEST"]["NAME"] = _place(TEMPLATE)
    setup_databases(verbosity=0, interactive=False)
    if servers.STORE == "sqlite":
        # Between tests Django empties SQLite's tables row by row, and the trail lets nobody.
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER audit_entry_not_delete")
    _let_go()


def use_own() -> None:
    """From now on the ORM of this process works on a copy of the template. It goes away with the whole server."""
    connection.settings_dict["NAME"] = _create(f"parvis_{servers.PROCESS}")


@contextlib.contextmanager
def fresh_database() -> Iterator[str]:
    """A new, migrated, empty database for as long as the context lasts; its name."""
    name = _create(f"parvis_{servers.PROCESS}_live_{next(_numbers)}")
    yield name
    _drop(name)


@contextlib.contextmanager
def working_on(name: str) -> Iterator[None]:
    """This process's ORM works on that database meanwhile. All is committed at once, as real processes need it."""
    before = connection.settings_dict["NAME"]
    _let_go()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        _let_go()
        connection.settings_dict["NAME"] = before


def url(name: str) -> str:
    """The DATABASE_URL of that database."""
    return f"sqlite:///{name}" if servers.STORE == "sqlite" else servers.database_url(name)


# Filled by migrations, and the same in every test.
_KEPT = {"django_migrations", "django_content_type"}


def empty() -> None:
    """Take every row out of every table, as Django's `flush` does, in a tenth of its time.

    `TRUNCATE` makes new files for each of fifty tables; most hold nothing. The audit trail, which lets nobody delete,
    is emptied past its triggers, as are foreign keys.
    """
    tables = [table for table in connection.introspection.django_table_names(only_existing=False) if table not in _KEPT]
    if servers.STORE == "sqlite":
        _empty_sqlite(tables)
        return
    deletes = "; ".join(f'DELETE FROM "{table}"' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {deletes}; END $$")


def _empty_sqlite(tables: list[str]) -> None:
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')


def _place(name: str) -> str:
    """What Django calls this database: SQLite's is a file, in WAL mode as in real life, and not in memory."""
    return str(servers.RUN / f"{name}.sqlite3") if servers.STORE == "sqlite" else name


def _create(name: str) -> str:
    """A copy of the template; what Django calls it."""
    if servers.STORE == "sqlite":
        return str(shutil.copyfile(_place(TEMPLATE), _place(name)))
    _execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return name


def _drop(name: str) -> None:
    if servers.STORE == "sqlite":
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()
    else:
        _execute(f"DROP DATABASE {name} WITH (FORCE)")


def _execute(statement: str) -> None:
    with psycopg.connect(servers.database_url("postgres"), autocommit=True) as session:
        session.execute(statement)  # type: ignore[arg-type]


def _let_go() -> None:
    """Close this process's connections, the pooled ones too. Of a SQLite file, everything is in the file then."""
    if servers.STORE == "sqlite":
        _checkpoint(str(connection.settings_dict["NAME"]))
    connections.close_all()
    if servers.STORE != "sqlite":
        connection.close_pool()


def _checkpoint(name: str) -> None:
    with contextlib.closing(sqlite3.connect(name)) as session:
        session.execute("PRAGMA wal_checkpoint(TRUNCATE)")
