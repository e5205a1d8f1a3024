"""How far an alert is: who was reached, by what, who was not, and what to do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.alerts import composing, lifecycle, reach
from hub.alerts.desk import compose, compose_page, decide
from hub.alerts.desk.entry import live, opened
from hub.alerts.journal import journal_of
from hub.alerts.models import Alert, Status
from hub.alerts.progress import Progress, standing
from hub.core.access import staff
from hub.core.clock import now
from hub.core.errors import Invalid
from hub.core.spreadsheets import as_csv, csv_parts
from hub.core.typography import count, locale_name
from hub.deliveries.models import Channel
from hub.people.models import Person
from hub.streams import topics
from hub.streams.queries import from_here
from hub.towns.models import Town

MISSED_SHOWN = 20
# By these means a relay that has taken it has shown it.
TAKEN_IS_THERE = (Channel.EMAIL, Channel.PUSH)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def alert(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponse:
    """As it stands: the form of a draft, the second person's page, or how far it is."""
    person, town, found = opened(request, town_slug, alert_id)
    if request.method == "POST":
        return compose.take(request, person, town, found)
    if found.status == Status.DRAFT:
        return compose_page.page(request, person, town, composing.of_alert(found), found)
    if found.status == Status.PENDING:
        return decide.page(request, person, town, found)
    return _progress(request, person, town, found)


