"""Files that come with words. What the town sends to many at once is kept once, on the ticket where it was written:
who got the same words on theirs gets its files too, and nobody else does.
"""

from django.db.models import Q

from hub.conversations.models import Message, Side, Visibility
from hub.tickets.models import Ticket, TicketFile

OF = "files_of"  # in `system`, the number of the message whose files these words came with
# What the town has sent to its requester, of the files of a ticket.
SENT = Q(by_town=True, sent=True, message__visibility=Visibility.EXTERNAL)


def files_with(message: Message) -> list[TicketFile]:
    """What came with these words, here or where they were written first."""
    own = list(message.ticket_files.all())
    origin = (message.system or {}).get(OF)
    return [*own, *TicketFile.objects.filter(SENT, message=origin).select_related("file")] if origin else own


def sent_with(message: Message) -> list[TicketFile]:
    """Of these, what its requester gets."""
    return [one for one in files_with(message) if one.sent]


def lent_to(ticket: Ticket) -> Q:
    """Those that were written first elsewhere, of all that the town said to its requester."""
    said = Message.objects.filter(
        conversation=ticket.conversation_id, side=Side.TOWN, visibility=Visibility.EXTERNAL, removed_at=None
    )
    origins = list(said.filter(**{f"system__{OF}__isnull": False}).values_list(f"system__{OF}", flat=True))
    return SENT & Q(message__in=origins) if origins else Q(pk__in=())
