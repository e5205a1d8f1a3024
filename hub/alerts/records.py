"""What is kept of what a person wants to be told in alerts."""

from typing import Any

from hub.alerts.models import NumberCode, Subscription
from hub.people.models import Person
from hub.people.records import Asked, Kept


def collect(asked: Asked) -> Kept:
    """Their choices, per town. For a town: those made there."""
    found = Subscription.objects.filter(person=asked.person).select_related("town").order_by("pk")
    if asked.town is not None:
        found = found.filter(town=asked.town)
    return Kept({"subscriptions": [_told(one) for one in found]})


def _told(one: Subscription) -> dict[str, Any]:
    return {
        "town": one.town.slug,
        "all_themes": one.all_themes,
        "themes": list(one.themes.order_by("name").values_list("name", flat=True)),
        "channels": one.channels,
        "changed_at": one.changed_at,
    }


def forget(person: Person) -> None:
    """Nothing is sent to a closed account."""
    Subscription.objects.filter(person=person).delete()
    NumberCode.objects.filter(person=person).delete()
