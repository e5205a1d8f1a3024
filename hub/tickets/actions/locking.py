"""Holding tickets while they change."""

from django.db.models import QuerySet

from hub.tickets.models import Ticket
from hub.towns.models import Town


def locked(found: QuerySet[Ticket], town: Town) -> list[Ticket]:
    """These tickets of the town as they are now, held until the transaction ends.

    In the order of their ids, always: who holds one waits for later ones only. What points to them (changes, parts,
    tasks) may be written meanwhile: `no_key` leaves room for a foreign key's own check.
    """
    rows = list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for row in rows:
        row.town = town
    return rows


def lock_one(ticket: Ticket) -> Ticket:
    """The same of one, read before."""
    return locked(Ticket.objects.filter(pk=ticket.pk), ticket.town)[0]


def lock_with_grouped(ticket: Ticket) -> tuple[Ticket, list[Ticket]]:
    """The ticket, and those that stand under it."""
    rows = locked(Ticket.objects.filter(pk=ticket.pk) | Ticket.objects.filter(parent=ticket), ticket.town)
    row = next(one for one in rows if one.pk == ticket.pk)
    return row, [one for one in rows if one.pk != ticket.pk]
