"""What happens to tickets. On `ticket.NUMBER` for requester and staff, on `ticket.NUMBER.staff` and `desk.TOWN` for
staff.

`desk.TOWN` has a wide audience, of which some may not see a ticket: its events say which one, and no more; who may
see it asks for the row.
"""

from datetime import date, datetime
from typing import ClassVar

import msgspec

from hub.streams.events import TypedEvent


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who a follow-up speaks for: `side` is town or requester. `name`: the service's or person's, as it is shown."""

    side: str
    name: str


class TicketFileRef(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file; its bytes are under the ticket's own pages."""

    id: str
    name: str
    content_type: str
    size_bytes: int


class TicketCreated(TypedEvent, frozen=True):
    """There is a new ticket. On a desk's topic only."""

    event_name: ClassVar[str] = "ticket.created"

    number: str


class TicketChanged(TypedEvent, frozen=True):
    """A ticket is not what it was: read it again."""

    event_name: ClassVar[str] = "ticket.changed"

    number: str


class TicketStood(TypedEvent, frozen=True):
    """The same on the ticket's own topic: where it stands now, as its requester may know."""

    event_name: ClassVar[str] = "ticket.changed"

    number: str
    status: str
    due_on: date | None
    public: bool
    at: datetime


class FollowUpAdded(TypedEvent, frozen=True):
    """Somebody wrote: external on `ticket.NUMBER`, internal on `ticket.NUMBER.staff`."""

    event_name: ClassVar[str] = "follow_up.added"

    number: str
    id: int
    visibility: str
    body: str
    author: Voice
    via: str
    at: datetime
    files: list[TicketFileRef] = []


class DeskFollowUp(TypedEvent, frozen=True):
    """On a desk's topic: a ticket has a new follow-up. `side`: whose."""

    event_name: ClassVar[str] = "follow_up.added"

    number: str
    side: str
