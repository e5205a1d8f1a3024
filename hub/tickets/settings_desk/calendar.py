"""The working days of the town, and what is counted in them (S109)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.core import typography
from hub.core.access import staff
from hub.core.errors import Invalid
from hub.people.desk.entry import enter_management
from hub.people.visitor import posted
from hub.tickets.actions import settings as actions
from hub.tickets.models import DeskSettings
from hub.tickets.queries import calendar_of, desk_settings, today_in
from hub.tickets.settings_forms import CalendarForm, ClosingForm
from hub.towns.models import Town

SHOWN_HOLIDAYS = 14


@dataclass(frozen=True)
class Closing:
    """Closed days that follow each other. `words`: « du jeudi 24 au jeudi 31 décembre »."""

    first: date
    last: date
    words: str = ""


@dataclass(frozen=True)
class Holiday:
    """One to come. `in_week`: the town would work on that day."""

    name: str
    words: str
    in_week: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def calendar(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Working week, region, delays; beside them the holidays to come and the days of closing."""
    person, town = enter_management(request, town_slug)
    settings = desk_settings(town)
    form = CalendarForm(posted(request), town=town, settings=settings)
    if form.is_valid():
        try:
            actions.set_calendar(actor=person, town=town, fields=form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Le calendrier est à jour. Les échéances déjà promises ne changent pas."))
            return redirect("desk_ticket_calendar", town.slug)
    return _calendar(request, town, settings, form, ClosingForm())


def _calendar(
    request: HttpRequest, town: Town, settings: DeskSettings, form: CalendarForm, closing: ClosingForm
) -> HttpResponse:
    today, days = today_in(town), calendar_of(settings, town)

    def said(day: date) -> str:
        return typography.plain_day(day, typography.locale_name(get_language() or "fr", town.country), today=today)

    shown = {
        "town": town,
        "page": "calendar",
        "form": form,
        "closing_form": closing,
        "closings": [_said(one, said) for one in closings_of(settings) if one.last >= today],
        "holidays": [
            Holiday(name, said(day), day.weekday() in days.work_days)
            for day, name in days.next_holidays(today, SHOWN_HOLIDAYS)
        ],
        "settings": settings,
        "due": said(days.add_days(today, settings.default_delay_days)),
    }
    return render(request, "tickets/settings/calendar.html", shown)


def _said(closing: Closing, said: Callable[[date], str]) -> Closing:
    first, last = said(closing.first), said(closing.last)
    if closing.first != closing.last:
        first = _("du %(first)s au %(last)s") % {"first": first, "last": last}
    return replace(closing, words=first[0].upper() + first[1:])


def closings_of(settings: DeskSettings) -> list[Closing]:
    """The town's own closed days, those that follow each other as one."""
    return list(_runs(sorted(date.fromisoformat(day) for day in settings.closed_days)))


def _runs(days: list[date]) -> Iterator[Closing]:
    first = last = None
    for day in days:
        if last is not None and first is not None and day - last > timedelta(days=1):
            yield Closing(first, last)
            first = day
        first, last = first or day, day
    if first is not None and last is not None:
        yield Closing(first, last)


@require_POST
@staff
def close(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Days on which the town is closed besides."""
    person, town = enter_management(request, town_slug)
    closing = ClosingForm(posted(request))
    if closing.is_valid():
        try:
            actions.close_days(actor=person, town=town, **closing.cleaned_data)
        except Invalid as error:
            closing.add_error(error.field, str(error))
        else:
            messages.success(request, _("Ces jours de fermeture comptent désormais dans les échéances."))
            return redirect("desk_ticket_calendar", town.slug)
    settings = desk_settings(town)
    return _calendar(request, town, settings, CalendarForm(None, town=town, settings=settings), closing)


@require_POST
@staff
def reopen(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The town works again on these days."""
    person, town = enter_management(request, town_slug)
    closing = ClosingForm(posted(request))
    if closing.is_valid():
        actions.open_days(actor=person, town=town, **closing.cleaned_data)
        messages.success(request, _("Ces jours sont de nouveau ouvrables."))
    return redirect("desk_ticket_calendar", town.slug)
