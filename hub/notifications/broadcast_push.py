"""What is told to a whole town, on the devices of those who want that kind there."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation

from hub.deliveries.actions import Note, queue_notes
from hub.notifications import words
from hub.notifications.broadcast_mail import WORTH
from hub.notifications.models import Broadcast, Kind
from hub.notifications.queries import wants
from hub.notifications.rules import MAILED_OTHERWISE
from hub.people.models import Device, Membership, Person, Role

CAUSE = "broadcast_push"


def wanted_on_devices(broadcast: Broadcast) -> bool:
    """Whether any of the town's people wants this kind there. Of alerts their own room shows it."""
    return broadcast.kind not in MAILED_OTHERWISE and _devices(broadcast).exists()


def queue_pushes(broadcast: Broadcast, *, after: int, up_to: int) -> int:
    """Into the outbox, in the caller's transaction, for followers with these ids. Returns for how many devices."""
    found = list(_devices(broadcast).filter(person__gt=after, person__lte=up_to).select_related("person"))
    town, said = broadcast.town, {}
    for language in {device.person.language for device in found}:
        with translation.override(language), timezone.override(town.time_zone):
            told = words.of(broadcast)
            said[language] = " ".join(part for part in (told.sentence, told.detail) if part)
    notes = [Note(device, town.name, said[device.person.language]) for device in found]
    queue_notes(cause=CAUSE, notes=notes, link=broadcast.path, town=town, expires_in=WORTH)
    return len(notes)


def _devices(broadcast: Broadcast) -> QuerySet[Device]:
    follows = Membership.objects.filter(person=OuterRef("pk"), town=broadcast.town_id).exclude(role=Role.OPERATOR)
    wanted = wants(Kind(broadcast.kind), "push", "pk")
    people = Person.objects.filter(Exists(follows), wanted, is_active=True).exclude(pk=broadcast.actor_id or 0)
    return Device.objects.filter(person__in=people, retired_at=None).order_by("person", "pk")
