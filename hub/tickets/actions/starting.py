"""« En traitement » sets itself at the town's first action (S106)."""

from hub.core.clock import now
from hub.people.models import Person
from hub.streams.actions import Unit
from hub.tickets import mail, rules
from hub.tickets.actions.telling import keep_change, ring_requester, tell_changed
from hub.tickets.models import Status, Ticket
from hub.tickets.rules import Stance


def start(work: Unit, ticket: Ticket, actor: Person | None, stance: Stance, *, quiet: bool = False) -> bool:
    """Begin the treatment when this act is the town's first. Returns whether it did.

    `quiet`: the requester gets the town's answer by the same act, and no mail beside it (S112).
    """
    if not rules.starts(ticket, stance):
        return False
    before, at = ticket.status, now()
    held = Ticket.objects.filter(pk=ticket.pk, status=before)
    if not held.update(status=Status.IN_PROGRESS, started_at=at, changed_at=at):
        return False  # somebody else's act was the first
    ticket.status, ticket.started_at, ticket.changed_at = Status.IN_PROGRESS, at, at
    keep_change(ticket, actor, "status", before, Status.IN_PROGRESS, at=at)
    if not quiet:
        mail.send_started(ticket, by=actor)
        ring_requester(work, ticket, "ticket_started", actor)
    tell_changed(work, ticket)
    return True
