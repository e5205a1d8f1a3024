"""The register of vulnerable people: who is in it because they or theirs asked for it, and who asks to be.

It tells where those are who may not help themselves: it is shown to those who decide of alerts, and each look at it is
in the town's trail, by number and not by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hub.alerts import lifecycle
from hub.alerts.models import RegisterRequest, Vulnerable
from hub.alerts.queries import access_followed
from hub.audit.actions import note
from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.core.folding import folded
from hub.people.models import Person
from hub.people.queries import access_citizen, access_desk
from hub.towns.models import Town

LONGEST = {"why": 120, "contact": 200, "note": 300}
Street = tuple[str, Sequence[Vulnerable]]


@dataclass(frozen=True)
class Written:
    """What rescue should know: the situation, whom to call, what to mind."""

    why: str = ""
    contact: str = ""
    note: str = ""


# Reading it.


def access_register(actor: Person, slug: str) -> Town:
    """A town whose register is the actor's to see. Raises `NotFound`; `Forbidden` for others of the team."""
    town, roles = access_desk(actor, slug)
    if not lifecycle.may_alert(roles):
        raise Forbidden
    return town


def look_at(*, actor: Person, slug: str, to_print: bool = False) -> list[Street]:
    """All of it, by street and door; that it was looked at stands in the trail. Raises as `access_register`."""
    town = access_register(actor, slug)
    if to_print:
        note(town_id=town.pk, actor=actor, act="register.export", subject=f"town.{town.pk}", what={})
    else:
        note(town_id=town.pk, actor=actor, act="register.view", subject=f"town.{town.pk}", what={})
    streets: dict[str, list[Vulnerable]] = {}
    for one in sorted(_entries(town), key=_door):
        streets.setdefault(_street(one), []).append(one)
    return sorted(streets.items(), key=lambda pair: (not pair[0], folded(pair[0])))


def requests_of(town: Town) -> QuerySet[RegisterRequest]:
    """Who asks to be in it, the first first."""
    return RegisterRequest.objects.filter(town=town).select_related("person").order_by("asked_at", "pk")


def entry_of(town: Town, person: Person) -> Vulnerable | None:
    """What stands there of somebody."""
    return Vulnerable.objects.filter(town=town, person=person).first()


def request_of(town: Town, person: Person) -> RegisterRequest | None:
    """What somebody asks for."""
    return RegisterRequest.objects.filter(town=town, person=person).first()


def _entries(town: Town) -> list[Vulnerable]:
    found = Vulnerable.objects.filter(town=town, person__is_active=True).select_related("person__address")
    return list(found.prefetch_related("person__phones"))


def _street(one: Vulnerable) -> str:
    home = getattr(one.person, "address", None)
    return home.street if home else ""


def _door(one: Vulnerable) -> tuple[int, str, str]:
    home = getattr(one.person, "address", None)
    number = home.number if home else ""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())[:9]
    return int(digits or 0), number, one.person.name


# Writing it, by the team.


def enter_person(*, actor: Person, slug: str, person_id: int, written: Written) -> Vulnerable:
    """Somebody is in it, or what stands there of them is changed; their request is answered.

    Raises `NotFound`, also for who is no citizen of the town, `Forbidden`, `Invalid`.
    """
    town = access_register(actor, slug)
    person = access_citizen(actor, town, person_id)
    said = _clean(written)
    with transaction.atomic():
        entry, new = Vulnerable.objects.update_or_create(
            town=town, person=person, defaults=said, create_defaults={**said, "added_at": now()}
        )
        RegisterRequest.objects.filter(town=town, person=person).delete()
        _note(town, actor, "register.add" if new else "register.change", person)
    return entry


def remove_person(*, actor: Person, slug: str, person_id: int) -> None:
    """Somebody is in it no more. Raises `NotFound` for who was not, `Forbidden`."""
    town = access_register(actor, slug)
    entry = Vulnerable.objects.select_related("person").filter(town=town, person=person_id).first()
    if entry is None:
        raise NotFound
    with transaction.atomic():
        entry.delete()
        _note(town, actor, "register.remove", entry.person)


def refuse_request(*, actor: Person, slug: str, person_id: int) -> None:
    """A request is not followed. Raises `NotFound` where there is none, `Forbidden`."""
    town = access_register(actor, slug)
    asked = RegisterRequest.objects.select_related("person").filter(town=town, person=person_id).first()
    if asked is None:
        raise NotFound
    with transaction.atomic():
        asked.delete()
        _note(town, actor, "register.refuse", asked.person)


# By who it is about.


def ask_for_register(*, actor: Person, slug: str, written: Written) -> None:
    """Ask to be in it, or say it otherwise while nobody has answered. Raises `NotFound`, `Invalid`.

    Who is in it already changes nothing: what stands there is the team's.
    """
    town = access_followed(actor, slug)
    said = _clean(written)
    with transaction.atomic():
        if entry_of(town, actor) is not None:
            return
        _asked, new = RegisterRequest.objects.update_or_create(
            town=town, person=actor, defaults=said, create_defaults={**said, "asked_at": now()}
        )
        if new:
            _note(town, None, "register.ask", actor)


def leave_register(*, actor: Person, slug: str) -> None:
    """Not to be in it any more, or to ask for it no more. Twice is once. Raises `NotFound`."""
    town = access_followed(actor, slug)
    with transaction.atomic():
        mine = {"town": town, "person": actor}
        gone = Vulnerable.objects.filter(**mine).delete()[0] + RegisterRequest.objects.filter(**mine).delete()[0]
        if gone:
            _note(town, None, "register.leave", actor)


def _clean(written: Written) -> dict[str, str]:
    said = {name: " ".join(str(getattr(written, name)).replace("\x00", "").split()) for name in LONGEST}
    for name, most in LONGEST.items():
        if len(said[name]) > most:
            raise Invalid(_("Ce texte est trop long : %(most)s caractères au plus.") % {"most": most}, field=name)
    return said


def _note(town: Town, actor: Person | None, act: str, person: Person) -> None:
    note(town_id=town.pk, actor=actor, act=act, subject=f"person.{person.pk}", what={})
