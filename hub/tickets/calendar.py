"""The working days of a town: its week, the holidays of its country, the days on which it is closed besides. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

import holidays

FRANCE, CANADA = "FR", "CA"

# What is kept of a town's region, and the library's name for it. The country as a whole is "".
_REGIONS: Mapping[str, Mapping[str, str]] = {
    FRANCE: {"57": "57", "67": "6AE", "68": "6AE", **{code: code for code in ("971", "972", "973", "974", "976")}},
    CANADA: {"QC": "QC"},
}

WEEK = range(7)  # 0: Monday
USUAL_WEEK = (0, 1, 2, 3, 4)


def regions_of(country: str) -> tuple[str, ...]:
    """The regions with holidays of their own that a town of that country may be in."""
    return tuple(_REGIONS.get(country, ())) if country == FRANCE else ()


def holidays_of(country: str, region: str, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of these years, in order, with their French names.

    `country`: FR or CA, which is Québec whatever the region. A region that is none of the country's is left out.
    """
    subdivision = _subdivision(country, region)
    found: dict[date, str] = {}
    for year in sorted(set(years)):
        found.update(_holidays(country, subdivision, year))
    return found


def _subdivision(country: str, region: str) -> str:
    return _REGIONS.get(country, {}).get("QC" if country == CANADA else region, "")


@lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    if country not in _REGIONS:
        return {}
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False, language="fr")
    return {day: name.replace("'", "’") for day, name in sorted(found.items())}


class WorkCalendar:
    """A town's working days. `work_days`: 0 (Monday) to 6, none: Monday to Friday. `closed_days`: dates, or ISO text;
    what is neither is left out."""

    def __init__(
        self, work_days: Iterable[int], closed_days: Iterable[date | str], country: str, region: str = ""
    ) -> None:
        self.work_days = frozenset(work_days) & frozenset(WEEK) or frozenset(USUAL_WEEK)
        self.closed_days = frozenset(day for given in closed_days if (day := _as_date(given)))
        self._country, self._subdivision = country, _subdivision(country, region)

    def is_working(self, day: date) -> bool:
        """Whether the town works on that day."""
        return day.weekday() in self.work_days and day not in self.closed_days and not self.holiday(day)

    def holiday(self, day: date) -> str:
        """The holiday's name; "" on any other day."""
        return _holidays(self._country, self._subdivision, day.year).get(day, "")

    def add_days(self, start: date, days: int) -> date:
        """The working day that comes `days` after `start`; 0: `start` itself if it is one, else the next.

        Raises `ValueError` for a negative number.
        """
        if days < 0:
            raise ValueError("a delay is never negative")
        day, left = start, days
        while left > 0 or not self.is_working(day):
            day += timedelta(days=1)
            left -= left > 0 and self.is_working(day)
        return day

    def days_between(self, start: date, end: date) -> int:
        """How many working days come after `start`, up to `end` and with it; negative when `end` is before."""
        if end < start:
            return -self.days_between(end, start)
        after = (start + timedelta(days=number + 1) for number in range((end - start).days))
        return sum(self.is_working(day) for day in after)

    def next_holidays(self, from_day: date, count: int) -> list[tuple[date, str]]:
        """The first `count` holidays on or after that day, with their names."""
        years = range(from_day.year, from_day.year + 2 + count // 8)  # each country has eight a year at the least
        all_of_them = (one for year in years for one in _holidays(self._country, self._subdivision, year).items())
        return list(islice((one for one in all_of_them if one[0] >= from_day), count))


def _as_date(given: object) -> date | None:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None
