"""What is done with a mail that was opened: who wrote it, where it belongs, whether it may say so.

Words enter under somebody's name when the address is theirs and the mail is really from there; else they wait for
somebody of the town hall (`inbound_email.waiting`), who alone sees them.
"""

from collections.abc import Iterator
from functools import partial
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _
from msgspec.structs import replace

from hub.conversations.models import Conversation, Message
from hub.deliveries.bounce_addresses import delivery_of
from hub.deliveries.models import Delivery
from hub.tickets.models import Ticket
from hub.tickets.panel_words import state_banner
from hub.towns.mail_addresses import town_known_as, town_scanned_for, town_written_to
from hub.towns.models import Town
from inbound_email import at_town, bouncing, letters, placing, sandbox
from inbound_email.answers import is_ours
from inbound_email.authenticity import Verdict, Way, verdict_of
from inbound_email.models import Door, InboundEmail, Reason, Status
from inbound_email.opened import Asked, Proved, Refused
from inbound_email.outcomes import Arrived, Outcome
from inbound_email.speakers import As, Speaker, speaker_of
from inbound_email.subjects import is_another
from inbound_email.threads import Thread, by_address, of_delivery, referred_to
from inbound_email.trace import brought_from_outside, came_by_relay


def decide(arrived: Arrived) -> Outcome:
    """Do with it what is to be done. Safe to call again. Raises `RateLimited` (later), and what the database does."""
    if arrived.mail.kind == "bounce":
        return bouncing.take(arrived)
    if (scanned_for := town_scanned_for(arrived.row.recipient)) is not None:
        return letters.take(arrived, scanned_for)
    thread, town = belongs_to(arrived)
    if arrived.mail.kind == "auto" or is_ours(arrived.mail.from_address):
        return _noted(thread, town)
    if not arrived.alone and (done := _done_before(arrived, thread, town)) is not None:
        return done
    if thread is not None:
        return _in_thread(arrived, thread)
    if town is not None:
        return _at_town(arrived, town)
    return Outcome(Status.REFUSED, Reason.UNKNOWN)


# Where it belongs.


def belongs_to(arrived: Arrived) -> tuple[Thread | None, Town | None]:
    """The conversation, and the town; neither for what is for nobody.

    By its address; else by what it refers to, where the author is known.
    """
    thread, town = addressed_to(arrived.row.recipient)
    if thread is not None:
        return thread, town
    for thread in referred_to(arrived.mail):
        same_town = town is None or thread.conversation.town_id == town.pk
        if same_town and speaker_of(thread, arrived.mail.from_address).known:
            return thread, thread.conversation.town
    return None, town


def addressed_to(recipient: str) -> tuple[Thread | None, Town | None]:
    """The same, as far as the address alone says it. Machines answer to where mails come back to; so do some people's
    programs."""
    number = delivery_of(recipient)
    sent = Delivery.objects.select_related("content", "dispatch__town").filter(pk=number).first() if number else None
    thread = by_address(recipient) or (of_delivery(sent) if sent is not None else None)
    if thread is not None:
        return thread, thread.conversation.town
    return None, sent.dispatch.town if sent is not None else _town_of(recipient)


def _town_of(recipient: str) -> Town | None:
    """Whose own address it is: the general one, or one that it is known by elsewhere and has sent on."""
    return town_written_to(recipient) or town_scanned_for(recipient) or town_known_as(recipient)


def _done_before(arrived: Arrived, thread: Thread | None, town: Town | None) -> Outcome | None:
    """What a worker did that died before it could write it down, or what another copy of the mail did."""
    message = _message_of(thread.conversation, arrived.key) if thread is not None else None
    if message is not None:
        return _placed(message.conversation, message)
    made = Ticket.objects.filter(town=town, key=arrived.key).select_related("conversation__town").first()
    if made is not None:
        return _placed(made.conversation, None)
    copies = InboundEmail.objects.filter(raw=arrived.row.raw_id, status=Status.PLACED, town=town)
    copy = copies.exclude(pk=arrived.row.pk).select_related("conversation__town", "message__author").first()
    if thread is None and copy is not None and copy.conversation is not None:
        return _placed(copy.conversation, copy.message)
    return None


