"""What a ticket is called before strangers: its title is made of the requester's first words, which are theirs (S100).

Once the town has written a title itself, everybody reads that one.
"""

from collections.abc import Iterable

from hub.tickets.models import Change, Ticket


def public_titles(tickets: Iterable[Ticket]) -> dict[int, str]:
    """By id, how each is called on public pages, in the reader's language. One query for all."""
    shown = list(tickets)
    named = titled_by_town([ticket.pk for ticket in shown])
    return {ticket.pk: ticket.title if ticket.pk in named else place_title(ticket) for ticket in shown}


def public_title(ticket: Ticket) -> str:
    """The same of one."""
    return public_titles([ticket])[ticket.pk]


def titled_by_town(ids: Iterable[int]) -> set[int]:
    """Those whose title the town has written: nobody else can change one."""
    return set(Change.objects.filter(ticket__in=list(ids), field="title").values_list("ticket_id", flat=True))


def place_title(ticket: Ticket) -> str:
    """« Éclairage, 12, rue du Four »."""
    return ", ".join(filter(None, [ticket.category.label, ticket.address]))
