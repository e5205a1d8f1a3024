"""A town's map as pages tell it to their script (`js/place_map.js`)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hub.towns.models import Country, Town

# Where a map opens while nothing is known of a town: the whole country.
_COUNTRIES = {Country.FRANCE: (46.6, 2.4, 5), Country.CANADA: (47.5, -71.5, 6)}
TOWN_ZOOM = 14


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


def map_at(lat: float, lon: float, zoom: int, *, points: Sequence[Mapping[str, Any]] = ()) -> TownMap:
    """A map that opens there, with this hub's background."""
    return TownMap(settings.MAP_TILES, settings.MAP_ATTRIBUTION, lat, lon, zoom, points)


def middle_of(town: Town) -> tuple[float, float, int]:
    """Where the town says that it is, else its country: latitude, longitude, zoom."""
    if town.latitude is not None and town.longitude is not None:
        return town.latitude, town.longitude, TOWN_ZOOM
    return _COUNTRIES[Country(town.country)]
