"""What the hub knows of a person, given to them, or to the town that answers for it."""

from dataclasses import dataclass
from typing import IO

from hub.audit.actions import note
from hub.core import limits
from hub.core.errors import Forbidden
from hub.people import records
from hub.people.archive import pack
from hub.people.models import Person
from hub.people.queries import access_citizen, roles_in, towns_of
from hub.people.records import Asked
from hub.people.rules import may_manage_town
from hub.towns.models import Town


@dataclass
class _Numbered:
    """Who did it, in a trail that stays for ever: once their account is closed, the number leads to nobody."""

    pk: int
    name: str = ""


def export_own(*, person: Person) -> IO[bytes]:
    """Everything about the person, as a ZIP; the trails of their towns tell of it. Raises `RateLimited`."""
    limits.hit(limits.EXPORTS, person.pk)
    packed = pack(records.collected(Asked(person, person)))
    for town in sorted(towns_of(person), key=lambda town: town.pk):
        who = _Numbered(person.pk)
        note(town_id=town.pk, actor=who, act="person.export_own", subject=f"person.{person.pk}", what={})
    return packed


def export_citizen(*, actor: Person, town: Town, person_id: int) -> IO[bytes]:
    """What the town holds about one of its citizens, as a ZIP: who asks their town for it gets it from there.

    The town's trail tells of it. Raises `NotFound`, `Forbidden` (the mayor and who manages alone), `RateLimited`.
    """
    person = access_citizen(actor, town, person_id)
    if not may_manage_town(roles_in(actor, town)):
        raise Forbidden
    limits.hit(limits.EXPORTS, actor.pk)
    packed = pack(records.collected(Asked(person, actor, town)))
    note(town_id=town.pk, actor=actor, act="person.export", subject=f"person.{person.pk}", what={})
    return packed
