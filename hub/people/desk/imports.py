"""« Importation » (S7): a file is sent, verified row by row, then imported as it was verified."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import staff
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from hub.core.spreadsheets import KINDS as FILES
from hub.core.spreadsheets import as_file, written
from hub.people.actions import confirm_import, drop_import, verify_import
from hub.people.desk.entry import enter_citizens
from hub.people.exchange.columns import COLUMNS
from hub.people.exchange.more import rooms
from hub.people.exchange.planning import KINDS, NEW, REFUSED, SKIP, UPDATE
from hub.people.exchange.reading import MAX_BYTES, MAX_ROWS
from hub.people.exchange.report import said
from hub.people.exchange.writing import refused, template
from hub.people.models import CitizenImport, Person
from hub.people.queries import access_import, roles_in, waiting_imports
from hub.people.rules import may_exchange_citizens
from hub.towns.models import Town

PAGE = 100


class FileForm(forms.Form):
    """A file from the device."""

    file = forms.FileField(
        label=gettext_lazy("Fichier CSV ou Excel (XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=gettext_lazy("5 Mo et 10 000 lignes au plus. Rien n’est enregistré avant votre accord."),
    )


def _enter(request: HttpRequest, town_slug: str) -> tuple[Person, Town]:
    """The same as for the list, for who may exchange files of it."""
    person, town = enter_citizens(request, town_slug)
    if not may_exchange_citizens(roles_in(person, town)):
        raise Forbidden
    return person, town


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def imports(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Send a file; it is verified at once, and nothing is written yet."""
    person, town = _enter(request, town_slug)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid() and (held := _verified(form, person, town)):
        return redirect("desk_import", town.slug, held.pk)
    context = {
        "town": town,
        "form": form,
        "waiting": waiting_imports(person, town),
        "columns": COLUMNS.values(),
        "more": [room.help() for room in rooms()],
        "max_rows": MAX_ROWS,
    }
    return render(request, "people/desk/imports.html", context)


def _verified(form: FileForm, actor: Person, town: Town) -> CitizenImport | None:
    sent = form.cleaned_data["file"]
    try:
        data = sent.read(MAX_BYTES + 1)
        return verify_import(actor=actor, town=town, name=str(sent.name), data=data)
    except (Invalid, RateLimited) as refusal:
        form.add_error("file", str(refusal))
        return None


@require_safe
@staff
def citizen_import(request: HttpRequest, town_slug: str, import_id: int) -> HttpResponse:
    """What would happen row by row (`kind`: only these); afterwards, what was done."""
    person, town = _enter(request, town_slug)
    held = access_import(person, town, import_id)
    kind = request.GET.get("kind", "")
    rows = [row for row in held.report if row["kind"] == kind] if kind in KINDS else held.report
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "town": town,
        "held": held,
        "kind": kind if kind in KINDS else "",
        "groups": _groups(held),
        "page": page,
        "rows": [said(row) for row in page],
        "changes": held.counts[NEW] + held.counts[UPDATE],
    }
    return render(request, "people/desk/import.html", context)


def _groups(held: CitizenImport) -> list[dict[str, Any]]:
    words = {
        NEW: _("À créer"),
        UPDATE: _("À compléter"),
        SKIP: _("Déjà à jour"),
        REFUSED: _("Refusées"),
    }
    if held.done_at:
        words |= {NEW: _("Créées"), UPDATE: _("Complétées")}
    return [{"kind": kind, "word": words[kind], "count": held.counts[kind]} for kind in KINDS]


@require_POST
@staff
def import_confirm(request: HttpRequest, town_slug: str, import_id: int) -> HttpResponse:
    """Do what was shown."""
    person, town = _enter(request, town_slug)
    try:
        confirm_import(actor=person, town=town, import_id=import_id)
    except Conflict as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("L’importation est faite."))
    return redirect("desk_import", town.slug, import_id)


@require_POST
@staff
def import_drop(request: HttpRequest, town_slug: str, import_id: int) -> HttpResponse:
    """Forget the file."""
    person, town = _enter(request, town_slug)
    drop_import(actor=person, town=town, import_id=import_id)
    messages.success(request, _("Le fichier est oublié. Rien n’a été importé."))
    return redirect("desk_imports", town.slug)


@require_safe
@staff
def import_refused(request: HttpRequest, town_slug: str, import_id: int) -> HttpResponse:
    """Refused rows, as a file of the same kind: to be mended and sent again."""
    person, town = _enter(request, town_slug)
    held = access_import(person, town, import_id)
    return as_file(written(refused(held.headers, held.report), held.kind), f"lignes-refusees-{held.pk}", held.kind)


@require_safe
@staff
def import_template(request: HttpRequest, town_slug: str, kind: str) -> HttpResponse:
    """An empty file with the columns that are read."""
    _enter(request, town_slug)
    if kind not in FILES:
        raise NotFound
    return as_file(written(template(), kind), "modele-citoyens", kind)
