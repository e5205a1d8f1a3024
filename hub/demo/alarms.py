"""The demo's alerts: sectors, an exercise and a boil water advisory of the last weeks, and one that waits for a yes.

Rows are made directly, the same on every start: nothing of it has ever left.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from hub.alerts import ready_texts
from hub.alerts.models import Alert, Danger, Recipient, Status, Vulnerable, Zone
from hub.audit.actions import note
from hub.core.clock import now, standing_at
from hub.deliveries.models import Dispatch
from hub.demo.moments import When, days_ago
from hub.demo.tickets.names import someone
from hub.demo.tickets.places import SAINT_AURELE, VALBOURG, Land, choose
from hub.people.models import Address, Membership, Person, Phone, Role
from hub.towns.models import Town

_LANDS = {"saint-aurele": SAINT_AURELE, "valbourg": VALBOURG}
_POSTAL = {"saint-aurele": "G0L 1A0", "valbourg": "99000"}
# Sectors as boxes: metres east and north of the centre, from west to east and from south to north.
_SECTORS = {
    "saint-aurele": (("Vieux-Bourg", (-460, -40), (-340, 420)), ("Secteur Nord-Est", (-40, 640), (-60, 480)),
                     ("Secteur Sud", (-680, 620), (-640, -340))),
    "valbourg": (("Centre", (-360, 300), (-160, 320)), ("Bord de rivière", (-500, 480), (-620, -380)),
                 ("Les Tilleuls", (180, 660), (-360, 420))),
}  # fmt: skip
_AUTHORS = {
    "saint-aurele": ("agente@saint-aurele.example", "maire@saint-aurele.example"),
    "valbourg": ("agent@valbourg.example", "maire@valbourg.example"),
}


@dataclass(frozen=True)
class Past:
    """An alert that is over: how many people, by channel how many (delivered, failed); `missed`: not reached."""

    when: When
    danger: Danger
    exercise: bool
    sector: int  # -1: the whole town
    total: int
    missed: int
    by_channel: dict[str, tuple[int, int]]


_PAST = (
    Past(days_ago(61, "10:05"), Danger.FLOOD, True, -1, 1_642, 4,
         {"email": (1_188, 11), "sms": (1_405, 38), "push": (610, 7)}),
    Past(days_ago(19, "06:40"), Danger.WATER, False, 1, 734, 9,
         {"email": (541, 6), "sms": (655, 21), "voice": (62, 9), "push": (288, 3)}),
)  # fmt: skip
_LASTED = timedelta(minutes=17)
# Why some are in the register.
_ALONE = ("Personne seule", "Oxygène à domicile", "Se déplace en fauteuil", "Malentendante")


def sound(people: dict[str, Person], residents: dict[str, Person], towns: dict[str, Town]) -> None:
    """Make it all. `people`: the printed accounts by address; `residents`: the others by key."""
    with transaction.atomic():
        for slug, town in towns.items():
            rng = Random(f"alerts {slug}")  # noqa: S311 (the same demo every time)
            _settle(town, rng)
            sectors = [_sector(town, _LANDS[slug], *said) for said in _SECTORS[slug]]
            author, approver = (people[email] for email in _AUTHORS[slug])
            missing = _missing(town, rng)
            for number, past in enumerate(_PAST, 1):
                _past(past, number, town, (author, approver), sectors, missing)
            _waiting(town, author, len(_PAST) + 1)
        for key in ("gerard", "nathalie"):
            town = towns["saint-aurele" if key == "gerard" else "valbourg"]
            Vulnerable.objects.create(
                person=residents[key], town=town, why="Personne seule", contact="Sa fille, le soir", added_at=now()
            )


def _settle(town: Town, rng: Random) -> None:
    """Who lives there has an address with a place, so that sectors find them."""
    here = Membership.objects.filter(town=town).order_by("pk").values_list("person_id", flat=True).distinct()
    known = {home.person_id: home for home in Address.objects.filter(person__in=here)}
    made = []
    for person_id in dict.fromkeys(here):
        if home := known.get(person_id):
            if home.city == town.name and home.latitude is None:
                at = choose(_LANDS[town.slug], rng, street=home.street, number=int(home.number)).at_house
                home.latitude, home.longitude = at.lat, at.lon
                home.save(update_fields=["latitude", "longitude"])
        elif not Address.objects.filter(person=person_id).exists():
            made.append(_home(person_id, town, rng))
    Address.objects.bulk_create(made)


def _home(person_id: int, town: Town, rng: Random) -> Address:
    spot = choose(_LANDS[town.slug], rng)
    return Address(
        person_id=person_id, number=str(spot.number), street=spot.street.name, postal_code=_POSTAL[town.slug],
        city=town.name, latitude=spot.at_house.lat, longitude=spot.at_house.lon,
    )  # fmt: skip


def _sector(town: Town, land: Land, name: str, across: tuple[int, int], along: tuple[int, int]) -> Zone:
    (west, east), (south, north) = across, along
    corners = [land.point(x, y) for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south))]
    shape = {"type": "MultiPolygon", "coordinates": [[[[one.lon, one.lat] for one in corners]]]}
    return Zone.objects.create(town=town, name=name, shape=shape)


def _missing(town: Town, rng: Random) -> list[tuple[Person, str]]:
    """Some whom the desk has registered, without mail, and the number at which they were not at home."""
    callers = [someone(rng, town.country) for _ in range(sum(past.missed for past in _PAST))]
    people = Person.objects.bulk_create(
        Person(first_name=one.first_name, last_name=one.last_name, password=make_password(None)) for one in callers
    )
    Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
    Address.objects.bulk_create(_home(person.pk, town, rng) for person in people)
    Phone.objects.bulk_create(
        Phone(person=person, number=caller.phone, by_staff=True)
        for at, (person, caller) in enumerate(zip(people, callers, strict=True))
        if at % 4
    )
    Vulnerable.objects.bulk_create(
        Vulnerable(person=person, town=town, why=why, added_at=now())
        for person, why in zip(people, _ALONE, strict=False)
    )
    return [(person, caller.phone) for person, caller in zip(people, callers, strict=True)]


def _past(
    past: Past,
    number: int,
    town: Town,
    who: tuple[Person, Person],
    sectors: list[Zone],
    missing: list[tuple[Person, str]],
) -> None:
    begun = past.when(now().astimezone(ZoneInfo(town.time_zone)))
    left = begun + timedelta(minutes=6)
    alert = Alert.objects.create(
        **_words(town, past.danger), number=f"A-{begun.year % 100:02}-{number:03}", exercise=past.exercise,
        audience={} if past.sector < 0 else {"zones": [sectors[past.sector].pk]}, author=who[0], approver=who[1],
        channels=list(past.by_channel), status=Status.DONE, created_at=begun, changed_at=begun, submitted_at=begun,
        approved_at=left, started_at=left, expanded_at=left, ended_at=left + _LASTED, step="written",
        told=_told(past), dispatch=Dispatch.objects.create(cause="alert", key=f"demo.{town.slug}.{number}", town=town),
    )  # fmt: skip
    _noted(alert, who[0], "alert.submit", begun + timedelta(minutes=4))
    _noted(alert, who[1], "alert.approve", left)
    mine = [missing.pop() for _ in range(past.missed)]
    Recipient.objects.bulk_create(
        Recipient(
            alert=alert, person=person, language="fr", voice="" if at % 3 == 0 else phone,
            follow_up=f"Vue à sa porte · {who[0].name}" if at % 2 else "",
        )
        for at, (person, phone) in enumerate(mine)
    )  # fmt: skip


def _told(past: Past) -> dict[str, Any]:
    rows = {
        channel: {"queued": 0, "sent": 0, "delivered": there, "failed": failed, "suppressed": 0}
        for channel, (there, failed) in past.by_channel.items()
    }
    return {"status": "done", "total": past.total, "reached": past.total - past.missed, "by_channel": rows}


def _words(town: Town, danger: Danger) -> dict[str, Any]:
    said = {language: ready_texts.ready(danger, language, town=town.name) for language in ("fr", "en")}
    texts = {what: {language: said[language][what] for language in said} for what in ("title", "body", "sms", "voice")}
    return {"town": town, "danger": danger, "emergency": True, **texts}


def _noted(alert: Alert, actor: Person, act: str, at: datetime) -> None:
    what = {"number": alert.number, "title": alert.said("title", "fr")}
    with standing_at(at):
        note(town_id=alert.town_id, actor=actor, act=act, subject=f"alert.{alert.pk}", what=what)


def _waiting(town: Town, author: Person, number: int) -> None:
    """The next exercise, which a second person has still to read: nobody is told of it once more."""
    at = days_ago(1, "17:40")(now().astimezone(ZoneInfo(town.time_zone)))
    alert = Alert.objects.create(
        **_words(town, Danger.STORM), number=f"A-{at.year % 100:02}-{number:03}", exercise=True,
        channels=["push", "email", "sms"], status=Status.PENDING, author=author, created_at=at, changed_at=at,
        submitted_at=at, send_at=at + timedelta(days=9),
    )  # fmt: skip
    _noted(alert, author, "alert.submit", at)
