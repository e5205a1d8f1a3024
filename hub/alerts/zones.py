"""Parts of a town as GeoJSON polygons (RFC 7946), and who lives in them, by the database itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.people.models import Address

POINTS_MAX = 200
PARTS_MAX = 20

Ring = list[tuple[float, float]]


def read_shape(shape: Any, *, field: str = "zone") -> Mapping[str, Any]:
    """A Polygon or MultiPolygon as it came in. Raises `Invalid`. Positions are longitude, then latitude, in degrees."""
    rings = _rings(shape, field)
    if not rings:
        raise Invalid(_("Dessinez une zone d’au moins trois points."), field=field)
    for ring in rings:
        if len(set(ring)) < 3 or len(ring) > POINTS_MAX:
            raise Invalid(_("Une zone a de trois à deux cents points."), field=field)
        if any(not (-180 <= lon <= 180 and -90 <= lat <= 90) for lon, lat in ring):
            raise Invalid(_("Un point de la zone n’est pas sur la Terre."), field=field)
    return {"type": "MultiPolygon", "coordinates": [[[list(point) for point in ring]] for ring in rings]}


def _rings(shape: Any, field: str) -> list[Ring]:
    """The outlines; holes are taken for part of the zone: rather one too many warned than one too few."""
    try:
        kind, coordinates = shape["type"], shape["coordinates"]
        if kind == "Feature":
            return _rings(shape["geometry"], field)
        polygons = [coordinates] if kind == "Polygon" else coordinates if kind == "MultiPolygon" else None
        if polygons is None or len(polygons) > PARTS_MAX:
            raise ValueError
        return [[(float(lon), float(lat)) for lon, lat, *_rest in polygon[0]] for polygon in polygons]
    except (TypeError, KeyError, ValueError, IndexError) as error:
        raise Invalid(_("Cette zone n’est pas un contour que nous savons lire (GeoJSON)."), field=field) from error


def inside(addresses: QuerySet[Address], shape: Mapping[str, Any]) -> QuerySet[Address]:
    """Those of the addresses that lie in the shape. An address whose place is not known lies nowhere."""
    found: QuerySet[Address] | None = None
    for ring in _rings(shape, "zone"):
        some = _in_ring(addresses, ring)
        found = some if found is None else found | some
    return found if found is not None else addresses.none()


def _in_ring(addresses: QuerySet[Address], ring: Ring) -> QuerySet[Address]:
    """By the number of edges that a ray to the east crosses: an odd one is inside."""
    longitudes, latitudes = [lon for lon, _lat in ring], [lat for _lon, lat in ring]
    near = addresses.filter(
        latitude__gte=min(latitudes), latitude__lte=max(latitudes), longitude__gte=min(longitudes),
        longitude__lte=max(longitudes),
    )  # fmt: skip
    crossings: Any = Value(0, output_field=IntegerField())
    for (lon, lat), (to_lon, to_lat) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if lat == to_lat:
            continue
        slope = (to_lon - lon) / (to_lat - lat)
        crossings = crossings + Case(
            When(
                latitude__gte=min(lat, to_lat), latitude__lt=max(lat, to_lat),
                longitude__lt=F("latitude") * slope + (lon - slope * lat), then=Value(1),
            ),
            default=Value(0), output_field=IntegerField(),
        )  # fmt: skip
    return near.alias(crossings=crossings).alias(odd=F("crossings") % 2).filter(odd=1)


def shapes_of(audience: Mapping[str, Any], zones: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The drawn shape and those of the chosen sectors."""
    drawn = audience.get("shape")
    return [*zones, *([drawn] if drawn else [])]
