"""One dispatch to many: a row for each, by one statement for thousands of them, from the query that names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from hub.core.clock import now
from hub.deliveries.models import Content, Dispatch, State

AT_ONCE = 20_000

# Whoever is named twice, or shares an address with somebody, is written to once.
_EXPAND = """
INSERT INTO deliveries_delivery (dispatch_id, content_id, person_id, channel, lane, address, subject, text, html,
headers, state, attempts, next_at, expires_at, claimed_by, provider, provider_id, cause, reason, pressed, created_at)
SELECT %s, {content}, r.id, %s, %s, r.reaches, '', '', '', {nothing}, %s, 0, {moment}, {moment}, '', '', '', '',
'', '', {moment}
FROM ({people}) AS r WHERE r.reaches <> ''
ORDER BY r.id
ON CONFLICT (dispatch_id, channel, address) DO NOTHING
"""


@dataclass(frozen=True)
class Leaves:
    """By which channel and in which class it leaves, not before `next_at`, and is worth it until `expires_at`."""

    channel: str
    lane: int
    next_at: datetime
    expires_at: datetime


def expand(
    dispatch: Dispatch, leaves: Leaves, people: "QuerySet[Any, Any]", contents: Mapping[str, Content],
    *, after: int = 0, size: int = AT_ONCE,
) -> tuple[int, int | None]:  # fmt: skip
    """Write the rows of the next `size` people behind number `after`, in the caller's transaction.

    `people`: persons, each with the address where this channel reaches them as `reaches`; `contents`: what is said in
    each language, French for who reads none of them. Returns how many rows were new, and behind whom to go on; None:
    these were the last. Calling it again with the same changes nothing.
    """
    numbers = people.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    last = next(iter(numbers[size - 1 : size]), None)
    some = people.filter(pk__gt=after)
    some = some if last is None else some.filter(pk__lte=last)
    try:
        sql, given = some.order_by().values("id", "reaches", "language").query.sql_with_params()
    except EmptyResultSet:  # a query that can find nobody
        return 0, None
    cases = " ".join("WHEN %s THEN %s" for _language in contents)
    statement = _EXPAND.format(
        content=f"CASE r.language {cases} ELSE %s END", people=sql,
        nothing="'{}'::jsonb" if connection.vendor == "postgresql" else "'{}'",
        moment="CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s",
    )  # fmt: skip
    otherwise = contents.get("fr") or next(iter(contents.values()))
    values = [
        dispatch.pk, *(part for language, content in contents.items() for part in (language, content.pk)),
        otherwise.pk, leaves.channel, leaves.lane, State.QUEUED.value, *map(_moment, (leaves.next_at,
        leaves.expires_at, now())), *given,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount, last


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
