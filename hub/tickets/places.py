"""Where a ticket is (S81): read from a form, and the map that it is chosen on.

The part of a page that asks for it is `tickets/parts/place.html`; what it needs is `asked_place`. Its fields are always
`address`, `lat` and `lon`, and what came back is read by `read_place`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from hub.core.degrees import read_degrees
from hub.tickets.drafts import Place
from hub.tickets.models import OPEN, Ticket
from hub.tickets.naming import public_titles
from hub.tickets.queries import public_tickets
from hub.towns.maps import TOWN_ZOOM, TownMap, map_at, middle_of
from hub.towns.models import Town

POINTS = 100
_ENOUGH = 3


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
    return map_at(*_middle(town), points=points)


def _middle(town: Town) -> tuple[float, float, int]:
    """Where the town says that it is; else the middle of what was asked for there, to a kilometre: it tells nothing
    of anybody's own."""
    if town.latitude is not None and town.longitude is not None:
        return middle_of(town)
    found = Ticket.objects.filter(town=town, lat__isnull=False, internal=False).order_by("-created_at")
    known = list(found.values_list("lat", "lon")[:200])
    if len(known) < _ENOUGH:
        return middle_of(town)
    lat, lon = (median(float(degrees or 0) for degrees in line) for line in zip(*known, strict=True))
    return round(lat, 2), round(lon, 2), TOWN_ZOOM


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
