"""Figures as people read them: delays in days and hours, numbers with their total, what changed since."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.core import typography
from hub.core.typography import NBSP
from hub.tickets.figures import Line
from hub.tickets.periods import Period, Span
from hub.towns.models import Town

DAY_S, HOUR_S = 86_400, 3_600
NOTHING = "—"


class Writer:
    """Writes for a reader of the town's country."""

    def __init__(self, town: Town, today: date) -> None:
        self.locale = typography.locale_name((get_language() or "fr")[:2], town.country)
        self.today = today

    def count(self, number: int) -> str:
        return typography.count(number, self.locale)

    def share(self, some: int, of: int) -> str:
        """« 180 sur 220 »: a number with its total."""
        if not of:
            return NOTHING
        return _("%(some)s sur %(all)s") % {"some": self.count(some), "all": self.count(of)}

    def percent(self, some: int, of: int) -> str:
        """« 82 % »; empty of nothing."""
        return f"{round(100 * some / of)}{NBSP}%" if of else ""

    def day(self, day: date) -> str:
        return typography.date_alone(day, self.locale, today=self.today)

    def period(self, period: Period) -> str:
        """« Du 1er au 25 novembre » in whole days."""
        if period.first == period.last:
            return self.day(period.first)
        return _("du %(first)s au %(last)s") % {"first": self.day(period.first), "last": self.day(period.last)}

    def month(self, month: date) -> str:
        """« novembre 2026 »."""
        return format_date(month, "MMMM y", locale=self.locale)

    def short_month(self, month: date, *, first: bool) -> str:
        """« nov. »; with its year where a year begins, and at the beginning."""
        return format_date(month, "MMM y" if first or month.month == 1 else "MMM", locale=self.locale)

    def hours(self, seconds: float | None) -> str:
        """A delay for a spreadsheet: hours, with the decimal mark that it reads."""
        return "" if seconds is None else format_decimal(seconds / HOUR_S, format="0.0", locale=self.locale)


def duration(seconds: float | None) -> str:
    """« 3 j 4 h », « 5 h », « moins d’une heure »: whole hours, of the clock and not of the office."""
    if seconds is None:
        return NOTHING
    days, hours = divmod(round(seconds / HOUR_S), 24)
    if days and hours:
        return _("%(days)d j %(hours)d h") % {"days": days, "hours": hours}
    if days:
        return _("%(days)d j") % {"days": days}
    return _("%(hours)d h") % {"hours": hours} if hours else _("moins d’une heure")


def change(now: int, former: int) -> str:
    """« +4 », « −2 », « = »."""
    return _signed(now - former, str)


def delay_change(now_s: float | None, former_s: float | None) -> str:
    """« +1 j 2 h »; empty when there is nothing to compare."""
    if now_s is None or former_s is None:
        return ""
    hours = round(now_s / HOUR_S) - round(former_s / HOUR_S)
    return _signed(hours, lambda size: duration(size * HOUR_S))


def share_change(now: int, of: int, former: int, former_of: int) -> str:
    """« +7 points »; empty when there is nothing to compare."""
    if not of or not former_of:
        return ""
    points = round(100 * now / of) - round(100 * former / former_of)
    return _signed(points, lambda size: _("%(size)d pt") % {"size": size})


def _signed(size: int, words: Callable[[int], str]) -> str:
    if not size:
        return "="
    return f"{'+' if size > 0 else '−'}{words(abs(size))}"


def span_name(span: Span) -> str:
    """As the choice of the period says it."""
    return {
        Span.MONTH: _("Ce mois-ci"),
        Span.LAST_MONTH: _("Le mois dernier"),
        Span.QUARTER: _("Trois mois"),
        Span.YEAR: _("Cette année"),
        Span.DATES: _("Autres dates"),
    }[span]


# The columns of tables, and of their files.


@dataclass(frozen=True)
class Column:
    """`cell`: what the page shows. In a file, `heads` name what `plain` gives: numbers that can be counted on."""

    head: str
    cell: Callable[[Line], str]
    heads: tuple[str, ...]
    plain: Callable[[Line], tuple[object, ...]]


def columns(write: Writer, *, timeless: bool = True) -> list[Column]:
    """Those of every table. `timeless`: with what waits now, which no month has."""
    now = [
        Column(_("En cours"), lambda line: write.count(line.waiting), (_("En cours"),), lambda line: (line.waiting,)),
        Column(_("En retard"), lambda line: write.count(line.late), (_("En retard"),), lambda line: (line.late,)),
    ]
    return [
        Column(_("Reçues"), lambda line: write.count(line.received), (_("Reçues"),), lambda line: (line.received,)),
        Column(
            _("Fermées"), lambda line: write.count(line.closing.closed), (_("Fermées"),),
            lambda line: (line.closing.closed,),
        ),
        *(now if timeless else ()),
        *_delays(write),
        *_shares(write),
    ]  # fmt: skip


def _delays(write: Writer) -> list[Column]:
    return [
        Column(
            _("Première réponse"), lambda line: duration(line.closing.to_answer_s),
            (_("Première réponse, délai médian en heures"),), lambda line: (write.hours(line.closing.to_answer_s),),
        ),
        Column(
            _("Fermeture"), lambda line: duration(line.closing.to_close_s),
            (_("Fermeture, délai médian en heures"),), lambda line: (write.hours(line.closing.to_close_s),),
        ),
    ]  # fmt: skip


def _shares(write: Writer) -> list[Column]:
    return [
        Column(
            _("Dans les délais"), lambda line: write.share(line.closing.kept, line.closing.dated),
            (_("Fermées dans les délais"), _("Fermées avec une échéance")),
            lambda line: (line.closing.kept, line.closing.dated),
        ),
        Column(
            _("« C’est réglé »"), lambda line: write.share(line.settled, line.answers),
            (_("« C’est réglé » : oui"), _("« C’est réglé » : réponses")),
            lambda line: (line.settled, line.answers),
        ),
    ]  # fmt: skip
