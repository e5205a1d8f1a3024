"""« Notifications »: what one was told, newest first, and what one wants to be told. For citizens and staff."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import signed_in
from hub.core.clock import now
from hub.notifications import devices, queries, rules, sections, words
from hub.notifications.actions import catch_up, delete_all, mark_read, set_preferences, set_rhythm
from hub.notifications.models import Kind, Notification
from hub.notifications.rules import CHOSEN, Wish
from hub.notifications.standing import standing_of
from hub.notifications.words import Said
from hub.people.models import Person
from hub.people.queries import needs_second_factor, towns_of
from hub.people.visitor import signed_in_person
from hub.towns.models import Town


@dataclass(frozen=True)
class Entry:
    """One notification of the list. `official`: who acted speaks for the town hall."""

    told: Notification
    said: Said
    official: bool


@dataclass(frozen=True)
class Row:
    """One kind of news of the grid. `hint`: what the kind does not say by itself, or ""."""

    kind: Kind
    label: str
    wish: Wish
    hint: str = ""

    @property
    def push(self) -> bool:
        """Whether it goes to their devices."""
        return rules.wanted_on_devices(self.kind, self.wish.push)


@require_safe
@signed_in
def notifications(request: HttpRequest) -> HttpResponse:
    """What I was told, 50 at a time. `avant`: only what is older than that one."""
    person = signed_in_person(request)
    if needs_second_factor(person):
        return redirect("mfa_index")  # which says why; a moderator is told what people wrote
    standing = standing_of(request, person)
    catch_up(person)
    found = list(queries.notifications_of(person, before=_number(request.GET.get("avant", "")))[: queries.PAGE + 1])
    shown = found[: queries.PAGE]
    context = {
        "entries": _entries(shown),
        "older": shown[-1].pk if len(found) > queries.PAGE else None,
        "first": "avant" not in request.GET,
        "unread": standing.unread,
    }
    return render(request, "notifications/list.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _entries(shown: list[Notification]) -> list[Entry]:
    officials = queries.officials(shown)
    return [Entry(told, words.of(told), (told.actor_id or 0, told.town_id) in officials) for told in shown]


@require_safe
@signed_in
def follow(request: HttpRequest, notification_id: int) -> HttpResponse:
    """To where it happened; it is read from now on."""
    person = signed_in_person(request)
    told = queries.access_notification(person, notification_id)
    mark_read(actor=person, notification_ids=[told.pk])
    return redirect(told.path)


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """« Tout marquer comme lu »."""
    mark_read(actor=signed_in_person(request))
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def delete(request: HttpRequest) -> HttpResponse:
    """« Supprimer toutes les notifications », after a deliberate yes."""
    if request.method != "POST":
        return render(request, "notifications/delete.html")
    delete_all(actor=signed_in_person(request))
    messages.success(request, _("Toutes vos notifications sont supprimées."))
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """« Mes notifications » (S30): what tells me, and where. A module saves by itself, and is answered in JSON.

    Rooms above add their parts (`hub.notifications.sections`).
    """
    person = signed_in_person(request)
    if request.method != "POST":
        shown = {**_grid(person), "sections": sections.sections_of(person), "push": devices.shown(person)}
        return render(request, "notifications/preferences.html", shown)
    set_preferences(actor=person, wishes=_wished(request))
    if "rhythm" in request.POST:
        set_rhythm(actor=person, daily=request.POST["rhythm"] == "daily")
    saved = words.saved_at(now(), _town_of(person, request.POST.get("town", "")))
    if not request.accepts("text/html"):
        return JsonResponse({"saved": saved})
    messages.success(request, saved)
    return redirect("notification_preferences")


def _grid(person: Person) -> dict[str, Any]:
    labels = words.kinds()
    rows = [Row(kind, labels[kind], wish, words.hint(kind)) for kind, wish in queries.wishes_of(person).items()]
    return {"rows": rows, "devices": queries.has_devices(person), "daily": queries.gathers(person)}


def _wished(request: HttpRequest) -> dict[Kind, Wish]:
    site, email, push = (request.POST.getlist(means) for means in ("site", "email", "push"))
    asked = "devices" in request.POST  # the page had their column
    return {kind: Wish(kind in site, kind in email, kind in push if asked else None) for kind in CHOSEN}


def _town_of(person: Person, slug: str) -> Town | None:
    """At whose hour the page is told: one of the person's own."""
    towns = list(towns_of(person))
    return next((town for town in towns if town.slug == slug), towns[0] if towns else None)
