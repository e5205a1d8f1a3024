"""A ticket's page (`e1`): where it stands, what happened, what the visitor may do; and its files."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.core.access import public
from hub.core.errors import NotFound, ParvisError
from hub.core.unkept import unkept
from hub.files.serving import file_response
from hub.notifications.actions import settle as settle_notifications
from hub.notifications.standing import inbox_standing
from hub.people.models import Person
from hub.streams.actions import unit
from hub.streams.queries import head
from hub.tickets import proof, queries, rules
from hub.tickets.tracking import door, shown
from hub.tickets.tracking.visit import AtTheDesk, Visit, enter


@public
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket, for its requester and, when it is public, for everybody; else the door, which asks for its code."""
    if (known := rules.read_number(number)) and known != number:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("ticket", args=[known]) + asked)
    if request.method == "POST":
        return door.by_code(request, number)
    if "c" in request.GET:
        return door.by_link(request, number)
    try:
        return show(request, enter(request, number))
    except AtTheDesk as elsewhere:
        return redirect(elsewhere.path)
    except NotFound:
        return door.closed(request)


def show(request: HttpRequest, visit: Visit, *, error: ParvisError | None = None, part: str = "") -> HttpResponse:
    """The page, or with `?fragment` those parts of it that change while it is open.

    `error`: what was wrong with a form; `part`: with which one, "answer", "settle" or "follow".
    """
    stands = _standing(request, visit)  # first: what comes after it is told live
    _read_by(request, visit)
    context = {**shown.moving(request, visit), "error": error, "part": part}
    fragment = request.method == "GET" and "fragment" in request.GET
    if not fragment:
        context |= shown.lasting(request, visit)
        context |= {"page": _for_script(visit, stands), "live": _line(request, visit)}
    name = "fragment" if fragment else "ticket"
    response = render(request, f"tickets/tracking/{name}.html", context, status=error.status if error else 200)
    if rules.is_open_to_all(visit.ticket) and not visit.mine and not fragment:
        response["X-Robots-Tag"] = "all"
    return response


def _read_by(request: HttpRequest, visit: Visit) -> None:
    """What the bell told the requester of this ticket is read now."""
    person = request.user
    if visit.mine and isinstance(person, Person) and visit.reader == person:
        inbox_standing(request, person)
        with unit() as work:
            settle_notifications(work, person_id=person.pk, subject=visit.ticket.topic)


# What the page tells its script.


def _standing(request: HttpRequest, visit: Visit) -> dict[str, Any] | None:
    """Where the ticket's topic stands, for whom it is open: the requester, as who they are or by the secret alone."""
    if not visit.mine or visit.reader is None:
        return None
    if isinstance(request.user, Person):
        if proof.keeps_apart(request, visit.ticket):
            return None  # their socket is their account's
    elif request.session.get(proof.SESSION_KEY, [])[-1:] != [[visit.ticket.number, visit.reader.pk]]:
        proof.prove_in_session(request, visit.ticket)  # the socket is opened as whose secret was shown last
    stands = head(visit.ticket.topic)
    return {"seq": stands.seq, "epoch": stands.epoch}


def _line(request: HttpRequest, visit: Visit) -> dict[str, Any] | None:
    """What `client.js` needs where nobody is signed in; on every page of who is, it is there already."""
    if isinstance(request.user, Person) or not visit.mine or visit.reader is None:
        return None
    return {"person": visit.reader.pk, "socket": "/ws/", "me": "/api/v1/me", "worker": static("js/hub_worker.js")}


def _for_script(visit: Visit, stands: dict[str, Any] | None) -> dict[str, Any]:
    number = visit.ticket.number
    return {
        "topic": visit.ticket.topic if stands else None,
        "from": stands,
        "fragment": f"{reverse('ticket', args=[number])}?fragment",
        "person": visit.reader.pk if visit.reader else 0,
        "draft": f"ticket.{number}",
        "words": {
            "answered": _("La mairie vous répond."),
            "changed": _("Du nouveau : {state}."),
            "sent": _("C’est envoyé à la mairie."),
            "kept": _("Pas de réseau. Votre texte est gardé sur cet appareil, et partira dès que possible."),
            "refused": _("Non envoyé. Votre texte est gardé."),
        },
    }


# Files.


@public
@require_safe
def file(request: HttpRequest, number: str, file_id: UUID) -> HttpResponse:
    """A file of the ticket, for who may have it (S100, S123). `?apercu`: its small picture."""
    kept = queries.access_file(enter(request, number).seen, file_id)
    return file_response(kept, thumbnail="apercu" in request.GET)
