"""Reads of notifications: one's own only."""

from django.db.models import Exists, OuterRef, Q

from hub.notifications import rules
from hub.notifications.models import Kind, Notification, Preference
from hub.notifications.rules import Means


def total_unread(person_id: int) -> int:
    """How many notifications this person has not read: what the bell counts."""
    return Notification.objects.filter(person_id=person_id, read_at=None).count()


def wants(kind: Kind, channel: Means, person: str = "person") -> Q:
    """For a filter of rows that have a person under this name ("pk" for people themselves): those who want it."""
    wished = Preference.objects.filter(person=OuterRef(person), kind=kind)
    if rules.default(kind).on(channel):
        return ~Q(Exists(wished.filter(**{channel: False})))
    return Q(Exists(wished.filter(**{channel: True})))
