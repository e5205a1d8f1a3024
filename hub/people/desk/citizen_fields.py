"""« Champs des fiches » (S11): which details of citizens are asked for at the desk, at sign-up, in an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.core.access import staff
from hub.people.desk.entry import enter_management
from hub.people.visitor import posted
from hub.towns.actions import set_citizen_fields
from hub.towns.citizen_fields_form import CitizenFieldsForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def citizen_fields(request: HttpRequest, town_slug: str) -> HttpResponse:
    """A choice for each detail at each place."""
    _person, town = enter_management(request, town_slug)
    form = CitizenFieldsForm(posted(request), town=town)
    if form.is_valid():
        set_citizen_fields(town=town, said=form.said)
        messages.success(request, _("Les champs des fiches sont à jour."))
        return redirect("desk_citizen_fields", town.slug)
    return render(request, "people/desk/citizen_settings.html", {"town": town, "form": form})
