"""What is kept of a person in alerts: what they want to be told, and what the register says of them."""

from typing import Any

from hub.alerts.models import NumberCode, RegisterRequest, Subscription, Vulnerable
from hub.people.models import Person
from hub.people.records import Asked, Kept


def collect(asked: Asked) -> Kept:
    """Their choices, and their place in registers of vulnerable people, per town. For a town: those there."""
    found = Subscription.objects.filter(person=asked.person).select_related("town").order_by("pk")
    if asked.town is not None:
        found = found.filter(town=asked.town)
    return Kept({"subscriptions": [_told(one) for one in found], "register": _register(asked)})


def _register(asked: Asked) -> list[dict[str, Any]]:
    told = []
    for model, at, state in ((Vulnerable, "added_at", "entered"), (RegisterRequest, "asked_at", "asked")):
        rows = model.objects.filter(person=asked.person)
        rows = rows if asked.town is None else rows.filter(town=asked.town)
        told += [
            {"state": state, **row} for row in rows.order_by("pk").values("town__slug", "why", "contact", "note", at)
        ]
    return told


def _told(one: Subscription) -> dict[str, Any]:
    return {
        "town": one.town.slug,
        "all_themes": one.all_themes,
        "themes": list(one.themes.order_by("name").values_list("name", flat=True)),
        "channels": one.channels,
        "changed_at": one.changed_at,
    }


def forget(person: Person) -> None:
    """Nothing is sent to a closed account, and nobody is sent to its owner."""
    Subscription.objects.filter(person=person).delete()
    NumberCode.objects.filter(person=person).delete()
    Vulnerable.objects.filter(person=person).delete()
    RegisterRequest.objects.filter(person=person).delete()
