"""The sectors and the rules of a town's alerts, among its settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.alerts import outlines, sectors
from hub.alerts.alert_queries import rules_of
from hub.alerts.models import Zone
from hub.core.access import staff
from hub.core.errors import Invalid, ParvisError
from hub.people.desk.entry import enter_management
from hub.people.models import Person
from hub.towns.maps import map_at, middle_of
from hub.towns.models import Town


@require_safe
@staff
def zones(request: HttpRequest, town_slug: str) -> HttpResponse:
    """The town's sectors, by name."""
    _person, town = enter_management(request, town_slug)
    listed = [(zone, outlines.drawn([zone.shape])) for zone in Zone.objects.filter(town=town)]
    return render(request, "alerts/desk/zones.html", {"town": town, "zones": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def zone_new(request: HttpRequest, town_slug: str) -> HttpResponse:
    """One more."""
    person, town = enter_management(request, town_slug)
    return _zone(request, person, town, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def zone(request: HttpRequest, town_slug: str, zone_id: int) -> HttpResponse:
    """One, to rename or to draw again."""
    person, town = enter_management(request, town_slug)
    return _zone(request, person, town, sectors.access_zone(town, zone_id))


def _zone(request: HttpRequest, person: Person, town: Town, known: Zone | None) -> HttpResponse:
    name, points = (known.name, outlines.write_points(known.shape)) if known else ("", "")
    title = known.name if known else ""
    error: ParvisError | None = None
    if request.method == "POST":
        name, points = request.POST.get("name", "")[:200], request.POST.get("points", "")[:20_000]
        try:
            shape = outlines.read_points(points)
            kept = sectors.keep_zone(actor=person, town=town, name=name, shape=shape, zone=known)
        except ParvisError as refusal:
            error = refusal
        else:
            messages.success(request, _("Le secteur « %(name)s » est à jour.") % {"name": kept.name})
            return redirect("desk_zones", town.slug)
    shown: dict[str, Any] = {
        "town": town, "zone": known, "zone_name": title, "name": name, "points": points, "error": error,
        "error_field": error.field if isinstance(error, Invalid) else "", "map": map_at(*middle_of(town)),
        "data": {"shapes": {}, "words": {
            "points": _("Zone de {count} points."), "moved": _("Centre de la carte : {lat}, {lon}. Entrée l’ajoute."),
        }},
    }  # fmt: skip
    return render(request, "alerts/desk/zone.html", shown, status=error.status if error else 200)


@require_POST
@staff
def zone_remove(request: HttpRequest, town_slug: str, zone_id: int) -> HttpResponse:
    """Offer it no more."""
    person, town = enter_management(request, town_slug)
    gone = sectors.access_zone(town, zone_id)
    sectors.remove_zone(actor=person, zone=gone)
    messages.success(request, _("Le secteur « %(name)s » est supprimé.") % {"name": gone.name})
    return redirect("desk_zones", town.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def rules(request: HttpRequest, town_slug: str) -> HttpResponse:
    """Who confirms, and when people are called."""
    person, town = enter_management(request, town_slug)
    error: ParvisError | None = None
    kept = rules_of(town)
    shown: dict[str, Any] = {"alone": kept.alone, "after": str(kept.call_after_min)}
    if request.method == "POST":
        shown = {"alone": "alone" in request.POST, "after": request.POST.get("call_after_min", "")[:6].strip()}
        after = int(shown["after"]) if shown["after"].isascii() and shown["after"].isdecimal() else -1
        try:
            sectors.set_rules(actor=person, town=town, alone=shown["alone"], call_after_min=after)
        except ParvisError as refusal:
            error = refusal
        else:
            messages.success(request, _("Les règles des alertes sont à jour."))
            return redirect("desk_alert_rules", town.slug)
    shown |= {"town": town, "error": error}
    return render(request, "alerts/desk/rules.html", shown, status=error.status if error else 200)
