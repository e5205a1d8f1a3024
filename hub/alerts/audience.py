"""Whom an alert concerns, and how each is reached: the one query that counts before, and sends after."""

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from hub.alerts import lifecycle, zones
from hub.alerts.models import Alert, Subscription, SubscriptionTheme, Vulnerable, Zone
from hub.deliveries.models import Channel
from hub.people.models import Address, Device, Membership, Person, Role
from hub.people.queries import may_be_mailed
from hub.towns.models import Town


def concerned(alert: Alert) -> QuerySet[Person]:
    """The people whom it is for, whether they can be reached or not.

    In an emergency everybody there; else those who subscribed to its theme. The call centre lives in none of its towns.
    """
    belongs = Membership.objects.filter(person=OuterRef("pk"), town=alert.town_id).exclude(role=Role.OPERATOR)
    people = Person.objects.filter(Exists(belongs), is_active=True)
    if not alert.emergency:
        people = people.filter(Exists(_subscribed(alert)))
    parts = _parts(alert)
    return people.filter(parts) if parts else people


def _subscribed(alert: Alert) -> QuerySet[Subscription]:
    mine = Subscription.objects.filter(person=OuterRef("pk"), town=alert.town_id)
    chosen = SubscriptionTheme.objects.filter(subscription=OuterRef("pk"), theme=alert.theme_id)
    return mine.filter(Q(all_themes=True) | Exists(chosen)) if alert.theme_id else mine.filter(all_themes=True)


def _parts(alert: Alert) -> Q:
    """Who lives in a zone or street, works in a service, or is in the register. Nothing chosen: everybody."""
    said: Mapping[str, Any] = alert.audience
    if said.get("nobody"):
        return Q(pk__in=[])
    where, home = Q(), Address.objects.filter(person=OuterRef("pk"))
    chosen = Zone.objects.filter(town=alert.town_id, pk__in=said.get("zones") or [])
    for shape in zones.shapes_of(said, list(chosen.values_list("shape", flat=True))):
        where |= Q(Exists(zones.inside(home, shape)))
    if streets := said.get("streets"):
        named = Q()
        for street in streets:
            named |= Q(street__iexact=street)
        where |= Q(Exists(home.filter(named)))
    if services := said.get("services"):
        work = Membership.objects.filter(person=OuterRef("pk"), town=alert.town_id, services__in=services)
        where |= Q(Exists(work))
    if said.get("register"):
        where |= Q(Exists(Vulnerable.objects.filter(person=OuterRef("pk"), town=alert.town_id)))
    return where


def with_addresses(alert: Alert) -> QuerySet[Person]:
    """The same people, each with `to_email`, `to_sms`, `to_voice` ("" for none) and `to_devices` (how many).

    By the means that the alert uses and that the person wants (S29); who never said what they want is reached in an
    emergency by all that is known of them; who refused every means, by none. Calls are for emergencies (S33), to those
    whom no SMS can reach or who want them. Only the first number counts (S9), once it is known to be theirs.
    """
    people = concerned(alert).annotate(
        # Joined once, and not asked for in each of the columns that are made of it.
        wish=FilteredRelation("alert_subscriptions", condition=Q(alert_subscriptions__town=alert.town_id)),
        phone=FilteredRelation("phones", condition=Q(phones__position=0) & _trusted("phones__")),
        wanted=Coalesce(Cast("wish__channels", TextField()), Value(""), output_field=TextField()),
        first=Coalesce(F("phone__number"), Value(""), output_field=CharField()),
    )
    return people.annotate(
        to_email=_if(alert, Channel.EMAIL, may_be_mailed(), "email"),
        to_sms=_if(alert, Channel.SMS, _takes_sms(), "first"),
        to_voice=_if_called(alert),
        to_devices=_devices(alert),
    )


def _trusted(phone: str) -> Q:
    return Q(**{f"{phone}verified_at__isnull": False}) | Q(**{f"{phone}by_staff": True})


def _takes_sms() -> Q:
    """Whether the first number may be a mobile's: by its first digits in France; in North America nobody can tell."""
    french = Q(first__startswith="+33")
    return ~Q(first="") & (~french | Q(first__startswith="+336") | Q(first__startswith="+337"))