def _message_of(conversation: Conversation, key: str) -> Message | None:
    found = Message.objects.filter(conversation=conversation, key=key)
    return found.select_related("author", "conversation__town").first()


def _placed(conversation: Conversation, message: Message | None) -> Outcome:
    author = message.author if message is not None else None
    return Outcome(Status.PLACED, Reason.NONE, "", conversation.town, conversation, author, message)


# Whether it may say so.


def _noted(thread: Thread | None, town: Town | None) -> Outcome:
    """A machine wrote it: never answered."""
    conversation = thread.conversation if thread is not None else None
    return Outcome(Status.NOTED, Reason.AUTOMATIC, "", town, conversation)


def _in_thread(arrived: Arrived, thread: Thread) -> Outcome:
    speaker = speaker_of(thread, arrived.mail.from_address)
    waiting = partial(_waiting, thread, speaker)
    if not speaker.known:
        return waiting(Reason.UNVERIFIED, _("Cette adresse n’est pas celle à qui la mairie a écrit."))
    if not (verdict := verdict_on(arrived)).stands:
        return waiting(Reason.UNVERIFIED, _proof(verdict))
    if not arrived.mail.words.strip() and not arrived.mail.files:
        return waiting(Reason.EMPTY)
    if thread.ticket is not None and speaker.part is As.SERVICE:
        if thread.ticket.merged:  # the other one may be another service's
            return waiting(Reason.UNVERIFIED, state_banner(thread.ticket))
        return placing.by_box(arrived, thread.ticket)
    person = speaker.person
    assert person is not None
    if thread.ticket is None:
        return placing.by_participant(arrived, thread, person)
    if speaker.part is As.STAFF:
        return placing.by_staff(arrived, thread.ticket, person)
    if is_another(arrived.mail.subject, number=thread.ticket.number, known=_subjects(thread.ticket)):
        return waiting(Reason.NEW_SUBJECT)
    return placing.by_requester(arrived, thread.ticket)


def _waiting(thread: Thread, speaker: Speaker, reason: Reason, detail: str = "") -> Outcome:
    town = thread.conversation.town
    return Outcome(Status.WAITING, reason, detail, town, thread.conversation, speaker.person)


def _subjects(ticket: Ticket) -> Iterator[str]:
    """Of what was written about it: its title, and the mails that came."""
    yield ticket.title
    came = InboundEmail.objects.filter(conversation=ticket.conversation_id, status=Status.PLACED)
    yield from came.values_list("subject", flat=True)[:20]


def _at_town(arrived: Arrived, town: Town) -> Outcome:
    if not (verdict := verdict_on(arrived)).stands:
        return Outcome(Status.WAITING, Reason.UNVERIFIED, _proof(verdict), town)
    mail = arrived.mail
    if not any((mail.words.strip(), mail.quote.strip(), mail.files, mail.subject.strip())):
        return Outcome(Status.WAITING, Reason.EMPTY, "", town)
    return at_town.open_ticket(arrived, town)


def verdict_on(arrived: Arrived) -> Verdict:
    """Whether it is really from its author's address."""
    row = arrived.row
    ours = row.door in {Door.SMTP, Door.LMTP}
    # At our own door anybody may bring a mail with anything above it.
    mail = replace(arrived.mail, results=[]) if ours and not came_by_relay(arrived.raw) else arrived.mail

    def prove() -> Proved:
        brought = brought_from_outside(arrived.raw) if ours else None
        asked = Asked("prove", brought.peer if brought else "", row.envelope_from, settings.INBOUND_NAMESERVER)
        answer = sandbox.ask(asked, arrived.raw)
        if isinstance(answer, Proved):
            return answer
        return Proved(False, answer.detail if isinstance(answer, Refused) else "not answered")

    return verdict_of(mail, way=cast(Way, settings.INBOUND_AUTH), authserv_id=settings.INBOUND_AUTHSERV_ID, prove=prove)


def _proof(verdict: Verdict) -> str:
    return _("Rien ne prouve que ce courriel vient de cette adresse (%(how)s).") % {"how": verdict.how}
