"""Holding tickets while they change."""

from django.db.models import ForeignKey, QuerySet

from hub.tickets import queries
from hub.tickets.models import Ticket
from hub.towns.models import Town


def locked(found: QuerySet[Ticket], town: Town, *, known: Ticket | None = None) -> list[Ticket]:
    """These tickets of the town as they are now, held until the transaction ends. `known`: one of them as it was read
    before; what it points to is not read again while it is the same.

    In the order of their ids, always: who holds one waits for later ones only. What points to them (changes, parts,
    tasks) may be written meanwhile: `no_key` leaves room for a foreign key's own check.
    """
    rows = list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for row in rows:
        row.town = town
        if known is not None and row.pk == known.pk:
            _lend(known, row)
    return rows


def _lend(known: Ticket, row: Ticket) -> None:
    for name in queries.WITH:
        field = Ticket._meta.get_field(name)
        assert isinstance(field, ForeignKey)
        if field.is_cached(known) and getattr(known, field.attname) == getattr(row, field.attname):
            setattr(row, name, getattr(known, name))


def lock_one(ticket: Ticket) -> Ticket:
    """The same of one, read before."""
    return locked(Ticket.objects.filter(pk=ticket.pk), ticket.town, known=ticket)[0]


def lock_with_grouped(ticket: Ticket) -> tuple[Ticket, list[Ticket]]:
    """The ticket, and those that stand under it."""
    rows = locked(Ticket.objects.filter(pk=ticket.pk) | Ticket.objects.filter(parent=ticket), ticket.town)
    row = next(one for one in rows if one.pk == ticket.pk)
    return row, [one for one in rows if one.pk != ticket.pk]
