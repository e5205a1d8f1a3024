"""The hours in which a mayor usually reads messages, and their absences. Pure.

Hours are JSON, by the clocks of the town's own zone: `{"mon": [["09:00", "12:00"], ["14:00", "18:00"]], "sat": …}`.
A range holds its start and not its end; "24:00" is the midnight that ends the day. A day that is not named is closed;
without any hours at all it is always open. What follows of it asks for hours that `clean_hours` has seen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hub.core.errors import Invalid

Range = Sequence[str]
Hours = Mapping[str, Sequence[Range]]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RANGES_A_DAY = 2
MIDNIGHT = "24:00"
MAX_ABSENCE = timedelta(days=366)

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
# A range that a change of clocks swallows is there again a week later.
_LOOK_AHEAD_DAYS = 15


class Absence(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the mayor is away on that day."""
        return self.first <= day <= self.last


def clean_hours(given: Any) -> dict[str, list[list[str]]]:
    """The hours as they are kept: days in their order, closed ones left out.

    Raises `Invalid` with the day as `field` (None when it is no week at all).
    """
    if not isinstance(given, Mapping) or not set(given) <= set(DAYS):
        raise Invalid(_("Ces heures ne sont pas celles d’une semaine."))
    cleaned = {day: clean_day(given[day], day) for day in DAYS if day in given}
    return {day: ranges for day, ranges in cleaned.items() if ranges}


def clean_day(given: Any, day: str | None = None) -> list[list[str]]:
    """One day's ranges, in order; two that touch become one. Raises `Invalid` with `day` as `field`."""
    if not isinstance(given, Sequence) or len(given) > RANGES_A_DAY:
        raise Invalid(_("Donnez deux plages par jour, au plus."), field=day)
    merged: list[list[str]] = []
    for start, end in sorted(clean_range(pair, day) for pair in given):
        if merged and start < merged[-1][1]:
            raise Invalid(_("Ces deux plages se chevauchent."), field=day)
        if merged and start == merged[-1][1]:
            merged[-1][1] = end
        else:
            merged.append([start, end])
    return merged


def clean_range(given: Any, day: str | None = None) -> list[str]:
    """One range, from HH:MM to HH:MM or 24:00. Raises `Invalid` with `day` as `field`."""
    if not (isinstance(given, Sequence) and len(given) == 2 and _is_time(given[0]) and _is_time(given[1], MIDNIGHT)):
        raise Invalid(_("Donnez une heure de début et une heure de fin, comme 09:00 et 18:00."), field=day)
    start, end = given
    if start == end:
        raise Invalid(_("Cette plage commence et finit à la même heure."), field=day)
    if start > end:
        raise Invalid(_("La fin doit venir après le début. Au-delà de minuit, continuez au jour suivant."), field=day)
    return [start, end]


def _is_time(given: Any, *also: str) -> bool:
    return isinstance(given, str) and (given in also or bool(_TIME.fullmatch(given)))


def clean_absence(first: date | None, last: date | None, *, today: date) -> Absence | None:
    """An absence that begins and ends, isn't over and ends within a year; None when neither day is given.

    Raises `Invalid` with `away_from` or `away_until` as `field`.
    """
    if first is None and last is None:
        return None
    if first is None:
        raise Invalid(_("Donnez aussi le premier jour de l’absence."), field="away_from")
    if last is None:
        raise Invalid(_("Donnez aussi le dernier jour de l’absence."), field="away_until")
    if last < first:
        raise Invalid(_("Le dernier jour doit venir après le premier."), field="away_until")
    if last < today:
        raise Invalid(_("Cette absence est déjà passée."), field="away_until")
    if last - min(first, today) > MAX_ABSENCE:
        raise Invalid(_("Cette absence dure ou commence dans plus d’un an : vérifiez l’année."), field="away_until")
    return Absence(first, last)


def is_open(hours: Hours, at: datetime, zone: str, absence: Absence | None = None) -> bool:
    """Whether the mayor usually reads at that instant (aware). `zone`: the town's, an IANA name."""
    local = at.astimezone(ZoneInfo(zone))
    if absence and absence.holds(local.date()):
        return False
    clock = f"{local:%H:%M}"
    return not hours or any(start <= clock < end for start, end in hours.get(DAYS[local.weekday()], ()))


def next_opening(hours: Hours, at: datetime, zone: str, absence: Absence | None = None) -> datetime | None:
    """The first instant after `at` that is open, in the town's zone; None when `at` is open already."""
    return _next_change(hours, at, zone, absence, to_open=True)


def next_closing(hours: Hours, at: datetime, zone: str, absence: Absence | None = None) -> datetime | None:
    """The first instant after `at` that is not open; None when `at` isn't either, or when none is."""
    return _next_change(hours, at, zone, absence, to_open=False)


def _next_change(hours: Hours, at: datetime, zone: str, absence: Absence | None, *, to_open: bool) -> datetime | None:
    if is_open(hours, at, zone, absence) == to_open:
        return None
    here = ZoneInfo(zone)
    for day in _days_ahead(at.astimezone(here).date(), absence):
        for instant in sorted(_edges(hours, day, here)):
            if instant > at and is_open(hours, instant, zone, absence) == to_open:
                return instant.astimezone(here)
    return None


def _days_ahead(today: date, absence: Absence | None) -> list[date]:
    """The days on which something may change: those to come, and those where an absence begins and ends."""
    begins = [today, *((absence.first, absence.last + timedelta(days=1)) if absence else ())]
    ahead = {begin + timedelta(days=number) for begin in begins for number in range(_LOOK_AHEAD_DAYS)}
    return sorted(day for day in ahead if day >= today)


def _edges(hours: Hours, day: date, here: ZoneInfo) -> Iterator[datetime]:
    """The instants of a day at which it may open or close: its midnight, each range's ends, a change of clocks."""
    clocks = {"00:00", *(clock for pair in hours.get(DAYS[day.weekday()], ()) for clock in pair)}
    for clock in clocks:
        # The clocks show some times twice in autumn; those of spring that they never show do no harm.
        yield from (_instant(day, clock, here, fold) for fold in (0, 1))
    yield from _clock_change(day, here)


def _instant(day: date, clock: str, here: ZoneInfo, fold: int = 0) -> datetime:
    hour, minute = map(int, clock.split(":"))
    wall = datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)
    return wall.replace(tzinfo=here, fold=fold).astimezone(UTC)


def _clock_change(day: date, here: ZoneInfo) -> Iterator[datetime]:
    """The instant at which the clocks are changed on that day: on most days none."""
    before, after = _instant(day, "00:00", here), _instant(day, MIDNIGHT, here)
    offset = before.astimezone(here).utcoffset()
    if after.astimezone(here).utcoffset() == offset:
        return
    while after - before > timedelta(minutes=1):
        middle = (before + (after - before) / 2).replace(second=0, microsecond=0)
        before, after = (middle, after) if middle.astimezone(here).utcoffset() == offset else (before, middle)
    yield after
