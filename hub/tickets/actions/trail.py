"""Who saw and changed what, in the town's trail: each entry carries the hash of the former.

An entry holds the town's trail until the transaction ends: it is written last, when all rows are locked. It stays for
ever, and moderators read it too: who asked is named there by number alone, and nothing that they gave is repeated.
"""

from dataclasses import dataclass

from django.core.cache import cache

from hub.audit.actions import Actor, note
from hub.people.models import Person
from hub.tickets.models import Change, Ticket

SEEN_AGAIN_S = 3_600
# Titles begin as the requester's words, places are often where they live.
_UNTOLD = frozenset({"title", "place"})


@dataclass
class _Requester:
    """Who asked, in the trail: once their account is erased, the number leads to nobody."""

    pk: int
    name: str = ""


def actor_of(ticket: Ticket, person: Person | None) -> Actor | None:
    """Who did it, as the trail names them."""
    return _Requester(person.pk) if person and person.pk == ticket.requester_id and not ticket.internal else person


def what_of(change: Change) -> dict[str, str]:
    """What was changed and to what; of contact details, place and title only that they were."""
    told = {} if change.field in _UNTOLD else {"before": change.before, "after": change.after}
    return {"field": change.field, **{name: value for name, value in told.items() if value}}


def note_changes(ticket: Ticket, since: int) -> None:
    """Add the ticket's changes after number `since`."""
    for change in ticket.changes.filter(pk__gt=since).select_related("actor"):
        note(
            town_id=ticket.town_id, actor=actor_of(ticket, change.actor), act=f"ticket.{change.field}",
            subject=f"ticket.{ticket.number}", what=what_of(change),
        )  # fmt: skip


def last_change() -> int:
    """The number of the latest change of any ticket: what comes after it is this transaction's, or later."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def note_said(ticket: Ticket, actor: Person | None, visibility: str, side: str) -> None:
    """Somebody wrote on it; the words themselves stand in the ticket."""
    what = {"visibility": visibility, "side": side}
    who = actor_of(ticket, actor)
    note(town_id=ticket.town_id, actor=who, act="ticket.said", subject=f"ticket.{ticket.number}", what=what)


def note_seen(ticket: Ticket, actor: Person) -> None:
    """Staff opened it: told once an hour for each person and ticket."""
    if cache.add(f"ticket-seen-{ticket.pk}-{actor.pk}", True, SEEN_AGAIN_S):
        note(town_id=ticket.town_id, actor=actor, act="ticket.seen", subject=f"ticket.{ticket.number}", what={})
