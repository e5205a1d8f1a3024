"""The second person's page: what is to leave, to whom, and « Donner mon accord »; and stopping what leaves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.alerts import alerting, lifecycle, outlines, saying, zones
from hub.alerts.alert_queries import rules_of
from hub.alerts.asking import approvers_of
from hub.alerts.cap.origin import origins_of
from hub.alerts.composing import LANGUAGES
from hub.alerts.desk import compose_page
from hub.alerts.desk.entry import opened
from hub.alerts.estimate import estimate
from hub.alerts.models import Alert, Zone
from hub.alerts.trying import without_links
from hub.core.access import staff
from hub.core.errors import ParvisError
from hub.core.typography import count, locale_name
from hub.deliveries.models import Channel
from hub.people.models import Person, Role
from hub.people.queries import roles_in, second_factors_of
from hub.people.visitor import second_factor_just_shown
from hub.towns.models import Town


def page(request: HttpRequest, person: Person, town: Town, alert: Alert) -> HttpResponse:
    """An alert that waits for a yes."""
    found = estimate(alert)
    locale = locale_name((get_language() or "fr")[:2], town.country)
    mine = alert.author_id == person.pk
    others = approvers_of(town, besides=alert.author_id)
    alone = mine and rules_of(town).alone and Role.MAYOR in roles_in(person, town)
    shown = {
        "town": town, "alert": alert, "mine": mine, "approvers": others[: compose_page.APPROVERS_SHOWN],
        "alone": alone, "shown_now": alone and second_factor_just_shown(request), "prove": _prove(request, person),
        "people": count(found.counts["people"], locale), "reachable": count(found.counts["reachable"], locale),
        "where": compose_page.where(alert), "drawing": drawing(alert), "texts": texts(alert),
        "by_means": [
            (Channel(channel), count(found.counts[channel], locale)) for channel in alert.channels
        ],
        "ledger": compose_page.ledger(found, locale), "total": compose_page.money(found.total, locale),
        "duration": compose_page.duration(found.minutes), "origin": origins_of([alert]).get(alert.pk),
    }  # fmt: skip
    return render(request, "alerts/desk/approve.html", shown)


def drawing(alert: Alert) -> outlines.Drawing | None:
    """The zones that it goes to, without a map."""
    chosen = Zone.objects.filter(town=alert.town_id, pk__in=alert.audience.get("zones") or [])
    return outlines.drawn(zones.shapes_of(alert.audience, list(chosen.values_list("shape", flat=True))))


def texts(alert: Alert) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What leaves in each language that it has: (language, title, [(means, words)])."""
    found = []
    for language in LANGUAGES:
        if language not in alert.title:
            continue
        written = [
            (str(Channel(channel).label), without_links(saying.said(alert, Channel(channel), language).text))
            for channel in (Channel.SMS, Channel.VOICE)
            if channel in alert.channels
        ]
        words = [(_("Texte"), alert.said("body", language)), *written]
        found.append((language, alert.said("title", language), words))
    return found


def _prove(request: HttpRequest, person: Person) -> str:
    """Where the second factor is shown once more, to come back here; "" for who has none."""
    held = second_factors_of(person)
    way = "/compte/confirmer/code/" if held.get("totp") else "/compte/confirmer/cle/" if held.get("webauthn") else ""
    return f"{way}?{urlencode({'next': request.path})}" if way else ""


@require_POST
@staff
def approve(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponse:
    """« Donner mon accord et envoyer »."""
    person, town, alert = opened(request, town_slug, alert_id)
    strongly = Role.MAYOR in roles_in(person, town) and second_factor_just_shown(request)
    try:
        alerting.approve_alert(actor=person, alert_id=alert.pk, strongly=strongly)
    except ParvisError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Votre accord est donné."))
    return redirect("desk_alert", town.slug, alert.pk)


@require_POST
@staff
def take_back(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponse:
    """« Reprendre »: a draft again."""
    person, town, alert = opened(request, town_slug, alert_id)
    try:
        alerting.take_back(actor=person, alert_id=alert.pk)
    except ParvisError as error:
        messages.error(request, str(error))
    return redirect("desk_alert", town.slug, alert.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def stop(request: HttpRequest, town_slug: str, alert_id: int) -> HttpResponse:
    """« Arrêter l’envoi »: asked once, and done."""
    person, town, alert = opened(request, town_slug, alert_id)
    if request.method != "POST":
        if not lifecycle.may_be_stopped(alert.status):
            return redirect("desk_alert", town.slug, alert.pk)
        return render(request, "alerts/desk/stop.html", {"town": town, "alert": alert})
    try:
        alerting.stop_alert(actor=person, alert_id=alert.pk)
    except ParvisError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("L’envoi est arrêté. Plus rien ne part."))
    return redirect("desk_alert", town.slug, alert.pk)
