"""Telling people, and what they do with what they were told."""

from collections.abc import Collection, Mapping

from hub.core.clock import now
from hub.notifications.models import Broadcast, Kind
from hub.people.models import Person
from hub.streams.actions import Unit
from hub.towns.models import Town


def notify(
    work: Unit,
    *,
    town_id: int,
    kind: Kind,
    code: str,
    people: Collection[int],
    actor: Person | None,
    what: Mapping[str, str],
    path: str,
    subject: str = "",
) -> None:
    """Tell these people, 500 at most, on the site: those who want this kind, and never the actor."""


def settle(work: Unit, *, person_id: int, subject: str) -> None:
    """The person has seen what their notifications about `subject` tell of: they are read."""


def broadcast(
    work: Unit, *, town: Town, kind: Kind, code: str, actor: Person | None, what: Mapping[str, str], path: str
) -> Broadcast:
    """Tell everybody who follows the town."""
    return Broadcast(town=town, kind=kind, code=code, actor=actor, what=dict(what), path=path, at=now())
