"""What is said of the mayor's hours and absences, in the reader's language, as the town's country writes it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.core import typography
from hub.core.clock import now
from hub.towns.hours import DAYS, MIDNIGHT, Range, next_opening
from hub.towns.models import Grammar, Town


def reading_hours(town: Town) -> str:
    """« Elle lit ses messages du lundi au vendredi, de 9 h à 18 h. »; "" for a town that has set no hours."""
    if not town.answer_hours:
        return ""
    if town.mayor_grammar == Grammar.FEMININE:
        return _one_stop(_("Elle lit ses messages %(hours)s.") % {"hours": week(town)})
    return _one_stop(_("Il lit ses messages %(hours)s.") % {"hours": week(town)})


def away(town: Town, at: datetime | None = None) -> str:
    """« Elle est absente jusqu’au jeudi 3 décembre inclus. »; "" when she isn't. `at`: now, unless given."""
    last = _last_day_away(town, _there(town, at))
    if not last:
        return ""
    if town.mayor_grammar == Grammar.FEMININE:
        return _("Elle est absente jusqu’au %(day)s inclus.") % {"day": last}
    return _("Il est absent jusqu’au %(day)s inclus.") % {"day": last}


def default_answer(town: Town, language: str, at: datetime | None = None) -> str:
    """What the hub says in the mayor's name to who writes at `at` (now, unless given), outside the hours.

    It says when the message will be read, if that is known, and never when it will be answered.
    """
    with translation.override(language):
        here = _there(town, at)
        danger = _("En cas de danger immédiat, appelez le %(number)s.") % {"number": town.emergency_number}
        said = (_("Merci pour votre message."), _absent(town, here), _when_read(town, here), danger)
        return " ".join(filter(None, said))


def _absent(town: Town, at: datetime) -> str:
    last = _last_day_away(town, at)
    if not last:
        return ""
    if town.mayor_grammar == Grammar.FEMININE:
        return _("Je suis absente jusqu’au %(day)s inclus.") % {"day": last}
    return _("Je suis absent jusqu’au %(day)s inclus.") % {"day": last}


def _when_read(town: Town, at: datetime) -> str:
    back = next_opening(town.answer_hours, at, town.time_zone, town.absence)
    if back is None:
        return _("Je le lirai dès que possible.")
    day = typography.plain_day(back.date(), _locale(town), today=at.date())
    if back.time() == time():
        return _("Je le lirai dès %(day)s.") % {"day": day}
    time_of_day = typography.clock(back, _locale(town))
    return _one_stop(_("Je le lirai dès %(day)s, à %(time)s.") % {"day": day, "time": time_of_day})


def _one_stop(sentence: str) -> str:
    """« 6:00 p.m. » brings its own full stop."""
    return sentence[:-1] if sentence.endswith("..") else sentence


def _last_day_away(town: Town, at: datetime) -> str:
    if town.absence is None or not town.absence.holds(at.date()):
        return ""
    return typography.plain_day(town.absence.last, _locale(town), today=at.date())


def _there(town: Town, at: datetime | None) -> datetime:
    return (at or now()).astimezone(ZoneInfo(town.time_zone))


def _locale(town: Town) -> str:
    return typography.locale_name((get_language() or "fr")[:2], town.country)


# The week in few words: days in a row are told as one, days of the same hours together.


def week(town: Town) -> str:
    """« du lundi au jeudi, de 9 h à 12 h et de 14 h à 18 h ; le vendredi, de 9 h à 12 h »."""
    by_hours: dict[tuple[tuple[str, ...], ...], list[int]] = {}
    for number, day in enumerate(DAYS):
        if ranges := town.answer_hours.get(day):
            by_hours.setdefault(tuple(map(tuple, ranges)), []).append(number)
    locale = _locale(town)
    parts = [
        _("%(days)s, %(times)s") % {"days": _days(days, locale), "times": _and(_range(pair, locale) for pair in ranges)}
        for ranges, days in by_hours.items()
    ]
    return " ; ".join(parts) if locale.startswith("fr") else "; ".join(parts)


def _days(numbers: Sequence[int], locale: str) -> str:
    if len(numbers) == len(DAYS):
        return _("tous les jours")
    names = get_day_names("wide", locale=locale)
    told: list[str] = []
    for run in _runs(numbers):
        if len(run) > 2:
            told.append(_("du %(first)s au %(last)s") % {"first": names[run[0]], "last": names[run[-1]]})
        else:
            told += [_("le %(day)s") % {"day": names[number]} for number in run]
    return _and(told)


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Days of the week that follow each other, together: 0 1 2 4 → 0 1 2, 4."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _range(pair: Range, locale: str) -> str:
    start, end = pair
    if (start, end) == ("00:00", MIDNIGHT):
        return _("toute la journée")
    return _("de %(start)s à %(end)s") % {"start": _clock(start, locale), "end": _clock(end, locale)}


def _clock(written: str, locale: str) -> str:
    if written in {"00:00", MIDNIGHT}:
        return _("minuit")
    return typography.clock(datetime.combine(now(), time.fromisoformat(written)), locale)


def _and(parts: Iterable[str]) -> str:
    *before, last = parts
    return _("%(before)s et %(last)s") % {"before": ", ".join(before), "last": last} if before else last
