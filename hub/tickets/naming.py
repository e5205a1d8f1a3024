"""What a ticket is called before strangers: its title is made of the requester's first words, which are theirs (S100).

Once the town has written a title itself, everybody reads that one. And for whom the town's words speak to citizens.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from hub.conversations.models import Message, Side
from hub.tickets.models import Change, Ticket
from hub.towns.models import Town


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


def speaker_of(message: Message, town: Town) -> str:
    """For whom the town's words speak: its service, never the agent by name."""
    service = str((message.system or {}).get("service", "")) if message.side == Side.TOWN else ""
    return service or town_hall(town)


def town_hall(town: Town) -> str:
    """« Mairie de Saint-Aurèle »."""
    return _("Mairie de %(town)s") % {"town": town.name}
