"""« Citoyens »: the list, a new one, one to mend (S1, S3–S6, S8, S12, S13)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import staff
from hub.core.clock import now
from hub.core.errors import Conflict, Invalid, NotFound
from hub.core.spreadsheets import as_csv, as_file
from hub.people.actions import ask_for_workbook, export_citizens, keep_view, register_citizen, update_citizen
from hub.people.actions.trail import note_seen
from hub.people.citizen_list import COLUMNS, View, ordered, view_of
from hub.people.desk.entry import enter_citizens
from hub.people.desk.parts import Part, parts_of
from hub.people.desk_forms import CitizenForm, known_of
from hub.people.exchange.more import rooms
from hub.people.models import Person
from hub.people.queries import (
    access_citizen,
    access_file,
    citizens_of,
    has_proven_address,
    own_files,
    person_of_address,
    roles_in,
    takes_long,
)
from hub.people.rules import may_exchange_citizens, may_manage_town
from hub.people.visitor import posted
from hub.towns.models import Town

PAGE = 50


def _search(said: str) -> str:
    return said.strip()[:80]


@require_safe
@staff
def citizens(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The list as the person wants it: search, fifty a page."""
    person, town = enter_citizens(request, town_slug)
    search = _search(request.GET.get("q", ""))
    seen = view_of(person)
    found = ordered(citizens_of(person, town, search), seen).select_related("address")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    _add_more(town, page, seen)
    context = {
        "town": town,
        "search": search,
        "page": page,
        "seen": seen,
        "columns": COLUMNS,
        "exchanges": may_exchange_citizens(roles_in(person, town)),
        "file": own_files(person, town).first(),
    }
    return render(request, "people/desk/citizens.html", context)


def _add_more(town: Town, page: Page[Person], seen: View) -> None:
    """To each on the page the cells of rooms above, as `more`."""
    page.object_list = people = list(page.object_list)
    keys = {column.key for column in seen.shown}
    shown = [room for room in rooms() if room.column.key in keys]
    known = [(room, room.standing(town, [one.pk for one in people])) for room in shown]
    for one in people:
        one.more = [room.summed_up(stands.get(one.pk)) for room, stands in known]  # type: ignore[attr-defined]


@require_POST
@staff
def citizens_view(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Keep the columns (`chosen` with `columns`) or the order (`order`) for the person; back to the list."""
    person, town = enter_citizens(request, town_slug)
    keep_view(
        person=person,
        columns=request.POST.getlist("columns") if "chosen" in request.POST else None,
        order=request.POST.get("order"),
    )
    search = _search(request.POST.get("q", ""))
    address = reverse("desk_citizens", args=[town.slug])
    return redirect(f"{address}?{urlencode({'q': search})}" if search else address)


@require_POST
@staff
def citizens_export(request: HttpRequest, town_slug: str) -> HttpResponseBase:
    """The list as a file (`kind`: csv, xlsx): those found, with the columns that are shown."""
    person, town = enter_citizens(request, town_slug)
    kind, search = request.POST.get("kind", ""), _search(request.POST.get("q", ""))
    if kind == "xlsx" and takes_long(person, town, search):
        return redirect("desk_export", town.slug, ask_for_workbook(actor=person, town=town, search=search).pk)
    parts, name = export_citizens(actor=person, town=town, search=search, kind=kind), _file_name(town)
    return as_csv(parts, name) if kind == "csv" else as_file(b"".join(parts), name, kind)


def _file_name(town: Town) -> str:
    return f"citoyens-{town.slug}-{now():%Y-%m-%d}"


@require_safe
@staff
@never_cache
def citizens_file(request: HttpRequest, town_slug: str, file_id: int) -> HttpResponse:
    """A workbook that takes its time: under way, there, or why not. Whoever did not ask for it finds nothing here."""
    person, town = enter_citizens(request, town_slug)
    return render(request, "people/desk/export.html", {"town": town, "file": access_file(person, town, file_id)})


@require_safe
@staff
def citizens_file_download(request: HttpRequest, town_slug: str, file_id: int) -> HttpResponse:
    """The workbook itself, for who asked for it."""
    person, town = enter_citizens(request, town_slug)
    file = access_file(person, town, file_id)
    if file.ready_at is None:
        raise NotFound
    return as_file(bytes(file.data), _file_name(town), "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def citizen_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« Nouveau citoyen » (S6, S13)."""
    person, town = enter_citizens(request, town_slug)
    form = CitizenForm(posted(request), town=town, new=True, initial={"language": town.languages[0]})
    parts = parts_of(town, None, posted(request))
    if form.is_valid() and (made := _register(form, person, town, parts)):
        messages.success(request, _("%(name)s est dans la liste.") % {"name": made.name})
        return redirect("desk_citizens", town.slug)
    return render(request, "people/desk/citizen_new.html", {"town": town, "form": form, "parts": parts})


def _register(form: CitizenForm, actor: Person, town: Town, parts: list[Part]) -> Person | None:
    known = person_of_address(form.cleaned_data.get("email", ""))
    try:
        made = register_citizen(
            actor=actor, town=town, fields=form.person_fields, phones=form.phones, address=form.postal_address
        )
        # Who was known already stays unchanged, and has their own account.
        for part in parts if known is None else ():
            part.save(actor, made)
    except (Conflict, Invalid) as refusal:
        form.add_error("email", str(refusal))
        return None
    return made


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def citizen(request: HttpRequest, town_slug: str, person_id: int) -> HttpResponse:
    """One citizen: what is known, and « Mettre à jour »."""
    person, town = enter_citizens(request, town_slug)
    shown = access_citizen(person, town, person_id)
    note_seen(actor=person, town=town, person=shown)
    proven = has_proven_address(shown)
    form = CitizenForm(posted(request), town=town, instance=shown, initial=known_of(shown), email_is_theirs=proven)
    parts = parts_of(town, shown, posted(request))
    if form.is_valid() and _update(form, person, town, person_id, parts):
        messages.success(request, _("La fiche est à jour."))
        return redirect("desk_citizen", town.slug, person_id)
    context = {
        "town": town,
        "form": form,
        "parts": parts,
        "citizen": access_citizen(person, town, person_id),
        "proven": proven,
        "manages": may_manage_town(roles_in(person, town)),
    }
    return render(request, "people/desk/citizen.html", context)


def _update(form: CitizenForm, actor: Person, town: Town, person_id: int, parts: list[Part]) -> bool:
    try:
        with transaction.atomic():
            changed = update_citizen(
                actor=actor,
                town=town,
                person_id=person_id,
                fields=form.person_fields,
                phones=form.phones,
                address=form.postal_address,
            )
            for part in parts:
                part.save(actor, changed)
    except (Conflict, Invalid) as refusal:
        form.add_error("email", str(refusal))
        return False
    return True
