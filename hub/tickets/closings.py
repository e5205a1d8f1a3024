"""How long tickets took that were closed: counts and medians, by what they have in common.

PostgreSQL works it out itself; of SQLite, which has no medians, the rows are read and it is done here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from hub.core.tables import given, rows_of
from hub.tickets.models import CLOSED, Ticket
from hub.tickets.periods import Period
from hub.towns.models import Town


@dataclass(frozen=True)
class Closing:
    """Of some closed tickets: how many; of those with a due date (`dated`), how many in time (`kept`).

    Medians in seconds, from creation to closing and to the first answer; None when there is none to tell.
    """

    closed: int = 0
    to_close_s: float | None = None
    to_answer_s: float | None = None
    dated: int = 0
    kept: int = 0


NONE = Closing()
# By what they are told: "town" has the one key None; "category" each one with all that stands below it.
Found = Mapping[str, Mapping[Any, Closing]]
BY = ("town", "service", "category", "source", "month")


def closings(town: Town, period: Period, by: Sequence[str], ways: Mapping[int, Sequence[int]] | None = None) -> Found:
    """Of the town's tickets closed in the period, duplicates left out, for each thing of `by` (`BY`).

    Keys: None, a service's or category's id, a source, "2026-11". `ways`: for each category, those that it counts in.
    The first answer is the town's first words to the requester, or the closing that came without any; anonymous and
    internal tickets have nobody to answer. What was opened again is not closed.
    """
    if connection.vendor == "postgresql":
        return _by_postgresql(town, period, by, ways or {})
    return _by_hand(town, period, by, ways or {})


# By PostgreSQL.

_CLOSED = """
WITH closed AS MATERIALIZED (
    SELECT t.service_id AS service, t.category_id AS category, t.source,
        to_char(t.closed_at AT TIME ZONE %s, 'YYYY-MM') AS month,
        extract(epoch FROM t.closed_at - t.created_at)::float AS to_close,
        CASE WHEN NOT t.internal AND NOT t.anonymous
            THEN extract(epoch FROM least(t.closed_at, t.first_answer_at) - t.created_at)::float END AS to_answer,
        t.due_on IS NOT NULL AS dated,
        (t.closed_at AT TIME ZONE %s)::date <= t.due_on AS kept
    FROM tickets_ticket t
    WHERE t.town_id = %s AND t.closed_at >= %s AND t.closed_at < %s
        AND t.status IN ('closed_done', 'closed_refused') AND NOT t.merged
)
"""
_TOLD = """
SELECT '{by}' AS by, {key}::text AS key, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY to_close), percentile_cont(0.5) WITHIN GROUP (ORDER BY to_answer),
    count(*) FILTER (WHERE dated), count(*) FILTER (WHERE kept)
FROM closed {join} GROUP BY 1, 2
"""


def _by_postgresql(town: Town, period: Period, by: Sequence[str], ways: Mapping[int, Sequence[int]]) -> Found:
    values: list[Any] = [town.time_zone, town.time_zone, town.pk, *period.bounds(ZoneInfo(town.time_zone))]
    parts = []
    for one in by:
        key, join = ("NULL" if one == "town" else one), ""
        if one == "category":
            pairs = [(category, over) for category, those in ways.items() for over in those]
            table, rows = given("ways", {"of": "bigint", "over": "bigint"}, pairs)
            key, join = "ways.over", f"JOIN {table} ON ways.of = closed.category"
            values += rows
        parts.append(_TOLD.format(by=one, key=key, join=join))
    found: dict[str, dict[Any, Closing]] = {one: {} for one in by}
    for name, key, *told in rows_of(_CLOSED + " UNION ALL ".join(parts), values):
        found[name][_key(name, key)] = Closing(*told)
    return found


def _key(by: str, written: str | None) -> Any:
    return int(written) if written is not None and by in {"service", "category"} else written


# By hand.


@dataclass(frozen=True)
class _Row:
    service: int | None
    category: int
    source: str
    month: str
    to_close_s: float
    to_answer_s: float | None
    dated: bool
    kept: bool


def _by_hand(town: Town, period: Period, by: Sequence[str], ways: Mapping[int, Sequence[int]]) -> Found:
    keys: dict[str, Callable[[_Row], Iterable[Any]]] = {
        "town": lambda row: (None,), "service": lambda row: (row.service,), "source": lambda row: (row.source,),
        "month": lambda row: (row.month,), "category": lambda row: ways.get(row.category, ()),
    }  # fmt: skip
    found: dict[str, dict[Any, list[_Row]]] = {one: {} for one in by}
    for row in _rows(town, period):
        for one in by:
            for key in keys[one](row):
                found[one].setdefault(key, []).append(row)
    return {one: {key: _told(rows) for key, rows in groups.items()} for one, groups in found.items()}


def _rows(town: Town, period: Period) -> Iterable[_Row]:
    zone = ZoneInfo(town.time_zone)
    begins, ends = period.bounds(zone)
    tickets = Ticket.objects.filter(
        town=town, closed_at__gte=begins, closed_at__lt=ends, status__in=CLOSED, merged=False
    ).order_by()
    told = (
        "service",
        "category",
        "source",
        "created_at",
        "closed_at",
        "due_on",
        "first_answer_at",
        "anonymous",
        "internal",
    )
    for service, category, source, made, closed, due, first, nobody, internal in tickets.values_list(*told):
        answered = None if nobody or internal else first or closed
        yield _row(service, category, source, made, closed.astimezone(zone), due, answered)


def _row(
    service: int | None, category: int, source: str, made: datetime, closed: datetime, due: date | None,
    answered: datetime | None,
) -> _Row:  # fmt: skip
    return _Row(
        service, category, source, f"{closed:%Y-%m}", (closed - made).total_seconds(),
        (min(answered, closed) - made).total_seconds() if answered else None,
        due is not None, due is not None and closed.date() <= due,
    )  # fmt: skip


def _told(rows: Sequence[_Row]) -> Closing:
    answers = [row.to_answer_s for row in rows if row.to_answer_s is not None]
    return Closing(
        len(rows), median(row.to_close_s for row in rows), median(answers) if answers else None,
        sum(row.dated for row in rows), sum(row.kept for row in rows),
    )  # fmt: skip
