"""What a town tells just now, for the top of its citizens' pages: the latest word of each alert that is not over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language

from hub.alerts.alert_queries import published
from hub.alerts.models import Alert, Purpose
from hub.core.clock import now
from hub.towns.models import Town

SHOWN_FOR = timedelta(hours=24)
END_SHOWN_FOR = timedelta(hours=6)
KEPT_S = 10
_MOST = 40  # words that are looked at; a town has never so much to say in a day


@dataclass(frozen=True)
class Current:
    """One alert as a banner tells it. `about`: the alert that all its words are of; `until`: when it goes by itself."""

    about: int
    purpose: str
    emergency: bool
    titles: Mapping[str, str]
    path: str
    until: datetime

    @property
    def title(self) -> str:
        """In the reader's language."""
        return (
            self.titles.get((get_language() or "fr")[:2]) or self.titles.get("fr") or next(iter(self.titles.values()))
        )

    @property
    def urgent(self) -> bool:
        """Whether it is in haste: the end of an emergency no longer is."""
        return self.emergency and self.purpose != Purpose.END


def current(town: Town) -> list[Current]:
    """Emergencies first, then the latest. One query in ten seconds per town and process or Redis."""
    key = f"alerts.current.{town.pk}"
    kept: list[Current] | None = cache.get(key)
    if kept is None:
        kept = _read(town)
        cache.set(key, kept, KEPT_S)
    at = now()
    return [one for one in kept if one.until > at]


def forget(town_id: int) -> None:
    """Something was told: what is kept is old."""
    cache.delete(f"alerts.current.{town_id}")


def shown_until(purpose: str, started_at: datetime) -> datetime:
    """How long a word stands at the top of pages."""
    return started_at + (END_SHOWN_FOR if purpose == Purpose.END else SHOWN_FOR)


def _read(town: Town) -> list[Current]:
    told = published(town).filter(started_at__gt=now() - SHOWN_FOR)
    latest: dict[int, Alert] = {}
    urgent: set[int] = set()
    for alert in told.select_related("about").order_by("-started_at", "-pk")[:_MOST]:
        about = alert.about_id or alert.pk
        latest.setdefault(about, alert)
        if alert.emergency or (alert.about and alert.about.emergency):
            urgent.add(about)
    found = [_shown(town, about, alert, emergency=about in urgent) for about, alert in latest.items()]
    return sorted(found, key=lambda one: not one.urgent)


def _shown(town: Town, about: int, alert: Alert, *, emergency: bool) -> Current:
    assert alert.started_at is not None
    path = reverse("alert", args=[town.slug, alert.number])
    until = shown_until(alert.purpose, alert.started_at)
    return Current(about, alert.purpose, emergency, alert.title, path, until)
