"""How a town's services do (S138): how many tickets came, were closed and wait, how long it took, what people said.

The figures are the whole town's, whoever reads them: they name nobody, and an agent compares their service with the
others. Internal tickets count as all others, which is why the call centre has no figures. A duplicate counts where it
goes on, and not by itself. What was opened again counts as open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from hub.people.models import Role
from hub.people.rules import Roles
from hub.tickets.closings import NONE, Closing, Found, closings
from hub.tickets.finding import In
from hub.tickets.models import OPEN, Status, Ticket
from hub.tickets.periods import Period
from hub.tickets.tree import Tree
from hub.towns.models import Town

_KEYS = ("service", "category", "source")
_ANSWERS = {"answers": Count("pk"), "settled": Count("pk", filter=Q(settled=True))}


def may_see_figures(roles: Roles) -> bool:
    """Who answers for the services and who works in them; not the call centre, nor moderators."""
    return bool(roles & {Role.MAYOR, Role.MANAGER, Role.AGENT})


@dataclass
class Line:
    """The figures of one thing: the town, a service, a category, a source, a month.

    `waiting`, `late`: now, whenever they came. `answers`: of « C'est réglé ? », `settled` of them yes.
    """

    received: int = 0
    waiting: int = 0
    late: int = 0
    answers: int = 0
    settled: int = 0
    closing: Closing = NONE

    def add(self, **counts: int) -> None:
        for name, count in counts.items():
            setattr(self, name, getattr(self, name) + count)


@dataclass
class Figures:
    """What is told of one period. Keys: ids (None: no service), sources; months by their first days."""

    period: Period
    town: Line = field(default_factory=Line)
    services: dict[int | None, Line] = field(default_factory=dict)
    categories: dict[int, Line] = field(default_factory=dict)
    sources: dict[str, Line] = field(default_factory=dict)

    def of(self, service: int | None, category: int, source: str, ways: Mapping[int, list[int]]) -> Iterable[Line]:
        """Every line that a ticket of these counts in."""
        yield self.town
        yield self.services.setdefault(service, Line())
        yield from (self.categories.setdefault(over, Line()) for over in ways.get(category, ()))
        yield self.sources.setdefault(source, Line())


def figures_of(town: Town, period: Period, tree: Tree, *, today: date) -> Figures:
    """The town's figures of the period. A category's hold those of all that stands below it."""
    ways = tree.ways()
    told = Figures(period)
    late = Count("pk", filter=Q(due_on__lt=today))
    standing = {"waiting": Count("pk"), "late": late}
    for found, counts in (
        (_received(town, period), {"received": Count("pk")}),
        (_said(town, period), _ANSWERS),
        (_counted(town).filter(In("status", OPEN)), standing),
        (_counted(town).filter(In("status", [Status.NOT_TRANSFERRED])), standing),
    ):
        grouped = found.order_by().values(*_KEYS).annotate(**counts)
        for service, category, source, *numbers in grouped.values_list(*_KEYS, *counts):
            for line in told.of(service, category, source, ways):
                line.add(**dict(zip(counts, numbers, strict=True)))
    closed = closings(town, period, ("town", "service", "category", "source"), ways)
    told.town.closing = closed["town"].get(None, NONE)
    _close(told.services, closed["service"])
    _close(told.categories, closed["category"])
    _close(told.sources, closed["source"])
    return told


def totals_of(town: Town, period: Period) -> Line:
    """The town's line of the period, without what is now."""
    line = Line(received=_received(town, period).count(), **_said(town, period).aggregate(**_ANSWERS))
    line.closing = closings(town, period, ("town",))["town"].get(None, NONE)
    return line


def months_of(town: Town, months: list[date], *, until: date) -> dict[date, Line]:
    """Each of these months, told by their first days, up to a day of the last one."""
    span, zone = Period(months[0], until), ZoneInfo(town.time_zone)
    told = {month: Line() for month in months}
    for found, at, counts in (
        (_received(town, span), "created_at", {"received": Count("pk")}),
        (_said(town, span), "settled_at", _ANSWERS),
    ):
        by_month = found.order_by().annotate(month=TruncMonth(at, tzinfo=zone)).values("month").annotate(**counts)
        for month, *numbers in by_month.values_list("month", *counts):
            told[month.date()].add(**dict(zip(counts, numbers, strict=True)))
    for written, closing in _months(closings(town, span, ("month",))).items():
        told[written].closing = closing
    return told


def _months(found: Found) -> dict[date, Closing]:
    return {date.fromisoformat(f"{month}-01"): closing for month, closing in found["month"].items()}


def has_any(town: Town) -> bool:
    """Whether there ever was a ticket."""
    return Ticket.objects.filter(town=town).exists()


def _counted(town: Town) -> QuerySet[Ticket]:
    return Ticket.objects.filter(town=town, merged=False)


def _received(town: Town, period: Period) -> QuerySet[Ticket]:
    begins, ends = period.bounds(ZoneInfo(town.time_zone))
    return _counted(town).filter(created_at__gte=begins, created_at__lt=ends)


def _said(town: Town, period: Period) -> QuerySet[Ticket]:
    """Where the requester said in the period whether it is settled."""
    begins, ends = period.bounds(ZoneInfo(town.time_zone))
    return _counted(town).filter(settled_at__gte=begins, settled_at__lt=ends)


def _close(lines: dict[Any, Line], closed: Mapping[Any, Closing]) -> None:
    for key, closing in closed.items():
        lines.setdefault(key, Line()).closing = closing
