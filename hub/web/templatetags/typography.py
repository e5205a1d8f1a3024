"""Times, days, sizes and phone numbers in templates, in the town's zone and the reader's language.

`{{ message.at|clock:town }}`: without a town, the installation's own zone and country.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from hub.core import clock as core_clock
from hub.core import typography
from hub.towns.models import Country, Town

register = template.Library()


@register.filter
def clock(at: datetime, town: Town | None = None) -> str:
    """« 14 h 30 »."""
    return typography.clock(_there(at, town), _locale(town))


@register.filter
def day(at: datetime, town: Town | None = None) -> str:
    """« Aujourd’hui, dimanche 22 novembre »."""
    return typography.day(_there(at, town).date(), _locale(town), today=_there(core_clock.now(), town).date())


@register.filter
def moment(at: datetime, town: Town | None = None) -> str:
    """« Samedi 21 novembre, 17 h 40 »."""
    return typography.moment(_there(at, town), _locale(town), today=_there(core_clock.now(), town).date())


@register.filter
def brief(at: datetime, town: Town | None = None) -> str:
    """« 14 h 32 », « Hier », « Ven. », « 12 nov. »."""
    return typography.brief(_there(at, town), _locale(town), today=_there(core_clock.now(), town).date())


@register.filter
def file_size(size_bytes: int, town: Town | None = None) -> str:
    """« 182 Ko »."""
    return typography.file_size(size_bytes, _locale(town))


@register.filter
def phone(number: str) -> str:
    """« 418 555-0110 »."""
    return typography.phone(number)


@register.filter
def instant(written: str) -> datetime:
    """A time in ISO 8601, as the other filters take it."""
    return datetime.fromisoformat(written)


@register.filter
def typeset(text: str) -> str:
    """« 9 h 30 » that never breaks."""
    return typography.typeset(text)


def _there(at: datetime, town: Town | None) -> datetime:
    return timezone.localtime(at, ZoneInfo(town.time_zone) if town else None)


def _locale(town: Town | None) -> str:
    country = town.country if town else Country.FRANCE
    return typography.locale_name((get_language() or "fr")[:2], country)
