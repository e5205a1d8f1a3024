"""Money and abuse: which numbers may be reached at all, how often, and how much a day may cost.

Looked at when a row is claimed, and counted then: the first attempt pays for all of them. What is refused for good
says why; what is only too much for today leaves tomorrow morning, in the town's zone. An emergency waits for nothing
but the number's own limit: who is called thirty times is not helped by a thirty-first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import phonenumbers
import structlog
from django.conf import settings
from django.db import connection, transaction
from phonenumbers import PhoneNumberType

from hub.core.clock import now
from hub.core.tables import given, rows_of
from hub.deliveries import prices
from hub.deliveries.models import Channel, Delivery, Halt, Lane, Used
from hub.towns.models import Town

log = structlog.get_logger(__name__)

KEEP = timedelta(days=40)
_PAID_FOR = frozenset({Channel.SMS, Channel.VOICE})
# What lives on calls and SMS that others pay for.
_DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_MORNING = time(8)  # nobody is woken by what waited
_PARTS = 10_000  # money is counted in these


@dataclass(frozen=True)
class Held:
    """Why it does not leave. `until`: it does then; None: never."""

    reason: str
    until: datetime | None = None


class Key(NamedTuple):
    """Of a day's count. `scope`: number, town or money."""

    scope: str
    name: str
    day: date


@dataclass
class _Asked:
    """One row that is about to be sent: what it costs, and whose day it is."""

    delivery: Delivery
    zone: str
    day: date
    currency: str
    money: int
    held: Held | None = None

    @property
    def urgent(self) -> bool:
        return self.delivery.lane == Lane.EMERGENCY

    @property
    def number(self) -> Key:
        return Key("number", f"{self.delivery.channel} {self.delivery.address}", self.day)

    @property
    def town(self) -> Key:
        return Key("town", f"{self.delivery.channel} {self.delivery.dispatch.town_id or 'hub'}", self.day)

    @property
    def spent(self) -> Key:
        return Key("money", f"{self.currency} {self.zone}", self.day)


def check(claimed: Sequence[Delivery]) -> dict[int, Held]:
    """Which of these may not leave now, and why; the others are counted."""
    some = [one for one in claimed if one.channel in _PAID_FOR and not one.ask_at]
    held = {one.pk: Held(why) for one in some if (why := refusal(one.address))}
    new = [_asked(one) for one in some if one.pk not in held and one.attempts == 1]
    if new:
        with transaction.atomic():
            _count(new)
    return held | {one.delivery.pk: one.held for one in new if one.held}


def refusal(number: str) -> str:
    """Why nothing is ever sent to such a number; "" when it may be."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return "not a phone number"
    if phonenumbers.number_type(parsed) in _DEAR:
        return "premium or shared-cost number"
    country = prices.country_of(number)
    if country not in _countries(settings.SMS_COUNTRIES):
        return f"numbers of {country or 'nowhere'} are not served (PARVIS_SMS_COUNTRIES)"
    return ""


@lru_cache(maxsize=4)
def _countries(written: str) -> frozenset[str]:
    return frozenset(part.strip().upper() for part in written.split(","))


def _asked(one: Delivery) -> _Asked:
    town = one.dispatch.town
    zone = town.time_zone if town else settings.TIME_ZONE
    price = prices.price(one.channel, prices.country_of(one.address))
    units = _units(one.channel, one.content.text if one.content else one.text)
    return _Asked(one, zone, _today(zone), price.currency, round(price.amount * units * _PARTS))


@lru_cache(maxsize=256)
def _units(channel: str, text: str) -> int:
    return prices.units(channel, text)  # a newsletter's is the same for thousands


def _today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()


def _count(new: Sequence[_Asked]) -> None:
    """Each limit counts what the former ones have let through. The counts' rows are locked in one order by all."""
    _by_number(new)
    _by_town([one for one in new if not (one.held or one.urgent)])
    _by_money([one for one in new if not one.held])


