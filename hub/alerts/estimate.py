"""What an alert costs and how long it takes, before it leaves: by the query that will send, rounded honestly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, Q, QuerySet, Value

from hub.alerts import audience, saying
from hub.alerts.models import Alert, Recipient
from hub.deliveries import prices
from hub.deliveries.models import Channel

_PREFIXES = {"FR": "+33", "CA": "+1"}
_PAID = (Channel.SMS, Channel.VOICE)
# So many of each leave in a second, as providers allow an ordinary account: cautious, and not measured here.
_A_SECOND: Mapping[str, float] = {Channel.PUSH: 200.0, Channel.EMAIL: 100.0, Channel.SMS: 20.0, Channel.VOICE: 1.0}


@dataclass(frozen=True)
class Estimate:
    """`counts`: as `audience.counts`. `cost`: of SMS and of calls, money by currency; `segments`: SMS a person is sent
    at most; `minutes`: until all has left, calls included; `each`: what one SMS costs to all who
    get it in a language."""

    counts: Mapping[str, int]
    cost: Mapping[str, Mapping[str, Decimal]]
    each: Mapping[str, Mapping[str, Decimal]]
    segments: int
    call_minutes: int
    minutes: int

    @property
    def total(self) -> dict[str, Decimal]:
        """All of it, by currency."""
        return _sum(self.cost.values())


def _sum(costs: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Of money by currency."""
    found: dict[str, Decimal] = {}
    for by_currency in costs:
        for currency, amount in by_currency.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def estimate(alert: Alert) -> Estimate:
    """Of an alert as it stands, saved or not."""
    counts = audience.counts(alert) if alert.about_id is None else _counts_again(alert)
    numbers = _by_language(alert)
    texts = {
        channel: {language: saying.said(alert, channel, language).text for language in numbers} for channel in _PAID
    }
    cost: dict[str, Mapping[str, Decimal]] = {
        channel: _sum(prices.cost(text, numbers[language][channel], channel) for language, text in said.items())
        for channel, said in texts.items()
    }
    segments, call = (max(prices.units(channel, text) for text in said.values()) for channel, said in texts.items())
    each = {language: prices.cost("a", by_channel[Channel.SMS]) for language, by_channel in numbers.items()}
    return Estimate(counts, cost, each, segments, call, minutes(counts, segments, call))


def _by_language(alert: Alert) -> dict[str, dict[Channel, dict[str, int]]]:
    """How many numbers of each country, by the language in which they are told and by means; all others as the town's
    own. Who reads English is told in French where there are no words in English."""
    sums: dict[str, Any] = {}
    for channel in _PAID:
        for country, prefix in _PREFIXES.items():
            there, of = Q(**{f"to_{channel}__startswith": prefix}), f"to_{channel}"
            sums[f"{channel}_{country}"] = Count(of, filter=there, distinct=True)
            sums[f"{channel}_{country}_en"] = Count(of, filter=there & Q(language="en"), distinct=True)
    people = audience.with_addresses(alert).order_by() if alert.about_id is None else _again(alert)
    found = people.aggregate(**sums)
    numbers: dict[str, dict[Channel, dict[str, int]]] = {"fr": {}}
    for channel in _PAID:
        everybody = {country: found[f"{channel}_{country}"] for country in _PREFIXES}
        english = {country: found[f"{channel}_{country}_en"] for country in _PREFIXES if "en" in alert.title}
        numbers["fr"][channel] = {country: number - english.get(country, 0) for country, number in everybody.items()}
        if english:
            numbers.setdefault("en", {})[channel] = english
    return numbers


def _again(alert: Alert) -> QuerySet[Recipient]:
    """Whom a further word goes to: those of the first, by the means that this one uses."""
    nothing = Value("", output_field=CharField())
    to: dict[str, Any] = {
        f"to_{channel}": F(channel) if channel in alert.channels else nothing
        for channel in (Channel.EMAIL, Channel.SMS, Channel.VOICE)
    }
    devices = F("devices") if Channel.PUSH in alert.channels else Value(0, output_field=IntegerField())
    before = Recipient.objects.filter(alert=alert.about_id).exclude(person=None)
    return before.annotate(**to, to_devices=devices)


def _counts_again(alert: Alert) -> dict[str, int]:
    one = Q(to_email__gt="") | Q(to_sms__gt="") | Q(to_voice__gt="") | Q(to_devices__gt=0)
    people = _again(alert)
    found = people.aggregate(
        people=Count("pk"), reachable=Count("pk", filter=one), email=Count("pk", filter=Q(to_email__gt="")),
        sms=Count("to_sms", filter=Q(to_sms__gt=""), distinct=True),
        voice=Count("to_voice", filter=Q(to_voice__gt=""), distinct=True),
        push=Count("pk", filter=Q(to_devices__gt=0)),
    )  # fmt: skip
    homes = people.exclude(person__address__street="").exclude(person__address=None)
    found["refused"] = 0  # of those of the first word, who had an address
    found["homes"] = homes.values("person__address__street", "person__address__number").distinct().count()
    return found


def minutes(counts: Mapping[str, int], segments: int, call_minutes: int) -> int:
    """Until the last one has left: means leave beside each other, calls after them; a whole number, at least one."""
    times = {channel: counts[channel] / a_second for channel, a_second in _A_SECOND.items()}
    times[Channel.SMS] *= max(segments, 1)
    times[Channel.VOICE] *= max(call_minutes, 1)
    calls = times.pop(Channel.VOICE)
    seconds = max(times.values()) + calls
    found = max(1, ceil(seconds / 60))
    return found if found < 20 else ceil(found / 5) * 5
