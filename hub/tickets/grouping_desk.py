"""Putting tickets together, and taking one apart: pages of the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.core.access import staff
from hub.core.errors import Invalid, NotFound, ParvisError
from hub.core.ids import new_key
from hub.people.models import Person
from hub.tickets import queries, rules
from hub.tickets.actions import group_under, split_ticket, ungroup
from hub.tickets.drafts import Draft
from hub.tickets.models import CLOSED, Ticket
from hub.tickets.panel import Panel
from hub.tickets.panel_desk import access, back, changing
from hub.tickets.queries import Seen

SUGGESTED = 12


@require_safe
@staff
def grouping(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Which ticket is this one to stand under? Open ones of the same category close by come first."""
    person, seen = access(request, town_slug, number)
    return _grouping(request, person, seen)


def _grouping(request: HttpRequest, person: Person, seen: Seen, **more: Any) -> HttpResponse:
    error = more.get("error")
    given = {"ticket": seen.ticket, "town": seen.ticket.town, "suggested": _suggested(person, seen.ticket)}
    status = error.status if isinstance(error, ParvisError) else 200
    return render(request, "tickets/desk/group.html", {**given, **more}, status=status)


def _suggested(person: Person, ticket: Ticket) -> list[Ticket]:
    found = queries.desk_tickets(person, ticket.town).filter(
        category=ticket.category, internal=ticket.internal, parent=None
    )
    return list(found.exclude(status__in=CLOSED).exclude(pk=ticket.pk).order_by("-created_at")[:SUGGESTED])


@require_POST
@staff
def group(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Put it there: as one of many neighbours, or as the same demand twice."""
    person, seen = access(request, town_slug, number)
    typed, merged = request.POST.get("parent", ""), request.POST.get("how") == "merge"
    try:
        parent = rules.read_number(typed)
        if not parent:
            raise Invalid(_("Donnez le numéro d’une requête, comme SA26-00042."), field="parent")
        top = group_under(actor=person, number=number, parent=parent, merged=merged)
    except NotFound:
        error = Invalid(_("Aucune requête de votre bureau n’a ce numéro."), field="parent")
        return _grouping(request, person, seen, error=error, typed=typed, merged=merged)
    except ParvisError as error:
        return _grouping(request, person, seen, error=error, typed=typed, merged=merged)
    messages.success(request, _("Réunie avec %(number)s.") % {"number": top.number})
    return redirect("desk_ticket", town_slug, top.number if merged else number)


@changing
def take_out(request: HttpRequest, person: Person, seen: Seen) -> HttpResponse:
    """Take it out from under another."""
    ungroup(actor=person, number=seen.ticket.number)
    return back(request, seen)


@require_safe
@staff
def splitting(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """What is the second demand, and in which category?"""
    person, seen = access(request, town_slug, number)
    return _splitting(request, person, seen)


def _splitting(request: HttpRequest, person: Person, seen: Seen, **more: Any) -> HttpResponse:
    error = more.get("error")
    given = {"panel": Panel(seen, person), "ticket": seen.ticket, "town": seen.ticket.town, "key": new_key()}
    status = error.status if isinstance(error, ParvisError) else 200
    return render(request, "tickets/desk/split.html", {**given, **more}, status=status)


@require_POST
@staff
def split(request: HttpRequest, town_slug: str, number: str) -> HttpResponse:
    """Make the second ticket."""
    person, seen = access(request, town_slug, number)
    given = request.POST
    category, description, key = given.get("category", ""), given.get("description", ""), given.get("key") or new_key()
    try:
        known = category.isascii() and category.isdecimal() and len(category) < 19
        draft = Draft(int(category) if known else 0, description, key=key)
        made = split_ticket(actor=person, number=number, draft=draft)
    except NotFound:
        raise
    except ParvisError as error:
        said = {"error": error, "description": description, "category": category, "key": key}
        return _splitting(request, person, seen, **said)
    messages.success(request, _("La requête %(number)s est créée.") % {"number": made.number})
    return redirect("desk_ticket", town_slug, made.number)
