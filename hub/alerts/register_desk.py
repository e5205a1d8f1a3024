"""« Registre »: vulnerable people, under the citizens of the desk. Each look at the list is in the trail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.alerts import registering
from hub.alerts.register_forms import RegisterForm
from hub.core.access import staff
from hub.core.clock import now
from hub.people.models import Person
from hub.people.queries import access_citizen
from hub.people.visitor import posted, signed_in_person
from hub.towns.models import Town


@never_cache
@require_safe
@staff
def register(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Who is in it, by street; who asks to be."""
    person, town = _enter(request, town_slug)
    streets = registering.look_at(actor=person, slug=town.slug)
    shown = {"town": town, "streets": streets, "requests": registering.requests_of(town), "count": _count(streets)}
    return render(request, "alerts/desk/register.html", shown)


@never_cache
@require_safe
@staff
def register_print(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The same for paper: street after street, door after door."""
    person, town = _enter(request, town_slug)
    streets = registering.look_at(actor=person, slug=town.slug, to_print=True)
    shown = {"town": town, "streets": streets, "count": _count(streets), "at": now()}
    return render(request, "alerts/desk/register_print.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def register_person(request: HttpRequest, town_slug: str, person_id: int) -> HttpResponse:
    """What stands there of one citizen: written, changed."""
    person, town = _enter(request, town_slug)
    citizen = access_citizen(person, town, person_id)
    entry, asked = registering.entry_of(town, citizen), registering.request_of(town, citizen)
    form = RegisterForm(posted(request), known=entry or asked)
    if form.is_valid():
        registering.enter_person(actor=person, slug=town.slug, person_id=citizen.pk, written=form.written)
        messages.success(request, _("%(name)s est au registre.") % {"name": citizen.name})
        return redirect("desk_register", town.slug)
    shown = {"town": town, "citizen": citizen, "entry": entry, "asked": asked, "form": form}
    return render(request, "alerts/desk/register_person.html", shown)


@require_POST
@staff
def register_remove(request: HttpRequest, town_slug: str, person_id: int) -> HttpResponse:
    """In it no more."""
    person, town = _enter(request, town_slug)
    registering.remove_person(actor=person, slug=town.slug, person_id=person_id)
    messages.success(request, _("C’est fait : cette personne n’est plus au registre."))
    return redirect("desk_register", town.slug)


@require_POST
@staff
def register_refuse(request: HttpRequest, town_slug: str, person_id: int) -> HttpResponse:
    """A request is not followed."""
    person, town = _enter(request, town_slug)
    registering.refuse_request(actor=person, slug=town.slug, person_id=person_id)
    messages.success(request, _("La demande est classée. Prévenez la personne : rien ne lui est envoyé."))
    return redirect("desk_register", town.slug)


def _enter(request: HttpRequest, town_slug: str) -> tuple[Person, Town]:
    """Raises as `registering.access_register`."""
    person = signed_in_person(request)
    town = registering.access_register(person, town_slug)
    request.town = town  # type: ignore[attr-defined]
    request.navigation = reverse("desk_citizens", args=[town.slug])  # type: ignore[attr-defined]
    return person, town


def _count(streets: list[registering.Street]) -> int:
    return sum(len(people) for _street, people in streets)
