"""Reads of notifications: one's own only."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.core.errors import NotFound
from hub.notifications import rules, statements
from hub.notifications.models import Broadcast, Kind, Notification, Preference, Rhythm
from hub.notifications.rules import Means, Wish
from hub.notifications.statements import Standing
from hub.people.models import STAFF_ROLES, Membership, Person, Role
from hub.people.queries import devices_of

PAGE = 50


def standing(person_id: int) -> Standing:
    """How many notifications this person has not read, and how far their towns had spoken at that instant."""
    return statements.standing([person_id])[person_id]


def total_unread(person_id: int) -> int:
    """How many notifications this person has not read: what the bell counts."""
    return standing(person_id).unread


def notifications_of(person: Person, *, before: int | None = None) -> QuerySet[Notification]:
    """What the person was told, newest first. `before`: only what is older than that one of theirs.

    Raises `NotFound` when `before` is none of theirs.
    """
    found = _kept(person).select_related("town", "actor").order_by("-at", "-id")
    if before is None:
        return found
    last = access_notification(person, before)
    return found.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.pk))


def access_notification(person: Person, notification_id: int) -> Notification:
    """One of the person's own. Raises `NotFound` for any other."""
    found = _kept(person).filter(pk=notification_id).first()
    if found is None:
        raise NotFound
    return found


def _kept(person: Person) -> QuerySet[Notification]:
    return Notification.objects.filter(person=person, deleted_at=None)


def being_written_for(person: Person) -> bool:
    """Whether a worker is still writing what one of the person's towns tells all who follow it."""
    towns = Membership.objects.filter(person=person).exclude(role=Role.OPERATOR).values("town")
    return Broadcast.objects.filter(done_at=None, town__in=towns).exists()


def wants(kind: Kind, channel: Means, person: str = "person") -> Q:
    """For a filter of rows that have a person under this name ("pk" for people themselves): those who want it."""
    wished = Preference.objects.filter(person=OuterRef(person), kind=kind)
    if rules.wanted_by_default(kind, channel):
        return ~Q(Exists(wished.filter(**{channel: False})))
    return Q(Exists(wished.filter(**{channel: True})))


def wishes_of(person: Person) -> dict[Kind, Wish]:
    """What the person wants of each kind that can be chosen, in the order of the page."""
    chosen = {
        kind: Wish(site, email, push)
        for kind, site, email, push in Preference.objects.filter(person=person).values_list(
            "kind", "site", "email", "push"
        )
    }
    return {kind: chosen.get(kind, rules.default(kind)) for kind in rules.CHOSEN}


def gathers(person: Person) -> bool:
    """Whether the person gets mails of news once a day."""
    return Rhythm.objects.filter(person=person, daily=True).exists()


def zone_of(person_id: int) -> str:
    """The time zone of the town that the person has followed longest."""
    held = Membership.objects.filter(person=person_id).exclude(role=Role.OPERATOR).order_by("pk")
    return held.values_list("town__time_zone", flat=True).first() or "Europe/Paris"


def has_devices(person: Person) -> bool:
    """Whether something can be shown on a device of theirs: then the page asks what."""
    return devices_of(person).exists()


def kinds_on_site(person: Person) -> list[str]:
    """Which of the kinds that can be chosen the person is told on the site."""
    return [kind.value for kind, wish in wishes_of(person).items() if wish.site]


def officials(told: list[Notification]) -> set[tuple[int, int]]:
    """Which of their actors speak for the town hall: (person, town)."""
    actors = {one.actor_id for one in told if one.actor_id}
    found = Membership.objects.filter(person__in=actors, role__in=STAFF_ROLES)
    return set(found.values_list("person_id", "town_id"))
