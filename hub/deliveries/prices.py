"""What an SMS and a minute of calling cost, per country, in the money of the town's provider. From settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import phonenumbers
from django.conf import settings

from hub.deliveries import gsm
from hub.deliveries.models import Channel

# Regions with codes of their own that are served as their country is, where they have no price of their own.
OVERSEAS = frozenset({"GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"})
_AS = {**dict.fromkeys(OVERSEAS, "FR"), "US": "CA", "MC": "FR"}

# A spoken text of so many letters takes a minute; it is said twice, and billed by the begun minute.
_LETTERS_A_MINUTE = 850
_SAID = 2


@dataclass(frozen=True)
class Price:
    """`currency`: ISO 4217."""

    amount: Decimal
    currency: str


@cache
def table(written: str) -> Mapping[str, Price]:
    """« FR=0.07 EUR, CA=0.02 CAD » as prices by country. Raises `ValueError` for anything else."""
    found = {}
    for part in filter(None, (part.strip() for part in written.split(","))):
        country, _, said = part.partition("=")
        amount, currency = said.split()
        found[country.strip().upper()] = Price(Decimal(amount), currency.upper())
    return found


def price(channel: str, country: str) -> Price:
    """Of one SMS, or of one begun minute. A country without a price is taken for the dearest."""
    prices = table(settings.VOICE_PRICES if channel == Channel.VOICE else settings.SMS_PRICES)
    found = prices.get(country) or prices.get(_AS.get(country, ""))
    return found or max(prices.values(), key=lambda one: one.amount, default=Price(Decimal(0), "EUR"))


def country_of(number: str) -> str:
    """The region of a number in E.164 (FR, CA, GP …), "" when it is none. Of a number that nobody has: the region that
    its first digits are of."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ""
    known = phonenumbers.region_code_for_number(parsed)
    return known or phonenumbers.region_code_for_country_code(parsed.country_code or 0).replace("ZZ", "")


def units(channel: str, text: str) -> int:
    """What is paid for: SMS, or begun minutes of a call that is picked up."""
    if channel == Channel.VOICE:
        return max(1, -(-len(text) * _SAID // _LETTERS_A_MINUTE))
    return gsm.measure(text).segments


def cost(text: str, recipients_by_country: Mapping[str, int], channel: str = Channel.SMS) -> dict[str, Decimal]:
    """What that text costs to so many people per country: money by currency. Calls as if all of them are picked up."""
    each, total = units(channel, text), dict[str, Decimal]()
    for country, people in recipients_by_country.items():
        one = price(channel, country)
        total[one.currency] = total.get(one.currency, Decimal(0)) + one.amount * each * people
    return total
