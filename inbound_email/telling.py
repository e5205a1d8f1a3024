"""Who works at the desk learns at once that a mail is nobody's words yet, and when it no longer waits."""

from typing import ClassVar

from hub.streams import topics
from hub.streams.actions import unit
from hub.streams.events import TypedEvent
from hub.tickets import queries
from hub.tickets.actions.telling import ring_staff
from hub.tickets.events import TicketChanged
from hub.tickets.models import Ticket
from inbound_email.models import Status
from inbound_email.outcomes import Outcome


class MailsChanged(TypedEvent, frozen=True):
    """« Courriels reçus » are not what they were. On a desk's topic, whose readers see different ones: each asks."""

    event_name: ClassVar[str] = "mails.changed"


def tell(outcome: Outcome) -> None:
    """Of one that was read, or decided of: the lists, and the count beside their entry. Of one about a ticket: the
    board's row, open panels; where somebody is to decide, the bells of who treats it.

    What was placed when it was read has told of itself.
    """
    if outcome.town is None:
        return
    with unit() as work:
        work.publish(topics.desk(outcome.town.slug), lambda _number: MailsChanged())
        ticket = Ticket.objects.filter(conversation=outcome.conversation).select_related(*queries.WITH).first()
        if ticket is None:
            return
        for topic in (topics.desk(ticket.town.slug), ticket.staff_topic):
            work.publish(topic, lambda _number: TicketChanged(number=ticket.number))
        if outcome.status is Status.WAITING:
            ring_staff(work, ticket, "ticket_mail", queries.staff_with_news(ticket), None)
