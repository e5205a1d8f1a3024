"""Hours in which a telephone does not ring for news: what can wait until the morning does."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.core.clock import shared_now
from hub.deliveries.models import Channel, Delivery, Lane
from hub.people.models import Membership

FROM, UNTIL = time(21), time(8)
# A mail wakes nobody.
_LOUD = frozenset({Channel.SMS, Channel.VOICE, Channel.PUSH})
_ZONE = "Europe/Paris"


def morning(at: datetime, zone: str) -> datetime | None:
    """The end of the quiet hours that `at` falls into, in that time zone; None by day."""
    local = at.astimezone(ZoneInfo(zone))
    if UNTIL <= local.time() < FROM:
        return None
    day = local.date() + timedelta(days=1 if local.time() >= FROM else 0)
    return datetime.combine(day, UNTIL, ZoneInfo(zone))


def check(claimed: Sequence[Delivery]) -> dict[int, datetime]:
    """Which of these are to wait, and until when: news and letters by telephone, at night where they are read.

    The town's night; else that of a town of the person's.
    """
    asked = [one for one in claimed if one.channel in _LOUD and one.lane >= Lane.NOTIFICATION and not one.ask_at]
    zones = _zones_of({one.person_id for one in asked if one.dispatch.town is None and one.person_id})
    found: dict[int, datetime] = {}
    at = shared_now() if asked else None  # by which they come back: a clock that is behind would have them at once
    for one in asked:
        zone = one.dispatch.town.time_zone if one.dispatch.town else zones.get(one.person_id or 0, _ZONE)
        if at is not None and (until := morning(at, zone)) is not None:
            found[one.pk] = until
    return found


def _zones_of(people: Collection[int]) -> dict[int, str]:
    held = Membership.objects.filter(person__in=people).order_by("-pk") if people else Membership.objects.none()
    return dict(held.values_list("person_id", "town__time_zone"))