def _by_number(new: Sequence[_Asked]) -> None:
    used = _add((one.number, 1) for one in new)
    for one in reversed(new):  # who came first leaves
        sms = one.delivery.channel == Channel.SMS
        limit = settings.SMS_PER_NUMBER if sms else settings.CALLS_PER_NUMBER
        if limit and used[one.number] > limit:
            used[one.number] -= 1
            one.held = Held(f"more than {limit} {'SMS' if sms else 'calls'} to this number today")


def _by_town(new: Sequence[_Asked]) -> None:
    used = _add((one.town, 1) for one in new)
    back: list[tuple[Key, int]] = []
    for one in reversed(new):
        sms = one.delivery.channel == Channel.SMS
        limit = settings.SMS_PER_TOWN if sms else settings.CALLS_PER_TOWN
        if limit and used[one.town] > limit:
            one.held = Held(f"more than {limit} {'SMS' if sms else 'calls'} of this town today", _tomorrow(one))
            used[one.town] -= 1
            back.append((one.town, -1))
    _add(back)


def _by_money(new: Sequence[_Asked]) -> None:
    """The whole hub's: what is spent counts in each zone's day."""
    zones = {*Town.objects.values_list("time_zone", flat=True).distinct(), *(one.zone for one in new)} if new else set()
    used = _add(_in_each_zone(new, zones))
    limits = _limits(settings.DAILY_SPENDING)
    back: list[_Asked] = []
    for one in reversed(new):
        limit = limits.get(one.currency)
        if limit is not None and used[one.spent] > limit * _PARTS and not one.urgent:
            one.held = Held(f"today's {limit} {one.currency} are spent", _tomorrow(one))
            used[one.spent] -= one.money
            back.append(one)
            _halt(one, limit)
    _add((key, -money) for key, money in _in_each_zone(back, zones))


def _in_each_zone(some: Sequence[_Asked], zones: Iterable[str]) -> Iterator[tuple[Key, int]]:
    for zone in zones:
        for one in some:
            yield Key("money", f"{one.currency} {zone}", _today(zone)), one.money


@lru_cache(maxsize=4)
def _limits(written: str) -> Mapping[str, int]:
    """« EUR=500, CAD=750 »."""
    found = (part.partition("=") for part in written.split(",") if part.strip())
    return {currency.strip().upper(): int(amount) for currency, _, amount in found}


def _tomorrow(one: _Asked) -> datetime:
    return datetime.combine(one.day + timedelta(days=1), _MORNING, ZoneInfo(one.zone))


def _halt(one: _Asked, limit: int) -> None:
    _row, new = Halt.objects.get_or_create(
        currency=one.currency, zone=one.zone, day=one.day, defaults={"limit": limit, "at": now()}
    )
    if new:
        log.warning("deliveries.money_spent", currency=one.currency, limit=limit, zone=one.zone)


# SQLite wants a WHERE between a SELECT and ON CONFLICT.
_ADD = """
INSERT INTO deliveries_used (scope, name, day, used)
SELECT scope, name, {day}, used FROM {more} WHERE used IS NOT NULL ORDER BY scope, name, day
ON CONFLICT (scope, name, day) DO UPDATE SET used = deliveries_used.used + excluded.used
RETURNING scope, name, day, used
"""


def _add(more: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """Count this much more, in one statement. What is used up now, by key."""
    summed: dict[Key, int] = defaultdict(int)
    for key, amount in more:
        summed[key] += amount
    if not summed:
        return {}
    columns = {"scope": "text", "name": "text", "day": "text", "used": "bigint"}
    rows = [[key.scope, key.name, key.day.isoformat(), amount] for key, amount in summed.items()]
    source, values = given("more", columns, rows)
    day = "more.day::date" if connection.vendor == "postgresql" else "more.day"
    found = rows_of(_ADD.format(more=source, day=day), values)
    return {Key(scope, name, _as_date(day)): int(used) for scope, name, day, used in found}


def _as_date(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def forget() -> int:
    """Counts and halts of long ago. Returns how many."""
    day = (now() - KEEP).date()
    return Used.objects.filter(day__lt=day).delete()[0] + Halt.objects.filter(day__lt=day).delete()[0]
