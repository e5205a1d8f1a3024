"""Who works at the desk learns at once that there is a mail which is nobody's words yet."""

from hub.streams import topics
from hub.streams.actions import unit
from hub.tickets import queries
from hub.tickets.actions.telling import ring_staff
from hub.tickets.events import TicketChanged
from hub.tickets.models import Ticket
from inbound_email.models import Status
from inbound_email.outcomes import Outcome


def tell(outcome: Outcome) -> None:
    """Of one about a ticket: the board's row, open panels; where somebody is to decide, the bells of who treats it.

    What was placed has told of itself.
    """
    if outcome.status is Status.PLACED or outcome.conversation is None:
        return
    ticket = Ticket.objects.filter(conversation=outcome.conversation).select_related(*queries.WITH).first()
    if ticket is None:
        return
    with unit() as work:
        for topic in (topics.desk(ticket.town.slug), ticket.staff_topic):
            work.publish(topic, lambda _number: TicketChanged(number=ticket.number))
        if outcome.status is Status.WAITING:
            ring_staff(work, ticket, "ticket_mail", queries.staff_with_news(ticket), None)
