"""Where a ticket is (S81): read from a form, and the map that it is chosen on.

The part of a page that asks for it is `tickets/parts/place.html`; what it needs is `asked_place`. Its fields are always
`address`, `lat` and `lon`, and what came back is read by `read_place`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.conf import settings
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hub.core.degrees import read_degrees
from hub.tickets.drafts import Place
from hub.tickets.models import OPEN, Ticket
from hub.tickets.naming import public_titles
from hub.tickets.queries import public_tickets
from hub.towns.models import Country, Town

POINTS = 100
_ENOUGH = 3
# Where a map opens while nothing is known of a town: the whole country.
_COUNTRIES = {Country.FRANCE: (46.6, 2.4, 5), Country.CANADA: (47.5, -71.5, 6)}
_TOWN_ZOOM = 14


@dataclass(frozen=True)
class TownMap:
    """A map of a town as the page tells its script (`js/place_map.js`). Without `tiles` it has no background.

    `points`: [{"number", "title", "lat", "lon", "url"}, …], the tickets drawn on it.
    """

    tiles: str
    attribution: str
    lat: float
    lon: float
    zoom: int
    points: Sequence[Mapping[str, Any]] = ()

    @property
    def points_json(self) -> str:
        return json.dumps(list(self.points), ensure_ascii=False)

    @property
    def attributes(self) -> SafeString:
        """The attributes of the element that holds the map, or of one around it: what js/place_map.js reads."""
        said = {
            "map": True, "leaflet-js": static("leaflet/leaflet.js"), "leaflet-css": static("leaflet/leaflet.css"),
            "tiles": self.tiles, "attribution": self.attribution, "lat": str(self.lat), "lon": str(self.lon),
            "zoom": str(self.zoom), "points": self.points_json, "zoom-in": _("Agrandir la carte"),
            "zoom-out": _("Réduire la carte"),
        }  # fmt: skip
        return flatatt({f"data-{name}": value for name, value in said.items()})


@dataclass(frozen=True)
class AskedPlace:
    """What `tickets/parts/place.html` shows: fields as they were typed, what is wrong with them, the map."""

    map: TownMap
    address: str = ""
    lat: str = ""
    lon: str = ""
    errors: Sequence[str] = field(default_factory=tuple)
    hint: str = ""


def town_map(town: Town, *, points: Sequence[Mapping[str, Any]] = ()) -> TownMap:
    """The map of a town, opened at its middle."""
    lat, lon, zoom = _middle(town)
    return TownMap(settings.MAP_TILES, settings.MAP_ATTRIBUTION, lat, lon, zoom, points)


def _middle(town: Town) -> tuple[float, float, int]:
    """Where the town says that it is; else the middle of what was asked for there, to a kilometre: it tells nothing
    of anybody's own."""
    if town.latitude is not None and town.longitude is not None:
        return town.latitude, town.longitude, _TOWN_ZOOM
    found = Ticket.objects.filter(town=town, lat__isnull=False, internal=False).order_by("-created_at")
    known = list(found.values_list("lat", "lon")[:200])
    if len(known) < _ENOUGH:
        return _COUNTRIES[Country(town.country)]
    lat, lon = (median(float(degrees or 0) for degrees in line) for line in zip(*known, strict=True))
    return round(lat, 2), round(lon, 2), _TOWN_ZOOM


def public_points(town: Town) -> list[dict[str, Any]]:
    """The town's open public tickets that have a point, the latest first, for `town_map`."""
    return points_of(public_tickets(town).filter(lat__isnull=False, status__in=OPEN)[:POINTS])


def points_of(tickets: Iterable[Ticket]) -> list[dict[str, Any]]:
    """Public tickets as a map shows them to everybody: under no words of the requester's (S100)."""
    shown = list(tickets)
    titles = public_titles(shown)
    return [
        {"number": one.number, "title": titles[one.pk], "lat": one.lat, "lon": one.lon, "url": f"/suivi/{one.number}/"}
        for one in shown
    ]


def asked_place(
    town: Town, data: Mapping[str, Any] | None = None, *, errors: Sequence[str] = (), hint: str = ""
) -> AskedPlace:
    """The part of a form that asks for a place. `data`: what was typed there before, or a ticket's own place."""
    typed = {name: _typed((data or {}).get(name)) for name in ("address", "lat", "lon")}
    return AskedPlace(town_map(town, points=public_points(town)), **typed, errors=errors, hint=hint)


def _typed(value: object) -> str:
    return "" if value is None else str(value)


def read_place(data: Mapping[str, Any]) -> Place:
    """The place that a form brought. Raises `Invalid` (`place`) for what is no number."""
    lat, lon = (read_degrees(data.get(name), field="place") for name in ("lat", "lon"))
    return Place(_typed(data.get("address")).strip(), lat, lon)
