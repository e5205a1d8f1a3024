"""Who saw and changed what, in the town's trail: each entry carries the hash of the former.

An entry holds the town's trail until the transaction ends: it is written last, when all rows are locked.
"""

from django.core.cache import cache

from hub.audit.actions import note
from hub.people.models import Person
from hub.tickets.models import Change, Ticket

SEEN_AGAIN_S = 3_600


def note_changes(ticket: Ticket, since: int) -> None:
    """Add the ticket's changes after number `since`: what was changed and to what; of contact details only which."""
    for change in ticket.changes.filter(pk__gt=since).select_related("actor"):
        what = {"field": change.field, "before": change.before, "after": change.after}
        note(
            town_id=ticket.town_id, actor=change.actor, act=f"ticket.{change.field}", subject=f"ticket.{ticket.number}",
            what={name: value for name, value in what.items() if value},
        )  # fmt: skip


def last_change() -> int:
    """The number of the latest change of any ticket: what comes after it is this transaction's, or later."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def note_said(ticket: Ticket, actor: Person | None, visibility: str, side: str) -> None:
    """Somebody wrote on it; the words themselves stand in the ticket."""
    what = {"visibility": visibility, "side": side}
    note(town_id=ticket.town_id, actor=actor, act="ticket.said", subject=f"ticket.{ticket.number}", what=what)


def note_seen(ticket: Ticket, actor: Person) -> None:
    """Staff opened it: told once an hour for each person and ticket."""
    if cache.add(f"ticket-seen-{ticket.pk}-{actor.pk}", True, SEEN_AGAIN_S):
        note(town_id=ticket.town_id, actor=actor, act="ticket.seen", subject=f"ticket.{ticket.number}", what={})
