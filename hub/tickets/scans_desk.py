"""Letters on paper, scanned and dropped on the desk (S77): they join the request that they name, or begin one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.conversations.models import Via
from hub.core.access import staff
from hub.core.errors import Invalid, NotFound, ParvisError
from hub.files.actions import store_file
from hub.files.models import StoredFile
from hub.files.serving import file_response
from hub.people.desk.entry import enter
from hub.people.models import Person
from hub.tickets.actions import note_words
from hub.tickets.models import Ticket
from hub.tickets.rules import read_number
from hub.tickets.scanned.looking import Looked, look
from hub.tickets.scanned.queries import SCANS, access_scan, joined, tickets_named
from hub.tickets.scanned.references import numbers_in
from hub.towns.models import Town

_OFFERED = 3


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def drop(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« Déposer une lettre scannée »: the file is kept, looked at, and shown beside what it names."""
    person, town, _roles = enter(request, town_slug)
    if request.method != "POST":
        return _drop_page(request, town)
    try:
        scan = _kept(request, person)
    except ParvisError as error:
        return _drop_page(request, town, error)
    with scan.content.open("rb") as source:
        looked = look(source.read(), scan.content_type)
    numbers = [one.number for one in tickets_named(person, town, numbers_in(looked.codes, looked.text))]
    if numbers:
        at = reverse("desk_scan", args=[town.slug, scan.pk])
        return redirect(f"{at}?n={','.join(numbers[:_OFFERED])}")
    messages.info(request, _said_of(looked))
    return redirect(_new(town, scan))


def _kept(request: HttpRequest, person: Person) -> StoredFile:
    given = request.FILES.get("scan")
    if given is None:
        raise Invalid(_("Choisissez le fichier de la lettre."), field="scan")
    return store_file(owner=person, name=given.name or "", content=given, extensions=SCANS)


def _drop_page(request: HttpRequest, town: Town, error: ParvisError | None = None) -> HttpResponse:
    given = {"town": town, "error": error, "accept": ",".join(f".{kind}" for kind in SCANS)}
    return render(request, "tickets/desk/scan_drop.html", given, status=error.status if error else 200)


def _said_of(looked: Looked) -> str:
    """Why it begins a request, in a sentence."""
    if looked.refused == "encrypted":
        return _("Ce PDF est protégé par un mot de passe : vos collègues ne pourront pas l’ouvrir.")
    if looked.refused == "unreadable":
        return _("Ce fichier n’a pas pu être lu : vérifiez qu’il s’ouvre. La lettre est jointe ci-dessous.")
    if looked.refused:
        return _("La lecture de ce fichier a été trop longue. La lettre est jointe ci-dessous.")
    return _("Cette lettre ne porte la référence d’aucune requête ouverte à vous : elle en commence une nouvelle.")


def _new(town: Town, scan: StoredFile) -> str:
    return f"{reverse('desk_ticket_new', args=[town.slug])}?lettre={scan.pk}"


@require_safe
@staff
def scan(request: HttpRequest, town_slug: str, file_id: UUID) -> HttpResponse:
    """What it names: to be added there by one press, or not."""
    person, town, _roles = enter(request, town_slug)
    letter = access_scan(person, file_id)
    if (ticket := joined(letter)) is not None:
        return redirect("desk_ticket", ticket.town.slug, ticket.number)
    numbers = [read_number(one) for one in request.GET.get("n", "").split(",")[:_OFFERED]]
    found = tickets_named(person, town, numbers)
    if not found:
        return redirect(_new(town, letter))
    return _scan_page(request, town, letter, found)


def _scan_page(
    request: HttpRequest, town: Town, letter: StoredFile, found: list[Ticket], error: ParvisError | None = None
) -> HttpResponse:
    given = {
        "town": town, "scan": letter, "found": found, "new_url": _new(town, letter), "error": error,
        "body": request.POST.get("body", ""),
    }  # fmt: skip
    return render(request, "tickets/desk/scan.html", given, status=error.status if error else 200)


@require_POST
@staff
def join(request: HttpRequest, town_slug: str, file_id: UUID) -> HttpResponse:
    """Add it to the request: the requester's words, by letter. Pressed twice, it is there once."""
    person, town, _roles = enter(request, town_slug)
    letter = access_scan(person, file_id)
    if (ticket := joined(letter)) is not None:
        return redirect("desk_ticket", ticket.town.slug, ticket.number)
    found = tickets_named(person, town, [read_number(request.POST.get("number", ""))])
    if not found:
        raise NotFound
    try:
        note_words(
            actor=person, number=found[0].number, body=request.POST.get("body", ""), via=Via.LETTER,
            files=[(letter.name, letter)], key=f"scan-{letter.pk}",
        )  # fmt: skip
    except NotFound:
        raise
    except ParvisError as error:
        return _scan_page(request, town, letter, found, error)
    messages.success(request, _("La lettre est ajoutée à la requête %(number)s.") % {"number": found[0].number})
    return redirect("desk_ticket", town.slug, found[0].number)


@require_safe
@staff
def file(request: HttpRequest, town_slug: str, file_id: UUID) -> HttpResponse:
    """The letter itself, or its thumbnail (`apercu`)."""
    person, _town, _roles = enter(request, town_slug)
    return file_response(access_scan(person, file_id), thumbnail="apercu" in request.GET)
