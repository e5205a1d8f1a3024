"""Which conversation a mail belongs to: by the address it was sent to, by the mails it answers, by the number it names.

The first proves that somebody has one of our mails; the other two prove nothing, and are only followed for who is known
there (`inbound_email.speakers`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from hub.conversations.models import Conversation, Kind, ReplyAddress
from hub.conversations.reply_addresses import given_as
from hub.core.clock import now
from hub.core.single import single
from hub.deliveries.models import Channel, Delivery
from hub.deliveries.writing import mail_domain
from hub.tickets import queries
from hub.tickets.models import Ticket
from inbound_email.models import InboundEmail, Status
from inbound_email.opened import Opened
from inbound_email.subjects import numbers_in

_TICKET = re.compile(r"ticket\.([A-Z0-9-]{4,16})", re.IGNORECASE)
_CONVERSATION = re.compile(r"conversation\.(\d{1,18})")
_DELIVERY = re.compile(r"(\d{1,18})\.(\d{1,18})")
_LOOKED_AT = 20
_REMEMBERED = timedelta(days=30)  # as long as what left is kept


@dataclass(frozen=True)
class Thread:
    """A conversation; `ticket` when it is one's, `given` when the mail was sent to an address of its own."""

    conversation: Conversation
    ticket: Ticket | None = None
    given: ReplyAddress | None = None


def by_address(recipient: str) -> Thread | None:
    """Whose answers go there."""
    given = given_as(recipient)
    return _thread(given.conversation, given) if given is not None else None


def referred_to(mail: Opened) -> Iterator[Thread]:
    """By the mails that it answers, then by the numbers in its subject: each once, the nearest first."""
    seen: set[int] = set()
    for thread in _named(mail):
        if thread.conversation.pk not in seen:
            seen.add(thread.conversation.pk)
            yield thread


def _named(mail: Opened) -> Iterator[Thread]:
    for name in mail.references[:_LOOKED_AT]:
        if (thread := by_name(name, mail.from_address)) is not None:
            yield thread
    for number in numbers_in(mail.subject)[:3]:
        if (thread := _of_ticket(number)) is not None:
            yield thread


def by_name(name: str, address: str = "") -> Thread | None:
    """A `Message-ID`: one that all mails of a conversation answer, one of a mail that left, or one of a mail that
    `address` sent us before. None for what is nobody's here."""
    inner = name.strip("<>")
    local, _, domain = inner.rpartition("@")
    if domain.lower() != mail_domain().lower():
        return _of_own_mail(name, address)
    if found := _TICKET.fullmatch(local):
        return _of_ticket(found[1])
    if found := _CONVERSATION.fullmatch(local):
        return _of_conversation(int(found[1]))
    delivery = delivery_named(name, [address])
    return of_delivery(delivery) if delivery is not None else None


def of_delivery(delivery: Delivery) -> Thread | None:
    """What a mail that left is about: what it answers itself."""
    shared = delivery.content.headers if delivery.content else {}
    roots = str({**shared, **delivery.headers}.get("References", "")).split()
    for root in roots:
        local = root.strip("<>").rpartition("@")[0]
        if found := _TICKET.fullmatch(local):
            return _of_ticket(found[1])
        if found := _CONVERSATION.fullmatch(local):
            return _of_conversation(int(found[1]))
    return None


def delivery_named(name: str, addresses: Sequence[str]) -> Delivery | None:
    """The mail to one of these addresses that left under this `Message-ID`."""
    local = name.strip("<>").rpartition("@")[0]
    wanted = Delivery.objects.filter(
        channel=Channel.EMAIL, address__in={a for one in addresses for a in (one, one.lower())}
    )
    wanted = wanted.select_related("content", "dispatch__town")
    if found := _DELIVERY.fullmatch(local):
        return wanted.filter(pk=int(found[1]), dispatch=int(found[2])).first()
    return wanted.filter(created_at__gte=now() - _REMEMBERED, **{"headers__Message-ID": name}).first()


def _of_own_mail(name: str, address: str) -> Thread | None:
    """They answer what they wrote themselves: it goes where that went."""
    if not address:
        return None
    sent = InboundEmail.objects.filter(mail_id=name, from_address__iexact=address, status=Status.PLACED)
    row = sent.exclude(conversation=None).select_related("conversation__town").first()
    return _thread(row.conversation) if row is not None and row.conversation is not None else None


def _of_ticket(number: str) -> Thread | None:
    ticket = single(Ticket.objects.select_related(*queries.WITH).filter(number=number.upper()))
    return Thread(ticket.conversation, ticket) if ticket is not None else None


def _of_conversation(number: int) -> Thread | None:
    found = Conversation.objects.filter(pk=number).select_related("town").first()
    return _thread(found) if found is not None else None


def _thread(conversation: Conversation, given: ReplyAddress | None = None) -> Thread:
    ticket = None
    if conversation.kind == Kind.TICKET:
        found = Ticket.objects.select_related("town", "category", "service", "requester")
        ticket = single(found.filter(conversation=conversation))
        if ticket is not None:
            ticket.conversation, conversation.town = conversation, ticket.town
    return Thread(conversation, ticket, given)
