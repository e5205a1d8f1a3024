"""A zone as people write it, point by point, and as a drawing without a map. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.utils.translation import gettext as _

from hub.core.errors import Invalid

Point = tuple[float, float]  # longitude, latitude

_NUMBER = re.compile(r"[-\u2212]?\d+(?:[.,]\d+)?")
_DIGITS = 6
_WIDTH, _HEIGHT, _EDGE = 720, 320, 24


def read_points(written: str) -> Mapping[str, Any] | None:
    """A zone of lines « 48,85837 ; 2,29448 » (latitude, then longitude), with empty lines between parts, as GeoJSON.

    None for nothing. Raises `Invalid` (`points`), naming the line that is no point.
    """
    rings: list[list[Point]] = [[]]
    for number, line in enumerate(written.splitlines(), 1):
        if line.strip():
            rings[-1].append(_point(line, number))
        elif rings[-1]:
            rings.append([])
    rings = [ring for ring in rings if ring]
    if not rings:
        return None
    if any(len(set(ring)) < 3 for ring in rings):
        raise Invalid(_("Dessinez une zone d’au moins trois points."), field="points")
    return {"type": "MultiPolygon", "coordinates": [[[list(point) for point in [*ring, ring[0]]]] for ring in rings]}


def _point(line: str, number: int) -> Point:
    found = _NUMBER.findall(line) if ";" in line else _NUMBER.findall(re.sub(r"(\d),\s", r"\1 ; ", line))
    if len(found) == 2:
        lat, lon = (round(float(one.replace(",", ".").replace("\u2212", "-")), _DIGITS) for one in found)
        if abs(lat) <= 90 and abs(lon) <= 180:
            return lon, lat
    raise Invalid(
        _("La ligne %(number)d n’est pas un point : écrivez « 48.85837, 2.29448 ».") % {"number": number},
        field="points",
    )


def write_points(shape: Mapping[str, Any] | None) -> str:
    """The same lines of a shape as `zones.read_shape` keeps it; "" for none."""
    return "\n\n".join(
        "\n".join(f"{lat:.{_DIGITS}f}, {lon:.{_DIGITS}f}" for lon, lat in _open(ring)) for ring in rings_of(shape)
    )


def rings_of(shape: Mapping[str, Any] | None) -> list[list[Point]]:
    """The outlines of a shape that was read before."""
    return [[(lon, lat) for lon, lat in polygon[0]] for polygon in shape["coordinates"]] if shape else []


def _open(ring: Sequence[Point]) -> Sequence[Point]:
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


@dataclass(frozen=True)
class Drawing:
    """Outlines in a box of 720 by 320, north above: the attribute `d` of a path each."""

    paths: tuple[str, ...]


def drawn(shapes: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """All of them together, as large as the box allows; None for none."""
    rings = [ring for shape in shapes for ring in rings_of(shape)]
    points = [point for ring in rings for point in ring]
    if not points:
        return None
    lons, lats = [lon for lon, _lat in points], [lat for _lon, lat in points]
    narrow = cos(radians((min(lats) + max(lats)) / 2))
    width, height = (max(lons) - min(lons)) * narrow or 1e-6, max(lats) - min(lats) or 1e-6
    scale = min((_WIDTH - 2 * _EDGE) / width, (_HEIGHT - 2 * _EDGE) / height)
    left, top = (_WIDTH - width * scale) / 2, (_HEIGHT - height * scale) / 2

    def placed(point: Point) -> str:
        return f"{left + (point[0] - min(lons)) * narrow * scale:.1f} {top + (max(lats) - point[1]) * scale:.1f}"

    return Drawing(tuple(f"M{' L'.join(placed(point) for point in ring)}Z" for ring in rings))
