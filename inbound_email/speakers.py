"""Who the author of a mail is in the conversation that it belongs to, as far as an address says it."""

from dataclasses import dataclass
from enum import StrEnum

from hub.conversations.models import Participant
from hub.people.models import Person
from hub.people.queries import really_there
from hub.tickets import queries, rules
from hub.tickets.models import Ticket
from inbound_email.addresses import normal_email, same_email
from inbound_email.threads import Thread


class As(StrEnum):
    """In what part."""

    REQUESTER = "requester"  # of the ticket
    STAFF = "staff"  # whose work the ticket is
    SERVICE = "service"  # a box that several of the town hall read: it speaks in the service's name
    PARTICIPANT = "participant"  # of a conversation or group, now or formerly
    STRANGER = "stranger"


@dataclass(frozen=True)
class Speaker:
    """`person`: who that is; of a stranger, whose words they would be if somebody of the town hall says so."""

    part: As
    person: Person | None = None

    @property
    def known(self) -> bool:
        return self.part is not As.STRANGER


def speaker_of(thread: Thread, address: str) -> Speaker:
    """The author, who wrote from `address`."""
    if thread.ticket is not None:
        return _on_ticket(thread.ticket, address)
    person = person_at(address)
    if person is None and thread.given is not None and same_email(thread.given.address, address):
        person = thread.given.person
    if person is not None and Participant.objects.filter(conversation=thread.conversation, person=person).exists():
        return Speaker(As.PARTICIPANT, person)
    return Speaker(As.STRANGER, thread.given.person if thread.given else None)


def _on_ticket(ticket: Ticket, address: str) -> Speaker:
    named = not ticket.internal and not ticket.anonymous
    if named and ticket.email and same_email(ticket.email, address):
        return Speaker(As.REQUESTER, ticket.requester)
    person = person_at(address)
    if named and person == ticket.requester:
        return Speaker(As.REQUESTER, ticket.requester)
    if person is not None and rules.works_on(rules.stance(ticket, queries.reader_of(person, ticket.town))):
        return Speaker(As.STAFF, person)
    if any(same_email(box, address) for box in rules.boxes_of(ticket)):
        return Speaker(As.SERVICE)
    return Speaker(As.STRANGER, None if ticket.anonymous or ticket.internal else ticket.requester)


def person_at(address: str) -> Person | None:
    """Whose address this is: proven, or given to the account by the town hall. None when nobody's."""
    email = normal_email(address)
    if not email:
        return None
    return queries.owner_of(email) or Person.objects.filter(really_there(), email__iexact=email, is_active=True).first()
