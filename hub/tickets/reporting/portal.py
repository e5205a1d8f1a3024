"""Citizens' pages of « Signaler un problème », with or without an account (S19, S20)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from hub.core import limits
from hub.core.access import public
from hub.core.client_address import client_address
from hub.core.errors import Invalid, NotFound
from hub.core.unkept import unkept
from hub.people.models import Person
from hub.tickets import actions, letters, links, mail, proof, queries
from hub.tickets.models import Ticket
from hub.tickets.naming import public_title
from hub.tickets.reporting.choosing import choice_of
from hub.tickets.reporting.door import Door, number_of_receipt
from hub.tickets.reporting.sending import Report, category_of, near_items, place_said, wants_json
from hub.tickets.tracking import words
from hub.towns.models import Town
from hub.towns.queries import town_by_slug


def _enter(request: HttpRequest, slug: str) -> Door:
    town = town_by_slug(slug)
    request.town = town  # type: ignore[attr-defined]
    return Door(town, request.user if isinstance(request.user, Person) else None)


@public
@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Which category."""
    door = _enter(request, slug)
    return render(request, "tickets/report/choose.html", choosing(door, request.GET.get("q", "")))


def choosing(door: Door, search: str) -> dict[str, Any]:
    """For `tickets/report/choices.html`."""
    choice = choice_of(door.town, search)
    links = {"most_used": choice.most_used, "branches": choice.branches}
    return {"town": door.town, "door": door, "choice": choice, "choose": door.choose_url, **links}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str, category_id: int) -> HttpResponse:
    """The form: all steps under each other, one at a time by its script. Sent again with the same key: one ticket."""
    door = _enter(request, slug)
    asked = Report(request, door, category_id)
    if request.method == "POST":
        ticket = asked.send()
        if ticket is not None:
            if door.is_kept(ticket):
                proof.prove_in_session(request, ticket)
            url = door.done_url(ticket)
            return JsonResponse({"url": url, "number": ticket.number}) if wants_json(request) else redirect(url)
        if wants_json(request):
            return asked.refusal()
    return render(request, "tickets/report/form.html", asked.context(), status=asked.status)


@public
@require_GET
def near(request: HttpRequest, slug: str, category_id: int) -> HttpResponse:
    """Part of the form: open public tickets of that category close to a point (S75)."""
    limits.hit(limits.PUBLIC_LISTS, client_address(request))
    framed = "cadre" in request.GET
    door = _enter(request, slug)
    _tree, category = category_of(door.town, category_id)
    lat, lon = place_said(request.GET.get("lat", ""), request.GET.get("lon", ""))
    found: list[tuple[Ticket, int | None]] = list(queries.near(door.town, category, lat, lon))
    person = None if framed else door.person
    shown = {"near": near_items(person, found), "town": door.town, "person": person, "framed": framed, "asked": True}
    return render(request, "tickets/report/near.html", shown)


# « C’est déjà signalé » (S75).


@public
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Follow a public ticket: signed in at once, else by an address that is to be confirmed."""
    door = _enter(request, slug)
    ticket = queries.public_tickets(door.town).filter(number=number).first()
    if ticket is None:
        raise NotFound
    if request.method != "POST":
        return _asked_to_follow(request, door, ticket)
    email = request.POST.get("email", "")
    if door.person is None:
        limits.hit(limits.FOLLOWS, client_address(request))
    try:
        actions.follow(ticket=ticket, person=door.person, email=email)
    except Invalid as error:
        return _asked_to_follow(request, door, ticket, email=email, error=str(error))
    said = _followed(ticket, door.person, email)
    if wants_json(request):
        return JsonResponse({"message": said})
    messages.success(request, said)
    return redirect("report_follow", slug, number)


def _followed(ticket: Ticket, person: Person | None, email: str) -> str:
    if person is None:
        return _("Nous avons écrit à %(email)s. Ouvrez ce courriel pour confirmer.") % {"email": email.strip()}
    return _("Vous suivez la demande %(number)s : vous recevrez ses suivis.") % {"number": ticket.number}


def _asked_to_follow(
    request: HttpRequest, door: Door, ticket: Ticket, *, email: str = "", error: str = ""
) -> HttpResponse:
    shown = {
        "town": door.town, "ticket": ticket, "person": door.person, "email": email, "error": error,
        "title": public_title(ticket),
        "state": words.state_of(ticket), "following": queries.is_following(door.person, ticket),
    }  # fmt: skip
    return render(request, "tickets/report/follow.html", shown, status=400 if error else 200)


# After it is sent.


@public
@require_safe
@unkept
def done(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """What was sent, who answers for it, by when (S88, S139): for the browser that sent it, and for whose it is."""
    door = _enter(request, slug)
    ticket = Ticket.objects.select_related("town", "service").filter(town=door.town, number=number).first()
    reader = proof.reader_of(request, number)
    if ticket is None or ticket.internal or not (_is_theirs(ticket, reader) or _was_given(request, ticket)):
        raise NotFound
    return render(request, "tickets/report/done.html", {**receipt(ticket), "door": door, "choose": door.choose_url})


def _is_theirs(ticket: Ticket, reader: Person | None) -> bool:
    return reader is not None and reader.pk == ticket.requester_id


def _was_given(request: HttpRequest, ticket: Ticket) -> bool:
    return number_of_receipt(request.GET.get("recu", "")) == ticket.number


def receipt(ticket: Ticket) -> dict[str, Any]:
    """For `tickets/report/receipt.html`."""
    town: Town = ticket.town
    way = mail.way_of_receipt(ticket)
    return {
        "town": town, "ticket": ticket, "way": way or "", "to": ticket.email,
        "promised": letters.promised(ticket), "accountable": letters.accountable(town, queries.desk_settings(town)),
        "tracking": links.tracking(ticket),
    }  # fmt: skip
