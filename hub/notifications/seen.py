"""What waits for somebody's mail of the day and that they have seen on the site meanwhile: the mail leaves it out."""

from collections.abc import Callable, Collection, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from hub.notifications.models import Gathered, Notification

# Of what waits for this person, the numbers of what they have seen. Rooms above know what was read in them.
Look = Callable[[int, Sequence[Gathered]], Collection[int]]

_looks: list[Look] = []


def learn(look: Look) -> None:
    """Ask this too. Called when a room is set up."""
    if look not in _looks:
        _looks.append(look)


def seen(person_id: int, waiting: Sequence[Gathered]) -> set[int]:
    """The numbers of those that the person has read: in their notifications, or where it happened."""
    told = _told(person_id).exclude(read_at=None)
    found = set(Gathered.objects.filter(Exists(told), pk__in=[one.pk for one in waiting]).values_list("pk", flat=True))
    return found.union(*(look(person_id, waiting) for look in _looks))


def forget_listed(person_id: int) -> None:
    """What stands in the person's notifications needs no mail any more: they have it taken away."""
    Gathered.objects.filter(Exists(_told(person_id)), person=person_id).delete()


def _told(person_id: int) -> QuerySet[Notification]:
    """For a query of what waits: the same in the person's notifications, or renewed since."""
    return Notification.objects.filter(
        person=person_id, town=OuterRef("town"), code=OuterRef("code"), path=OuterRef("path"), at__gte=OuterRef("at")
    )
