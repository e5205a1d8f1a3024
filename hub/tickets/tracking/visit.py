"""Who stands before a ticket's page, and what they are to it there."""

from dataclasses import dataclass, replace

from django.http import HttpRequest

from hub.core.errors import NotFound
from hub.people.models import Person
from hub.tickets import proof, queries, rules
from hub.tickets.models import Ticket
from hub.tickets.queries import Seen
from hub.tickets.rules import Stance


@dataclass(frozen=True)
class Visit:
    """A ticket as this visitor may read it here. `seen.stance` is REQUESTER or READER.

    `reader`: as whom they read, the requester whose secret was shown, or who is signed in. `works`: it is their work;
    they read here what everybody does, and the rest at the desk, which writes down who saw what.
    """

    seen: Seen
    reader: Person | None
    works: bool

    @property
    def ticket(self) -> Ticket:
        return self.seen.ticket

    @property
    def mine(self) -> bool:
        """Whether they act as the requester."""
        return self.seen.stance == Stance.REQUESTER

    @property
    def desk_path(self) -> str:
        """The ticket at its town's desk."""
        return f"/mairie/{self.ticket.town.slug}/requetes/{self.ticket.number}/"


class AtTheDesk(NotFound):
    """It is this person's work, and not a page for them: `path` is where they read it."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


def enter(request: HttpRequest, number: str) -> Visit:
    """The ticket, for whom it is there. Raises `NotFound`; `AtTheDesk` for staff, of what is not public."""
    reader = proof.reader_of(request, number)
    seen = queries.access_ticket(reader, number)
    ticket = seen.ticket
    if ticket.internal:
        raise NotFound
    mine = reader is not None and ticket.requester_id == reader.pk
    visit = Visit(replace(seen, stance=Stance.REQUESTER if mine else Stance.READER), reader, seen.works)
    if not mine and not rules.is_open_to_all(ticket):
        raise AtTheDesk(visit.desk_path)
    request.town = ticket.town  # type: ignore[attr-defined]
    return visit


def enter_mine(request: HttpRequest, number: str) -> tuple[Visit, Person]:
    """The ticket and its requester. Raises `NotFound` for everybody else."""
    visit = enter(request, number)
    if not visit.mine or visit.reader is None:
        raise NotFound
    return visit, visit.reader
