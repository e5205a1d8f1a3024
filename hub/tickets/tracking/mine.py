"""« Mes demandes »: what I asked for, in all my towns, what waits for me, what I follow."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.core.access import signed_in
from hub.core.clock import now
from hub.core.unkept import unkept
from hub.notifications.models import Notification
from hub.people.models import Person
from hub.people.visitor import signed_in_person
from hub.streams import topics
from hub.tickets import queries, rules
from hub.tickets.models import CLOSED, Ticket
from hub.tickets.tracking.rows import PAGE, Row, page_number, rows_of
from hub.towns.models import Town

ANSWERS = ("ticket_follow_up", "ticket_refused", "ticket_reopened")
ASKED = 50  # closed tickets that may still be asked about, at most
PORTAL = 3


@dataclass(frozen=True)
class Tab:
    """One of the lists, and how many stand in it."""

    name: str
    label: str
    count: int


@signed_in
@require_safe
@unkept
def my_tickets(request: HttpRequest) -> HttpResponse:
    """« Mes demandes ». `etat`: en-cours, fermees, suivies."""
    person = signed_in_person(request)
    mine = queries.tickets_of(person)
    lists: dict[str, QuerySet[Ticket]] = {
        "en-cours": mine.exclude(status__in=CLOSED),
        "fermees": mine.filter(status__in=CLOSED),
        "suivies": queries.followed_by(person).exclude(requester=person),
    }
    shown = request.GET.get("etat", "")
    shown = shown if shown in lists else "en-cours"
    waits = waiting_for(person, mine)
    number = page_number(request)
    found = list(lists[shown][(number - 1) * PAGE : number * PAGE + 1])
    context: dict[str, Any] = {
        "waiting": rows_of(_of(mine, waits), own=True, waits=waits) if number == 1 and shown != "suivies" else [],
        "rows": rows_of(found[:PAGE], own=shown != "suivies"),
        "tabs": _tabs(lists),
        "shown": shown,
        "number": number,
        "more": len(found) > PAGE,
        "query": f"etat={shown}",
    }
    return render(request, "tickets/tracking/mine.html", context)


def _tabs(lists: dict[str, QuerySet[Ticket]]) -> list[Tab]:
    labels = {"en-cours": _("En cours"), "fermees": _("Fermées"), "suivies": _("Que je suis")}
    return [Tab(name, labels[name], found.count()) for name, found in lists.items()]


def _of(mine: QuerySet[Ticket], waits: dict[int, str]) -> list[Ticket]:
    return list(mine.filter(pk__in=waits)) if waits else []


def waiting_for(person: Person, mine: QuerySet[Ticket]) -> dict[int, str]:
    """What is to be done, by ticket: the town answered and nobody has looked; is it settled?"""
    waits = {}
    for ticket in _may_be_settled(mine):
        waits[ticket.pk] = _("La mairie l’a fermée : c’est réglé ?")
    told = Notification.objects.filter(
        person=person, read_at=None, deleted_at=None, code__in=ANSWERS, subject__startswith=topics.ticket("")
    )
    numbers = [subject.partition(".")[2] for subject in told.values_list("subject", flat=True)[:ASKED]]
    for pk in mine.filter(number__in=numbers).values_list("pk", flat=True):
        waits[pk] = _("La mairie vous a répondu.")
    return waits


def _may_be_settled(mine: QuerySet[Ticket]) -> list[Ticket]:
    at = now()
    closed = mine.filter(status__in=CLOSED, settled=None, merged=False, closed_at__gt=at - timedelta(days=400))
    days: dict[int, int] = {}
    found = []
    for ticket in closed[:ASKED]:
        if ticket.town_id not in days:
            days[ticket.town_id] = queries.desk_settings(ticket.town).reopen_days
        if rules.may_settle(ticket, at, days=days[ticket.town_id]):
            found.append(ticket)
    return found


def on_portal(person: Person | None, town: Town) -> list[Row]:
    """The person's open tickets in a town, the latest, with what waits; for its front page."""
    if person is None:
        return []
    mine = queries.tickets_of(person).filter(town=town)
    waits = waiting_for(person, mine)
    some = [*_of(mine, waits), *mine.exclude(status__in=CLOSED).exclude(pk__in=waits)[:PORTAL]]
    return rows_of(some[:PORTAL], own=True, waits=waits)
