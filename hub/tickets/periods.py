"""Spans of whole days that figures are told of, and what each is compared with. Pure: no query, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hub.core.errors import Invalid

LONGEST_DAYS = 366
MONTHS = 12  # how many are drawn at least
_DAY = timedelta(days=1)


class Span(StrEnum):
    """Which days, by their names in addresses."""

    MONTH = "mois"
    LAST_MONTH = "mois-dernier"
    QUARTER = "trois-mois"
    YEAR = "annee"
    DATES = "dates"


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both of them in it."""

    first: date
    last: date
    span: Span = Span.DATES

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins, and when the day after it does, by the clocks of `zone`."""
        return datetime.combine(self.first, time.min, zone), datetime.combine(self.last + _DAY, time.min, zone)

    def query(self) -> dict[str, str]:
        """What an address says to ask for it."""
        if self.span != Span.DATES:
            return {"periode": self.span}
        return {"periode": self.span, "du": self.first.isoformat(), "au": self.last.isoformat()}


def of_span(span: Span, today: date) -> Period:
    """One of those with a name; `Span.DATES`: today alone."""
    month = today.replace(day=1)
    if span == Span.LAST_MONTH:
        return Period(_months_back(month, 1), month - _DAY, span)
    firsts = {Span.MONTH: month, Span.QUARTER: _months_back(month, 2), Span.YEAR: today.replace(month=1, day=1)}
    return Period(firsts.get(span, today), today, span)


def asked(said: Mapping[str, str], today: date) -> Period:
    """The period of an address; this month when it names none. Raises `Invalid` (field `du`, `au`)."""
    span = said.get("periode", Span.MONTH)
    if span not in set(Span):
        raise Invalid(field="periode")
    if span != Span.DATES:
        return of_span(Span(span), today)
    first, last = _day(said.get("du", ""), "du"), _day(said.get("au", ""), "au")
    if last < first:
        raise Invalid(_("Le dernier jour ne peut pas précéder le premier."), field="au")
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid(_("Un an au plus à la fois."), field="au")
    return Period(first, last)


def _day(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Donnez une date."), field=field) from None
    if not 1900 <= day.year <= 2200:
        raise Invalid(_("Cette date n’est pas possible."), field=field)
    return day


def before(period: Period) -> Period:
    """What it is compared with: the month, months or year before, up to the same day; else as many days right before.

    A month that is over is compared with the whole one before it.
    """
    if period.span == Span.LAST_MONTH:
        return Period(_months_back(period.first, 1), period.first - _DAY)
    back = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}.get(period.span)
    if back is not None:
        return Period(_months_back(period.first, back), _months_back(period.last, back))
    return Period(period.first - timedelta(days=period.days), period.first - _DAY)


def months_drawn(period: Period) -> list[date]:
    """The first days of its months, and of those before it when it has fewer than twelve."""
    end, found = period.last.replace(day=1), [period.last.replace(day=1)]
    while len(found) < MONTHS or found[0] > period.first:
        found.insert(0, _months_back(end, len(found)))
    return found


def _months_back(day: date, months: int) -> date:
    """The same day so many months before; the month's last where it has none."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    after = date(year + month // 11, (month + 1) % 12 + 1, 1)  # the first of the month after it
    return date(year, month + 1, min(day.day, (after - _DAY).day))