def _wants(alert: Alert, channel: str) -> Q:
    wants = Q(wanted__contains=f'"{channel}"')
    return wants | Q(wanted="") if alert.emergency else wants


def _if(alert: Alert, channel: str, possible: Q, field: str) -> Any:
    if channel not in alert.channels:
        return Value("", output_field=CharField())
    return Case(When(possible & _wants(alert, channel), then=F(field)), default=Value(""), output_field=CharField())


def _if_called(alert: Alert) -> Any:
    if Channel.VOICE not in alert.channels or not alert.emergency:
        return Value("", output_field=CharField())
    called = Q(wanted__contains='"voice"') | ~_takes_sms() if Channel.SMS in alert.channels else Q()
    possible = ~Q(first="") & ~_refused() & called
    return Case(When(possible, then=F("first")), default=Value(""), output_field=CharField())


def _refused() -> Q:
    """They have said that they want no means at all."""
    return Q(wanted="[]")


def _devices(alert: Alert) -> Any:
    if Channel.PUSH not in alert.channels:
        return Value(0)
    held = Device.objects.filter(person=OuterRef("pk"), retired_at=None).order_by().values("person")
    counted = Coalesce(Subquery(held.annotate(number=Count("pk")).values("number")), Value(0))
    return Case(When(_wants(alert, Channel.PUSH), then=counted), default=Value(0))


def recipients_by(alert: Alert, channel: str) -> QuerySet[Person]:
    """Those who were named when it left, with where this channel reaches them as `reaches`, for `deliveries.expand`."""
    row: dict[str, Any] = {"alert": alert}
    if channel == Channel.PUSH:
        row["devices__gt"] = 0
    else:
        row[f"{channel}__gt"] = ""
    if channel == Channel.VOICE and any(other in alert.channels for other in lifecycle.ORDER[:-1]):
        row |= {"reached_at": None, "confirmed_at": None}
    # In one call: of the same row. In two, what an earlier alert knew of them would decide.
    named = Person.objects.filter(**{f"alert_recipients__{name}": value for name, value in row.items()})
    return on_devices(named) if channel == Channel.PUSH else named.annotate(reaches=F(f"alert_recipients__{channel}"))


def on_devices(people: QuerySet[Person]) -> QuerySet[Person]:
    """These people, once for each of their devices, as `reaches`."""
    there = people.filter(devices__retired_at=None, devices__isnull=False)
    return there.annotate(reaches=Concat(Value("device:"), Cast("devices__pk", CharField())))


def counts(alert: Alert) -> dict[str, int]:
    """How many people it concerns, and by each means: {"people", "homes", "reachable", "refused", "push", "email",
    "sms", "voice"}; `refused`: they want no means at all. By the very query that will send."""
    people = with_addresses(alert).order_by()
    one = Q(to_email__gt="") | Q(to_sms__gt="") | Q(to_voice__gt="") | Q(to_devices__gt=0)
    found = people.aggregate(
        people=Count("pk", distinct=True), reachable=Count("pk", filter=one, distinct=True),
        refused=Count("pk", filter=_refused(), distinct=True),
        email=Count("to_email", filter=Q(to_email__gt=""), distinct=True),
        sms=Count("to_sms", filter=Q(to_sms__gt=""), distinct=True),
        voice=Count("to_voice", filter=Q(to_voice__gt=""), distinct=True),
        push=Count("pk", filter=Q(to_devices__gt=0), distinct=True),
    )  # fmt: skip
    homes = Address.objects.filter(person__in=concerned(alert).order_by().values("pk")).exclude(street="")
    found["homes"] = homes.order_by().values("street", "number", "postal_code").distinct().count()
    return found


def streets_of(town: Town) -> list[str]:
    """The streets where people of the town live, by name."""
    here = Membership.objects.filter(town=town).values("person")
    streets = Address.objects.filter(person__in=here).exclude(street="").order_by("street")
    return list(streets.values_list("street", flat=True).distinct())
