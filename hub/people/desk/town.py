"""« Réglages »: the town's own settings and its departments."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.core.access import staff
from hub.core.errors import Conflict
from hub.people.actions.services import change_service, close_service, open_service
from hub.people.desk.entry import enter_management
from hub.people.service_forms import ServiceMembersForm
from hub.people.visitor import posted
from hub.towns.actions import update_town
from hub.towns.forms import ServiceForm, TownForm
from hub.towns.models import Town
from hub.towns.queries import service_of


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def settings(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Name, title of the mayor, meeting hours, contacts, languages, time zone, second factor."""
    _person, town = enter_management(request, town_slug)
    form = TownForm(posted(request), instance=Town.objects.get(pk=town.pk))
    if form.is_valid():
        update_town(town=town, fields=form.cleaned_data)
        messages.success(request, _("Les réglages sont à jour."))
        return redirect("desk_settings", town.slug)
    return render(request, "people/desk/settings.html", {"town": town, "form": form})


@require_safe
@staff
def services(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The departments, with how many people work in each."""
    _person, town = enter_management(request, town_slug)
    shown = town.services.prefetch_related("members__person")
    return render(request, "people/desk/services.html", {"town": town, "services": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def service_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """A new department."""
    person, town = enter_management(request, town_slug)
    form, team = ServiceForm(posted(request), country=town.country), ServiceMembersForm(posted(request), town=town)
    if form.is_valid() and team.is_valid():
        try:
            made = open_service(actor=person, town=town, fields=form.cleaned_data, **team.cleaned_data)
        except Conflict as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Le service « %(name)s » est ajouté.") % {"name": made.name})
            return redirect("desk_services", town.slug)
    return render(request, "people/desk/service.html", {"town": town, "form": form, "team": team})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def service(request: HttpRequest, town_slug: str, service_id: int) -> HttpResponse:
    """One department and who works in it, to change or remove."""
    person, town = enter_management(request, town_slug)
    shown = service_of(town, service_id)
    form = ServiceForm(posted(request), country=town.country, instance=service_of(town, service_id))
    team = ServiceMembersForm(posted(request), town=town, service=shown)
    if form.is_valid() and team.is_valid():
        try:
            change_service(actor=person, service=shown, fields=form.cleaned_data, **team.cleaned_data)
        except Conflict as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Le service est à jour."))
            return redirect("desk_services", town.slug)
    return render(request, "people/desk/service.html", {"town": town, "form": form, "team": team, "service": shown})


@require_POST
@staff
def service_remove(request: HttpRequest, town_slug: str, service_id: int) -> HttpResponse:
    """Take a department away that nothing is confided to."""
    person, town = enter_management(request, town_slug)
    try:
        close_service(actor=person, service=service_of(town, service_id))
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_service", town.slug, service_id)
    messages.success(request, _("Le service est retiré."))
    return redirect("desk_services", town.slug)
