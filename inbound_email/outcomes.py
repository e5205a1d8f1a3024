"""What came of a mail, before it is written down."""

from dataclasses import dataclass

from hub.conversations.models import Conversation, Message
from hub.people.models import Person
from hub.towns.models import Town
from inbound_email.models import InboundEmail, Reason, Status
from inbound_email.opened import Opened


@dataclass(frozen=True)
class Outcome:
    """Where it stands, why, and where it belongs. `detail`: one line for who looks at it."""

    status: Status
    reason: Reason = Reason.NONE
    detail: str = ""
    town: Town | None = None
    conversation: Conversation | None = None
    person: Person | None = None
    message: Message | None = None


@dataclass(frozen=True)
class Arrived:
    """A mail that was opened: its row, its bytes, what is in it.

    `key`: under which its words are kept, wherever they go. The same mail to two addresses of ours has the same one, so
    that its words are said once. `alone`: nobody has begun with it, or with a copy of it, before. `quiet`: machines
    write nothing back, since nobody knows to whom it would go.
    """

    row: InboundEmail
    raw: bytes
    mail: Opened
    key: str
    alone: bool = False
    quiet: bool = False
