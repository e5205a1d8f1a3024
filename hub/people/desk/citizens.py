"""« Citoyens »: the list, a new one, one to mend (S1, S3, S5, S6, S8, S12, S13)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.core.access import staff
from hub.core.errors import Conflict, Invalid
from hub.people.actions import register_citizen, update_citizen
from hub.people.desk.entry import enter_citizens
from hub.people.desk_forms import CitizenForm, known_of
from hub.people.models import Person
from hub.people.queries import access_citizen, citizens_of, has_proven_address
from hub.people.visitor import posted
from hub.towns.models import Town

PAGE = 50


@require_safe
@staff
def citizens(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The list: search, fifty a page."""
    person, town = enter_citizens(request, town_slug)
    search = request.GET.get("q", "").strip()[:80]
    found = citizens_of(person, town, search)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"town": town, "search": search, "page": page}
    return render(request, "people/desk/citizens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def citizen_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """« Nouveau citoyen » (S6, S13)."""
    person, town = enter_citizens(request, town_slug)
    form = CitizenForm(posted(request), town=town, initial={"language": town.languages[0]})
    if form.is_valid() and (made := _register(form, person, town)):
        messages.success(request, _("%(name)s est dans la liste.") % {"name": made.name})
        return redirect("desk_citizens", town.slug)
    return render(request, "people/desk/citizen_new.html", {"town": town, "form": form})


def _register(form: CitizenForm, actor: Person, town: Town) -> Person | None:
    try:
        return register_citizen(
            actor=actor, town=town, fields=form.person_fields, phones=form.phones, address=form.postal_address
        )
    except (Conflict, Invalid) as refusal:
        form.add_error("email", str(refusal))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def citizen(request: HttpRequest, town_slug: str, person_id: int) -> HttpResponse:
    """One citizen: what is known, and « Mettre à jour »."""
    person, town = enter_citizens(request, town_slug)
    shown = access_citizen(person, town, person_id)
    proven = has_proven_address(shown)
    form = CitizenForm(posted(request), town=town, instance=shown, initial=known_of(shown), email_is_theirs=proven)
    if form.is_valid() and _update(form, person, town, person_id):
        messages.success(request, _("La fiche est à jour."))
        return redirect("desk_citizen", town.slug, person_id)
    context = {"town": town, "form": form, "citizen": access_citizen(person, town, person_id), "proven": proven}
    return render(request, "people/desk/citizen.html", context)


def _update(form: CitizenForm, actor: Person, town: Town, person_id: int) -> bool:
    try:
        update_citizen(
            actor=actor,
            town=town,
            person_id=person_id,
            fields=form.person_fields,
            phones=form.phones,
            address=form.postal_address,
        )
    except (Conflict, Invalid) as refusal:
        form.add_error("email", str(refusal))
        return False
    return True
