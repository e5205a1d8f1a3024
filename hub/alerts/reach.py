"""Who was not reached by an alert, why, and what is done about it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hub.alerts import causes
from hub.alerts.alert_queries import access_alert
from hub.alerts.confirming import CONFIRMED
from hub.alerts.dispatches import again_of, deliveries_of, there
from hub.alerts.models import Alert, Recipient, Status, Subscription, Vulnerable
from hub.audit.actions import note
from hub.core.errors import Invalid, NotFound
from hub.core.folding import folded
from hub.deliveries.models import Channel, Delivery, State
from hub.people.models import Address, Person

FOLLOW_UP_MAX = 120
_BY = " · "
_ON_ITS_WAY = (State.QUEUED, State.SENDING, State.UNKNOWN)


@dataclass(frozen=True)
class Missed:
    """Somebody who was not reached. `vulnerable`: why they are in the register; `number`: the house's; `why`: a
    sentence; `phone`: where a person may be called by hand."""

    recipient_id: int
    name: str
    vulnerable: str | None
    number: str
    street: str
    city: str
    why: str
    phone: str
    follow_up: str
    followed_by: str


def not_reached(alert: Alert) -> QuerySet[Recipient]:
    """Those whom nothing has reached, and to whom nothing is on its way any more."""
    missed = Recipient.objects.filter(alert=alert, reached_at=None, confirmed_at=None)
    if alert.status != Status.SENDING:
        return missed
    going = deliveries_of(alert).filter(state__in=_ON_ITS_WAY)
    on_its_way: Any = Q(devices__gt=0) & Exists(going.filter(channel=Channel.PUSH, person=OuterRef("person")))
    for channel in (Channel.EMAIL, Channel.SMS, Channel.VOICE):
        same = going.filter(channel=channel, address=OuterRef(channel.value))
        on_its_way |= ~Q(**{channel.value: ""}) & Exists(same)
    sent = deliveries_of(alert).filter(state=State.SENT).exclude(there())
    for channel in (Channel.SMS, Channel.VOICE):  # their provider has still to say what becomes of them
        same = sent.filter(channel=channel, address=OuterRef(channel.value))
        on_its_way |= ~Q(**{channel.value: ""}) & Exists(same)
    if alert.expanded_at is None:
        return missed.none()
    if Channel.VOICE in alert.channels and alert.emergency and alert.called_at is None:
        on_its_way |= ~Q(voice="")
    return missed.exclude(on_its_way)


def missed(alert: Alert, *, first: int | None = None) -> list[Missed]:
    """The first so many of them (None: all), those of the register first, then by street and number."""
    ordered = _with_home(alert).order_by(F("vulnerable").desc(), "street", "house", "pk")
    rows = list(ordered if first is None else ordered[:first])
    return [_told(row, alert, reasons) for reasons in [_reasons(alert, rows)] for row in rows]


def by_street(alert: Alert) -> list[tuple[str, list[Missed]]]:
    """All of them, door after door: [(street, people)]; who has no address stands last, under ""."""
    streets: dict[str, list[Missed]] = {}
    for one in sorted(missed(alert), key=_door):
        streets.setdefault(one.street, []).append(one)
    return sorted(streets.items(), key=lambda pair: (not pair[0], folded(pair[0])))


def _door(one: Missed) -> tuple[str, int, str, str]:
    digits = "".join(sign for sign in one.number if sign.isdigit())[:9]
    return folded(one.street), int(digits or 0), one.number, one.name


def _with_home(alert: Alert) -> "QuerySet[Any, Any]":
    listed = Vulnerable.objects.filter(person=OuterRef("person"), town=alert.town_id)
    found = not_reached(alert).select_related("person")
    return found.annotate(
        vulnerable=Exists(listed), street=F("person__address__street"), house=F("person__address__number")
    )


def _told(row: Any, alert: Alert, reasons: "_Reasons") -> Missed:
    person: Person | None = row.person
    home = reasons.homes.get(row.person_id)
    said, _mark, who = row.follow_up.partition(_BY)
    return Missed(
        row.pk, person.name if person else _("Compte effacé"), reasons.registered.get(row.person_id),
        home.number if home else "", home.street if home else "", home.city if home else "",
        causes.why(row, reasons.of(row), refused=row.person_id in reasons.refused), row.voice or row.sms, said, who,
    )  # fmt: skip


@dataclass(frozen=True)
class _Reasons:
    """What is known of some recipients: homes and register by person, who refused every means, what left by address,
    by person for push."""

    homes: Mapping[int, Address]
    registered: Mapping[int, str]
    refused: Collection[int]
    by_address: Mapping[tuple[str, str], Delivery]
    pushed: Mapping[int, Delivery]

    def of(self, row: Recipient) -> list[Delivery]:
        """What was sent to them, calls first: they say most."""
        found = [
            self.by_address.get((channel, getattr(row, channel)))
            for channel in (Channel.VOICE, Channel.SMS, Channel.EMAIL)
        ]
        return [one for one in [*found, self.pushed.get(row.person_id or 0)] if one is not None]


def _reasons(alert: Alert, rows: Iterable[Recipient]) -> _Reasons:
    people = {row.person_id for row in rows if row.person_id}
    addresses = {getattr(row, channel) for row in rows for channel in ("email", "sms", "voice")} - {""}
    sent = deliveries_of(alert).only("channel", "address", "person_id", "state", "cause", "attempts")
    mine = sent.filter(Q(address__in=addresses) | Q(channel=Channel.PUSH, person__in=people)).order_by("pk")
    found = list(mine) if people or addresses else []
    registered = Vulnerable.objects.filter(town=alert.town_id, person__in=people)
    refused = Subscription.objects.filter(town=alert.town_id, person__in=people, channels=[])
    return _Reasons(
        {home.person_id: home for home in Address.objects.filter(person__in=people)},
        dict(registered.values_list("person_id", "why")),
        set(refused.values_list("person_id", flat=True)),
        {(one.channel, one.address): one for one in found if one.channel != Channel.PUSH},
        {one.person_id: one for one in found if one.channel == Channel.PUSH and one.person_id},
    )


def failures(alert: Alert) -> list[tuple[str, int]]:
    """Why things did not get through, in words, the most frequent first."""
    counted: dict[str, int] = {}
    for channel, state, cause, twice, number in lost_of(alert):
        sentence = causes.failure(channel, state, cause, twice=twice)
        counted[sentence] = counted.get(sentence, 0) + number
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def lost_of(alert: Alert) -> list[tuple[str, str, str, bool, int]]:
    """What did not get through: by which means, how it ended and why, whether it was a second call, and how many."""
    if alert.kept:
        return [tuple(one) for one in alert.kept["lost"]]
    lost = deliveries_of(alert).filter(state__in=(State.FAILED, State.UNDELIVERABLE, State.EXPIRED, State.SUPPRESSED))
    lost = lost.exclude(reason=CONFIRMED)  # it was no longer needed
    if alert.status == Status.STOPPED:
        lost = lost.exclude(state=State.SUPPRESSED, cause="")
    again = again_of(alert)
    rows = lost.order_by().values_list("channel", "state", "cause", "dispatch").annotate(Count("pk"))
    return [
        (channel, state, cause, again is not None and dispatch == again, number)
        for channel, state, cause, dispatch, number in rows
    ]


def rows_of(alert: Alert) -> Iterator[list[str]]:
    """Those not reached as the rows of a file, door after door."""
    for street, people in by_street(alert):
        for one in people:
            yield [street, one.number, one.city, one.name, one.vulnerable or "", one.phone, one.why, one.follow_up,
                   one.followed_by]  # fmt: skip


def follow_up(*, actor: Person, alert_id: int, recipient_id: int, words: str) -> None:
    """Note what is done about somebody who was not reached, and by whom; nothing takes the note away.

    Raises `NotFound`, also for another alert's recipient, `Forbidden`, `Invalid` for a note that is too long.
    """
    alert = access_alert(actor, alert_id)
    said = " ".join(words.replace("·", " ").split())
    if len(said) > FOLLOW_UP_MAX:
        raise Invalid(
            _("Ce texte est trop long : %(most)s caractères au plus.") % {"most": FOLLOW_UP_MAX}, field="follow_up"
        )
    row = Recipient.objects.filter(alert=alert, pk=recipient_id).first()
    if row is None:
        raise NotFound
    row.follow_up = f"{said}{_BY}{actor.name}"[:200] if said else ""
    row.save(update_fields=["follow_up"])
    what = {"number": alert.number, "person": str(row.person_id or ""), "note": said}
    note(town_id=alert.town_id, actor=actor, act="alert.follow_up", subject=f"alert.{alert.pk}", what=what)
