"""Many values as one parameter: a table that one statement reads from what it is given, however many rows it has."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from hub.core.jsons import encode_text


def given(name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """What stands after FROM or JOIN for a table `name` of these rows, and its parameters.

    `columns`: each column's name and type (bigint, text); a value may be None.
    """
    # As JSON, not as arrays: psycopg would quote each value by itself, in Python.
    if connection.vendor == "postgresql":
        taken = ", ".join(f"(value ->> {at})::{kind} AS {column}" for at, (column, kind) in enumerate(columns.items()))
        source = "json_array_elements(%s::json)"
    else:
        taken = ", ".join(f"json_extract(value, '$[{at}]') AS {column}" for at, column in enumerate(columns))
        source = "json_each(%s)"
    return f"(SELECT {taken} FROM {source}) AS {name}", [encode_text(rows)]  # noqa: S608 - names are the code's


class _Kept(threading.local):
    """A thread's cursor, for as long as it has the same database connection: a new one costs as much as a statement."""

    on: Any = None
    cursor: Any = None


_kept = _Kept()


def _cursor() -> Any:
    if connection.queries_logged or connection.connection is None or _kept.on is not connection.connection:
        _kept.cursor = connection.cursor()
        _kept.on = None if connection.queries_logged else connection.connection
    return _kept.cursor


def rows_of(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement written out; its rows, none where it has none."""
    cursor = _cursor()
    cursor.execute(statement, values)
    return cursor.fetchall() if cursor.description else []
