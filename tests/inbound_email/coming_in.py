"""Mails for tests, from their words to what came of them."""

from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from typing import Any

from hub.conversations.actions.reply_addresses import give_reply_addresses
from hub.conversations.models import Conversation, Message
from hub.deliveries.models import Channel, Delivery
from hub.people.models import Person
from hub.tickets.models import Ticket
from inbound_email.models import Door, InboundEmail, Reason, Status
from inbound_email.reading import read_waiting
from inbound_email.store import keep
from inbound_email.trace import Brought, with_trace

File = tuple[str, str, bytes]  # name, type, content
# The town's own mail server had it before us, from a machine outside.
BY_RELAY = Brought("192.0.2.5", "mx.ailleurs.example", relayed=True)


def mail(
    words: str, *, sender: str, subject: str = "Re: votre demande", files: list[File] | None = None, html: str = "",
    **headers: str,
) -> bytes:  # fmt: skip
    """One mail. `headers`: more of them, `_` for `-`."""
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, subject, make_msgid(domain="ailleurs.example")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content_type, content in files or []:
        main, _, sub = content_type.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def reply_address(thread: Ticket | Conversation, address: str, person: Person | None = None) -> str:
    """Where a reader of our mails answers."""
    conversation = thread.conversation_id if isinstance(thread, Ticket) else thread.pk
    return give_reply_addresses(conversation, [(address, person)])[address.lower()]


def kept(raw: bytes, to: str, brought: Brought = BY_RELAY, **about: str) -> InboundEmail:
    """It came in by SMTP, and nobody has read it."""
    return keep(with_trace(raw, brought, host="in.example"), recipient=to, door=Door.SMTP, **about)[0]


def read(raw: bytes, to: str, brought: Brought = BY_RELAY, **about: str) -> InboundEmail:
    """It came in and was read; the row as it stands then."""
    row = kept(raw, to, brought, **about)
    read_waiting()
    row.refresh_from_db()
    return row


def answer(
    thread: Ticket | Conversation, words: str, *, sender: str, person: Person | None = None, about: str = "",
    **how: Any,
) -> InboundEmail:  # fmt: skip
    """Somebody answers one of our mails, from the address that we wrote to: `sender`'s, unless `about` says whose."""
    subject = f"Re: La mairie vous répond [#{thread.number}]" if isinstance(thread, Ticket) else "Re: Des messages"
    to = reply_address(thread, about or parseaddr(sender)[1], person)
    return read(mail(words, sender=sender, **{"subject": subject, **how}), to)


def waiting_mail(
    ticket: Ticket, words: str = "C’est au 14.", sender: str = "inconnue@ailleurs.example"
) -> InboundEmail:
    """One that nobody vouches for, on a ticket."""
    row = kept(mail(words, sender=sender, subject=f"Re: [#{ticket.number}]"), f"reply+{ticket.number}@parvis.test")
    InboundEmail.objects.filter(pk=row.pk).update(
        status=Status.WAITING, reason=Reason.UNVERIFIED, town=ticket.town, conversation=ticket.conversation,
        from_address=sender, words=words, subject="Re: la demande", person=ticket.requester,
    )  # fmt: skip
    row.refresh_from_db()
    return row


def said(ticket: Ticket) -> list[Message]:
    """The words on it, in order."""
    return list(Message.objects.filter(conversation=ticket.conversation_id).order_by("seq"))


def machine_answers() -> list[Delivery]:
    return list(Delivery.objects.filter(channel=Channel.EMAIL, dispatch__cause="mail_answer").order_by("pk"))
