"""« Exporter ses données »: a citizen asks their town what it holds about them."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.core.access import staff
from hub.people.actions import export_citizen
from hub.people.archive import as_download
from hub.people.desk.entry import enter_management
from hub.people.models import Person
from hub.people.queries import access_citizen
from hub.people.visitor import signed_in_person, sure_it_is_you
from hub.towns.models import Town


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@never_cache
def citizen_records(request: HttpRequest, town_slug: str, person_id: int) -> HttpResponseBase:
    """What is in it, and the file. For who answers for the town; a foreign citizen is not there for anybody."""
    person, town = enter_management(request, town_slug)
    return _given(request, town, access_citizen(person, town, person_id))


@sure_it_is_you
def _given(request: HttpRequest, town: Town, citizen: Person) -> HttpResponseBase:
    if request.method != "POST":
        return render(request, "people/desk/citizen_records.html", {"town": town, "citizen": citizen})
    packed = export_citizen(actor=signed_in_person(request), town=town, person_id=citizen.pk)
    return as_download(packed, f"donnees-{town.slug}-{citizen.pk}")
