"""All that a proof says of an alert, as it stands when it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from hub.alerts.dispatches import times_of
from hub.alerts.models import Alert, Recipient, Zone
from hub.alerts.progress import Progress, standing
from hub.alerts.reach import failures
from hub.audit.models import Entry
from hub.audit.queries import first_broken
from hub.conversations.moderation_words import trail_line
from hub.towns.models import Service

Shape = tuple[str, Sequence[Sequence[tuple[float, float]]]]


@dataclass(frozen=True)
class Times:
    """When the first and the last thing left by one means, and when the last end was known."""

    first: datetime | None
    last: datetime | None
    ended: datetime | None


@dataclass(frozen=True)
class Act:
    """One entry of the town's trail about it, in words, with what holds it fast."""

    entry: Entry
    sentence: str


@dataclass(frozen=True)
class Facts:
    """`figures`: as everywhere (`progress.standing`); `lost`: (why, how many); `shapes`: (name, outlines of positions);
    `broken`: the number of the first entry of the town's whole trail that is not what was written, None when all hold.
    """

    alert: Alert
    figures: Progress
    times: Mapping[str, Times]
    lost: Sequence[tuple[str, int]]
    confirmed: int
    audience: Sequence[str]
    shapes: Sequence[Shape]
    acts: Sequence[Act]
    broken: int | None

    @property
    def not_reached(self) -> int:
        """How many people nothing has reached."""
        return self.figures.total - self.figures.reached


def facts_of(alert: Alert) -> Facts:
    """It reads the town's whole trail: nothing for a page that is opened often."""
    entries = Entry.objects.filter(town=alert.town_id, subject=f"alert.{alert.pk}").order_by("number")
    return Facts(
        alert=alert, figures=standing(alert), times=_times(alert), lost=failures(alert),
        confirmed=Recipient.objects.filter(alert=alert, confirmed_at__isnull=False).count(),
        audience=_audience(alert), shapes=shapes(alert),
        acts=[Act(entry, trail_line(entry, alert.town).sentence) for entry in entries], broken=first_broken(alert.town),
    )  # fmt: skip


def _times(alert: Alert) -> dict[str, Times]:
    return {channel: Times(*moments) for channel, moments in times_of(alert).items()}


def _audience(alert: Alert) -> list[str]:
    """Whom it was for, a line for each part."""
    said: Mapping[str, Any] = alert.audience
    lines = []
    if alert.about is not None:
        lines.append(_("Les mêmes personnes que l’alerte %(number)s") % {"number": alert.about.number})
    if names := _sectors(alert):
        lines.append(_("Secteurs : %(names)s") % {"names": ", ".join(names)})
    if said.get("shape"):
        lines.append(_("Les habitants de la zone dessinée"))
    if streets := said.get("streets"):
        lines.append(_("Rues : %(names)s") % {"names": ", ".join(streets)})
    if services := said.get("services"):
        named = Service.objects.filter(pk__in=services).values_list("name", flat=True)
        lines.append(_("Services : %(names)s") % {"names": ", ".join(named)})
    if said.get("register"):
        lines.append(_("Les personnes du registre des personnes vulnérables"))
    if not lines:
        lines.append(_("Toute la commune"))
    if alert.emergency:
        lines.append(_("Quels que soient leurs abonnements : mesures d’urgence"))
    elif alert.theme is not None:
        lines.append(_("Abonnées à « %(theme)s »") % {"theme": alert.theme.label})
    return lines


def _sectors(alert: Alert) -> list[str]:
    return list(Zone.objects.filter(pk__in=alert.audience.get("zones") or []).values_list("name", flat=True))


def shapes(alert: Alert) -> list[Shape]:
    """Where it was for: the outlines of the sectors and of what was drawn, longitude before latitude."""
    chosen = Zone.objects.filter(pk__in=alert.audience.get("zones") or [])
    found: list[Shape] = [(zone.name, _rings(zone.shape)) for zone in chosen]
    if drawn := alert.audience.get("shape"):
        found.append((_("Zone dessinée"), _rings(drawn)))
    return found


def _rings(shape: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [[(float(lon), float(lat)) for lon, lat, *_height in polygon[0]] for polygon in polygons]
