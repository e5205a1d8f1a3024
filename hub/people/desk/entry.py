"""What every page of the desk begins with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from hub.core.access import staff
from hub.core.errors import Forbidden
from hub.people.models import Person
from hub.people.queries import access_desk, access_managed_town
from hub.people.rules import Roles, may_see_citizens
from hub.people.visitor import signed_in_person
from hub.towns.models import Town


def enter(request: HttpRequest, town_slug: str) -> tuple[Person, Town, Roles]:
    """Who works here, where, as what; the page shows that town. Raises as `access_desk`."""
    person = signed_in_person(request)
    town, roles = access_desk(person, town_slug)
    request.town = town  # type: ignore[attr-defined]
    return person, town, roles


def enter_citizens(request: HttpRequest, town_slug: str) -> tuple[Person, Town]:
    """The same for pages with citizens' details. Raises `Forbidden` for roles that don't see them."""
    person, town, roles = enter(request, town_slug)
    if not may_see_citizens(roles):
        raise Forbidden
    return person, town


def enter_management(request: HttpRequest, town_slug: str) -> tuple[Person, Town]:
    """The same for settings and team. Raises as `access_managed_town`."""
    person = signed_in_person(request)
    town, _roles = access_managed_town(person, town_slug)
    request.town = town  # type: ignore[attr-defined]
    return person, town


@require_safe
@staff
def home(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The board of tickets (S2): all who work for a town have one."""
    _person, town, _roles = enter(request, town_slug)
    return redirect("desk_tickets", town.slug)
