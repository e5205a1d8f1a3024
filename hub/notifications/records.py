"""What is kept of what a person was told, and of what they want to be told."""

from django.db.models import F

from hub.notifications.models import Gathered, Notification, Preference, Rhythm
from hub.people.models import Person
from hub.people.records import Asked, Kept


def collect(asked: Asked) -> Kept:
    """When they were told of what kind of thing; who did it, and the words of others, are not theirs. Nothing for a
    town."""
    if asked.town is not None:
        return Kept({})
    told = Notification.objects.filter(person=asked.person, deleted_at=None).order_by("at", "pk")
    wishes = Preference.objects.filter(person=asked.person).order_by("kind")
    return Kept(
        {
            "told": list(told.values("kind", "code", "path", "count", "at", "read_at", town_name=F("town__name"))),
            "daily_mail": Rhythm.objects.filter(person=asked.person, daily=True).exists(),
            "preferences": list(wishes.values("kind", "site", "email", "push")),
        }
    )


def forget(person: Person) -> None:
    """Nobody reads them any more."""
    Notification.objects.filter(person=person).delete()
    Preference.objects.filter(person=person).delete()
    Gathered.objects.filter(person=person).delete()
    Rhythm.objects.filter(person=person).delete()
