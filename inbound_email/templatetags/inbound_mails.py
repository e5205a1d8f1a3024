"""Mails beside what they became: for pages of the hub, which know of them through templates alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import template

from hub.conversations.models import Message
from hub.tickets.board_rows import Row
from hub.tickets.models import Ticket
from inbound_email.models import InboundEmail, Status

register = template.Library()

_NOTED_SHOWN = 5


@dataclass
class Mails:
    """Of one ticket. `opened`: the mail that it was made of; `originals`: of messages, by their ids."""

    opened: int | None = None
    originals: dict[int, int] = field(default_factory=dict)
    waiting: list[InboundEmail] = field(default_factory=list)
    noted: list[InboundEmail] = field(default_factory=list)


@register.simple_tag
def mails_about(ticket: Ticket) -> Mails:
    """All that came about it. For those whose work it is: the caller has asked."""
    found = Mails()
    rows = InboundEmail.objects.filter(conversation=ticket.conversation_id).order_by("received_at", "pk")
    for row in rows.defer("raw"):
        if row.status == Status.PLACED and row.message_id:
            found.originals[row.message_id] = row.pk
        elif row.status == Status.PLACED:
            found.opened = found.opened or row.pk
        elif row.status in {Status.WAITING, Status.QUARANTINED}:
            found.waiting.append(row)
        elif row.status == Status.NOTED:
            found.noted.append(row)
    found.noted = found.noted[-_NOTED_SHOWN:]
    return found


@register.simple_tag
def mails_waiting(rows: Iterable[Row]) -> set[int | None]:
    """Of a board's rows, the conversations in which somebody is to decide of a mail."""
    asked = [row.ticket.conversation_id for row in rows]
    waiting = InboundEmail.objects.filter(conversation__in=asked, status=Status.WAITING)
    return set(waiting.values_list("conversation", flat=True)) if asked else set()


@register.filter
def original_in(message: Message, mails: Mails) -> int | None:
    """The mail that brought these words; None when none did."""
    return mails.originals.get(message.pk)
