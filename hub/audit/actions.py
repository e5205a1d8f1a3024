"""Adding to a town's trail, in the transaction of what is told."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.db import transaction

from hub.audit import rules
from hub.audit.models import Entry, Trail
from hub.core.clock import now
from hub.core.single import single


class Actor(Protocol):
    """Who does something. People stand one floor up: what they do is told by them too."""

    pk: int

    @property
    def name(self) -> str:
        """As people know them."""


def hold(town_id: int) -> Trail:
    """The end of the town's trail, to which nobody else adds until the caller's transaction ends."""
    trail = Trail.objects.select_for_update().filter(town_id=town_id)
    if (end := single(trail)) is None:
        Trail.objects.get_or_create(town_id=town_id)
        end = trail.get()
    return end


def note(*, town_id: int, actor: Actor | None, act: str, subject: str, what: Mapping[str, str]) -> Entry:
    """Add one act. `act`: what was done ("message.remove"); `subject`: to what ("message.81").

    The town's other acts wait until the caller's transaction ends. `actor` None: the hub itself.
    """
    with transaction.atomic(savepoint=False):
        end = hold(town_id)
        told: dict[str, Any] = {
            "town_id": town_id,
            "number": end.number + 1,
            "at": now(),
            "actor_id": actor.pk if actor else None,
            "actor_name": actor.name[:170] if actor else "",
            "act": act,
            "subject": subject,
            "what": dict(what),
            "former": end.digest,
        }
        entry = Entry.objects.create(**told, digest=rules.digest(**told))
        Trail.objects.filter(town_id=town_id).update(number=entry.number, digest=entry.digest)
    return entry
