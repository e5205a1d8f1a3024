"""Alerts for tests: written, approved, and left as they leave."""

from typing import Any

from hub.alerts import leaving, progress
from hub.alerts.alerting import AlertDraft, approve_alert, create_alert, submit_alert
from hub.alerts.models import Alert, Subscription, SubscriptionTheme, Theme
from hub.core.clock import now
from hub.deliveries import sender
from hub.people.models import Person
from hub.towns.models import Town

WORDS: dict[str, Any] = {
    "title": {"fr": "Eau non potable", "en": "Water not safe"},
    "body": {"fr": "Faites bouillir l’eau une minute.", "en": "Boil water for a minute."},
}


def square(west: float = 2.0, south: float = 48.0, side: float = 1.0) -> dict[str, Any]:
    """A zone, as it is kept."""
    east, north = west + side, south + side
    return {
        "type": "MultiPolygon",
        "coordinates": [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]],
    }


def draft(**fields: Any) -> AlertDraft:
    """An emergency by mail, unless told otherwise."""
    return AlertDraft(**{**WORDS, "channels": ["email"], "emergency": True, **fields})


def approved(author: Person, approver: Person, town: Town, **fields: Any) -> Alert:
    """An alert that two people want to leave."""
    alert = create_alert(actor=author, slug=town.slug, draft=draft(**fields))
    submit_alert(actor=author, alert_id=alert.pk)
    return approve_alert(actor=approver, alert_id=alert.pk)


def leave(alert: Alert, *channels: str) -> Alert:
    """Everything is written, sent by the adapters that are set, and counted."""
    while leaving.work(alert.pk, for_s=5):
        pass
    for channel in channels or ("push", "email", "sms", "voice"):
        sender.send_due(channel, for_s=5)
    progress.watch(alert.pk, for_s=0)
    return Alert.objects.get(pk=alert.pk)


def subscribe(person: Person, town: Town, *channels: str, themes: tuple[Theme, ...] = (), every: bool = False) -> None:
    """What somebody wants."""
    wish = Subscription.objects.create(
        person=person, town=town, all_themes=every, channels=list(channels), changed_at=now()
    )
    SubscriptionTheme.objects.bulk_create(SubscriptionTheme(subscription=wish, theme=theme) for theme in themes)
