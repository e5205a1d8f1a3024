"""What another authority says, read from a CAP document. Loaded only when one comes in. Nothing of it is believed
further than its own words: no entity is opened, nothing is fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from hub.alerts import zones
from hub.alerts.cap import vocabulary
from hub.core.errors import Invalid

_CORNERS = 32  # of a circle
_KM_OF_A_DEGREE = 111.32

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Info:
    """What a message says in one language."""

    language: str
    categories: Sequence[str]
    event: str
    severity: str
    headline: str
    words: str
    rings: Sequence[Ring]


@dataclass(frozen=True)
class Message:
    """One CAP message. `about`: the identifiers of those that it refers to."""

    identifier: str
    sender: str
    status: str
    kind: str
    about: Sequence[tuple[str, str]]
    infos: Sequence[Info]

    def info(self, language: str) -> Info | None:
        """What it says in that language."""
        return next((info for info in self.infos if info.language.lower().startswith(language)), None)


def read(document: bytes) -> Message:
    """Raises `Invalid`: too large, no XML that is safe to read, not CAP 1.2, or without what CAP asks for."""
    if len(document) > vocabulary.SIZE_MAX:
        raise Invalid(_("Ce fichier dépasse 1 Mo."), field="file")
    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise unreadable() from error
    if root.tag != _name("alert"):
        raise Invalid(_("Ce fichier n’est pas une alerte CAP 1.2."), field="file")
    identifier, sender = _needed(root, "identifier"), _needed(root, "sender")
    _needed(root, "sent")
    status = _one_of(root, "status", vocabulary.STATUSES)
    kind = _one_of(root, "msgType", vocabulary.MESSAGE_TYPES)
    _one_of(root, "scope", vocabulary.SCOPES)
    infos = [_info(element) for element in root.findall(_name("info"))]
    return Message(identifier, sender, status, kind, _references(_text(root, "references")), infos)


def _info(element: Element) -> Info:
    categories = [one.text or "" for one in element.findall(_name("category"))]
    if not categories or not set(categories) <= vocabulary.CATEGORIES:
        raise _lacks("category")
    _one_of(element, "urgency", vocabulary.URGENCIES)
    _one_of(element, "certainty", vocabulary.CERTAINTIES)
    said = [_text(element, "description"), _text(element, "instruction")]
    return Info(
        language=_text(element, "language") or "en-US",
        categories=categories, event=_needed(element, "event"),
        severity=_one_of(element, "severity", vocabulary.SEVERITIES),
        headline=" ".join((_text(element, "headline") or _text(element, "event")).split()),
        words="\n\n".join(words for words in said if words),
        rings=[ring for area in element.findall(_name("area")) for ring in _rings(area)],
    )  # fmt: skip


def _rings(area: Element) -> list[Ring]:
    _needed(area, "areaDesc")
    polygons = [_polygon(one.text or "") for one in area.findall(_name("polygon"))]
    return polygons + [_circle(one.text or "") for one in area.findall(_name("circle"))]


def _polygon(said: str) -> Ring:
    """« 48.1,-71.2 48.3,-71.2 … », closed (3.3.4: at least four pairs)."""
    ring = [_pair(pair) for pair in said.split()]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise _lacks("polygon")
    return ring


def _circle(said: str) -> Ring:
    """« 48.1,-71.2 5 »: a point, and a radius in kilometres."""
    try:
        point, radius = said.split()
        away = float(radius) / _KM_OF_A_DEGREE
    except ValueError:
        raise _lacks("circle") from None
    if away < 0:
        raise _lacks("circle")
    lon, lat = _pair(point)
    wide = away / max(cos(radians(lat)), 0.01)
    angles = [2 * pi * corner / _CORNERS for corner in range(_CORNERS)]
    ring = [(lon + wide * cos(angle), lat + away * sin(angle)) for angle in angles]
    return [*ring, ring[0]]


def _pair(said: str) -> tuple[float, float]:
    """Longitude and latitude, as GeoJSON has them."""
    try:
        lat, lon = (float(part) for part in said.split(","))
    except ValueError:
        raise _lacks("polygon") from None
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise _lacks("polygon")
    return lon, lat


def shape_of(rings: Sequence[Ring]) -> Mapping[str, Any] | None:
    """The outlines as a zone of ours, with no more points than one has; None without any.

    More parts than a zone has: the rectangle around all, rather one too many warned than one too few.
    """
    if not rings:
        return None
    if len(rings) > zones.PARTS_MAX:
        points = [point for ring in rings for point in ring]
        (west, south), (east, north) = (
            (pick(lon for lon, _lat in points), pick(lat for _lon, lat in points)) for pick in (min, max)
        )
        rings = [[(west, south), (east, south), (east, north), (west, north), (west, south)]]
    some = [[_thinned(ring)] for ring in rings]
    return {"type": "MultiPolygon", "coordinates": [[[list(point) for point in one] for one in part] for part in some]}


def _thinned(ring: Ring) -> Ring:
    step = -(-len(ring) // (zones.POINTS_MAX - 1))
    return ring if step == 1 else [*ring[::step], ring[-1]]


def _references(said: str) -> list[tuple[str, str]]:
    """(sender, identifier) of each."""
    parts = [one.split(",") for one in said.split()]
    return [(one[0], one[1]) for one in parts if len(one) == 3]


def _one_of(element: Element, tag: str, words: frozenset[str]) -> str:
    said = _needed(element, tag)
    if said not in words:
        raise _lacks(tag)
    return said


def _needed(element: Element, tag: str) -> str:
    if said := _text(element, tag):
        return said
    raise _lacks(tag)


def _text(element: Element, tag: str) -> str:
    return (element.findtext(_name(tag)) or "").strip()


def unreadable() -> Invalid:
    """No XML that is safe to read."""
    return Invalid(_("Ce fichier n’est pas un XML que nous pouvons lire."), field="file")


def _lacks(tag: str) -> Invalid:
    return Invalid(_("Cette alerte CAP n’est pas complète : « %(tag)s ».") % {"tag": tag}, field="file")


def _name(tag: str) -> str:
    return f"{{{vocabulary.NAMESPACE}}}{tag}"