# Where the solid, the striped and the barred part of a bar begin, and how wide they are, in hundredths.
Bar = tuple[tuple[str, str], tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """One means: how many it has reached of how many, how many it is to try again, how many it can't reach. `parts`:
    the bar, in hundredths."""

    channel: str
    label: str
    before: str
    after: str
    there: str
    total: str
    rest: str
    parts: Bar


def _progress(request: HttpRequest, person: Person, town: Town, found: Alert) -> HttpResponse:
    position = from_here(topics.alert(found.pk))  # before it is counted
    locale = locale_name((get_language() or "fr")[:2], town.country)
    shown = _figures(found, locale)
    script: dict[str, Any] = {
        **position, "status": found.status, "words": _words(), "taken": [channel.value for channel in TAKEN_IS_THERE],
    }  # fmt: skip
    shown |= {
        "town": town, "alert": found, "script": script, "where": compose_page.where(found),
        "drawing": decide.drawing(found), "texts": decide.texts(found), "journal": journal_of(found),
        "failures": [(words, count(number, locale)) for words, number in reach.failures(found)],
        "missed": reach.missed(found, first=MISSED_SHOWN), "may_stop": lifecycle.may_be_stopped(found.status),
        "follow_up_max": reach.FOLLOW_UP_MAX, "may_further": found.has_left,
        "further": found.further.exclude(status=Status.DRAFT).order_by("pk"),
    }  # fmt: skip
    template = "alerts/desk/progress_parts.html" if live(request) else "alerts/desk/progress.html"
    return render(request, template, shown)


def _figures(found: Alert, locale: str) -> dict[str, Any]:
    figures = standing(found)
    missing = figures.total - figures.reached
    lost = reach.not_reached(found).count() if found.status == Status.SENDING else missing
    going = max(missing - lost, 0)
    return {
        "figures": figures, "total": count(figures.total, locale), "reached": count(figures.reached, locale),
        "lost": count(lost, locale), "lost_number": lost, "going": count(going, locale), "going_number": going,
        "more": count(max(lost - MISSED_SHOWN, 0), locale), "share": _share(figures, locale),
        "parts": parts(figures.total, figures.reached, going), "cards": _cards(found, figures, locale),
        "end": _end(found, figures),
    }  # fmt: skip


def _share(figures: Progress, locale: str) -> str:
    """« 94,6 % », never « 100 % » while somebody is missing."""
    if not figures.total:
        return "–"
    tenths = figures.reached * 1000 // figures.total
    written = f"{tenths // 10}.{tenths % 10}" if tenths < 1000 else "100"
    return f"{written.replace('.', ',') if locale.startswith('fr') else written}\u00a0%"


def parts(total: int, there: int, going: int) -> Bar:
    """The bar of so many, of whom some are there and some on their way."""
    if not total:
        return (("0", "0"), ("0", "0"), ("0", "0"))
    solid, striped = there * 100 / total, going * 100 / total
    rest = max(100 - solid - striped, 0)
    return (("0", f"{solid:.2f}"), (f"{solid:.2f}", f"{striped:.2f}"), (f"{solid + striped:.2f}", f"{rest:.2f}"))


def _cards(found: Alert, figures: Progress, locale: str) -> list[Card]:
    cards = []
    for channel in (Channel.VOICE, Channel.SMS, Channel.EMAIL, Channel.PUSH):
        row = figures.by_channel.get(channel)
        if row is not None and (channel in found.channels or any(row.values())):
            cards.append(_card(channel, row, locale))
    return cards


def _card(channel: Channel, row: Mapping[str, int], locale: str) -> Card:
    total = sum(row.values())
    there = row["delivered"] + (row["sent"] if channel in TAKEN_IS_THERE else 0)
    failed = row["failed"] + row["suppressed"]
    going = total - there - failed
    before, _here, after = (_SENTENCES[channel]() % {"total": _HERE}).partition(_HERE)
    return Card(
        channel.value, _LABELS[channel](), before, after,
        count(there, locale), count(total, locale),
        rest(channel, count(going, locale), going, count(failed, locale), failed), parts(total, there, going),
    )  # fmt: skip


_LABELS: Mapping[Channel, Callable[[], str]] = {
    Channel.VOICE: lambda: _("Appel"), Channel.SMS: lambda: _("Message texte"), Channel.EMAIL: lambda: _("Courriel"),
    Channel.PUSH: lambda: _("Notification"),
}  # fmt: skip


_HERE = "{total}"  # where the number stands in a sentence
_SENTENCES: Mapping[Channel, Callable[[], str]] = {
    Channel.VOICE: lambda: _("décrochés sur %(total)s"), Channel.SMS: lambda: _("remis sur %(total)s"),
    Channel.EMAIL: lambda: _("remis sur %(total)s"), Channel.PUSH: lambda: _("reçues sur %(total)s"),
}  # fmt: skip


def rest(channel: str, going: str, going_number: int, failed: str, failed_number: int) -> str:
    """« 412 à rappeler, 188 échecs »."""
    said = []
    if going_number:
        again = _("{count} à appeler") if channel == Channel.VOICE else _("{count} en cours")
        said.append(again.format(count=going))
    if failed_number:
        said.append((_("{count} échec") if failed_number == 1 else _("{count} échecs")).format(count=failed))
    return ", ".join(said)


def _words() -> dict[str, str]:
    return {
        "calling": _("{count} à appeler"), "going": _("{count} en cours"), "failure": _("{count} échec"),
        "failures": _("{count} échecs"), "since": _("depuis {minutes} min"), "hours": _("depuis {hours} h"),
        "just": _("depuis moins d’une minute"),
    }  # fmt: skip


def _end(found: Alert, figures: Progress) -> Any:
    """When it is likely to end, by how fast it has gone; None while nobody can say."""
    if found.status != Status.SENDING or found.started_at is None or found.expanded_at is None:
        return None
    rows = [sum(row.values()) for row in figures.by_channel.values()]
    left = sum(row["queued"] for row in figures.by_channel.values())
    done, total = sum(rows) - left, sum(rows)
    if not left or done < total / 20:
        return None
    elapsed = now() - found.started_at
    return now() + min(elapsed * (left / done), timedelta(hours=12))


@require_POST
@staff
def follow_up(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponse:
    """« Confier »: what is done about somebody who was not reached (`recipient`, `note`)."""
    person, town, found = opened(request, town_slug, alert_id)
    asked = request.POST.get("recipient", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    try:
        reach.follow_up(actor=person, alert_id=found.pk, recipient_id=number, words=request.POST.get("note", ""))
    except Invalid as error:
        messages.error(request, str(error))
    return redirect("desk_alert", town.slug, found.pk)


@require_safe
@staff
def missed(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponse:
    """« Liste par rue »: all who were not reached, door after door, to print."""
    _person, town, found = opened(request, town_slug, alert_id)
    streets = reach.by_street(found)
    shown = {
        "town": town, "alert": found, "streets": streets, "number": sum(len(people) for _street, people in streets),
        "at": now(),
    }  # fmt: skip
    return render(request, "alerts/desk/missed.html", shown)


@require_safe
@staff
def missed_file(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponseBase:
    """The same as CSV."""
    _person, _town, found = opened(request, town_slug, alert_id)
    headers = [
        _("Rue"), _("Numéro"), _("Ville"), _("Personne"), _("Registre"), _("Téléphone"), _("Pourquoi"), _("Suite"),
        _("Notée par"),
    ]  # fmt: skip
    return as_csv(csv_parts(headers, reach.rows_of(found)), f"non-joints-{found.number}")
