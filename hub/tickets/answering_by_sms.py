"""What requesters answer by SMS: it lands on the ticket that wrote to their number last, and lights up the desk."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import translation

from hub.conversations.models import Via
from hub.core.errors import Forbidden, ParvisError
from hub.deliveries.models import InboundSms
from hub.deliveries.queries import last_told_by_sms
from hub.tickets.actions import ask_again, reopen_with
from hub.tickets.drafts import Draft
from hub.tickets.mail import ABOUT
from hub.tickets.models import Source, Ticket

ANSWERED_WITHIN = timedelta(days=7)

log = structlog.get_logger(__name__)


def hear(words: InboundSms) -> bool:
    """Take the words as the requester's, where one of their tickets wrote to that number within a week.

    Whether it did: False where no ticket takes them, so that they stay kept. To be called in the transaction that
    keeps them, which is what makes a second call of the provider's harmless.
    """
    numbers = last_told_by_sms(words.sender, ABOUT, within=ANSWERED_WITHIN)
    found = {one.number: one for one in Ticket.objects.select_related("requester").filter(number__in=numbers)}
    return any(_take(found[number], words) for number in numbers if number in found)


def _take(ticket: Ticket, words: InboundSms) -> bool:
    if not _is_theirs(ticket, words.sender):
        return False
    try:
        # What goes wrong half way leaves nothing, and the words themselves stay.
        with transaction.atomic(), translation.override(ticket.language):
            _say(ticket, words)
    except ParvisError as error:
        log.warning("tickets.sms_not_taken", ticket=ticket.number, error=error.code)
        return False
    return True


def _is_theirs(ticket: Ticket, number: str) -> bool:
    """Whether an SMS from there is still its requester's: a corrected number, or an erased one, speaks for nobody.
    That nothing is said on anonymous and internal ones is a rule of the act itself."""
    return number in {ticket.phone, ticket.phone2} or ticket.requester.phones.filter(number=number).exists()


def _say(ticket: Ticket, words: InboundSms) -> None:
    """On the ticket, which it opens again when it was closed lately; on a sequel of it, when that was long ago."""
    actor, key = ticket.requester, f"sms-{words.pk}"
    try:
        reopen_with(actor=actor, number=ticket.number, body=words.text, via=Via.SMS, key=key)
    except Forbidden as error:
        if error.code != "too_late":
            raise
    else:
        return
    draft = Draft(category_id=ticket.category_id, description=words.text, key=key)
    ask_again(actor=actor, number=ticket.number, draft=draft, came_by=Source.SMS)
