"""What pages of others show of what leaves: rooms below this one can't ask it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.translation import get_language

from hub.core import typography
from hub.core.clock import now
from hub.deliveries import queries
from hub.people.models import Person
from hub.towns.models import Town

register = template.Library()


@dataclass(frozen=True)
class Stopped:
    """A number, and when it answered STOP: in words, in the town."""

    number: str
    day: str
    time: str


@register.inclusion_tag("deliveries/includes/sms_stopped.html")
def sms_stopped(person: Person, town: Town | None = None, own: bool = True) -> dict[str, Any]:
    """That they answered STOP, and when: to themselves (`own`), or to the town's desk."""
    numbers = [phone.number for phone in person.phones.all()]
    found = queries.sms_stopped(numbers) if numbers else {}
    return {"stopped": [_told(number, at, town or None) for number, at in found.items()], "own": own}


def _told(number: str, at: datetime, town: Town | None) -> Stopped:
    zone = ZoneInfo(town.time_zone if town else settings.TIME_ZONE)
    locale = typography.locale_name((get_language() or "fr")[:2], town.country if town else "FR")
    there = at.astimezone(zone)
    day = typography.plain_day(there.date(), locale, today=now().astimezone(zone).date())
    return Stopped(typography.phone(number), day, typography.clock(there, locale))
