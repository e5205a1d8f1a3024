"""One ticket of the demo before it is stored: its rows as `hub.tickets.actions` would have left them.

The actions themselves would take a minute for two towns, and send mails; tests/demo/test_tickets.py holds what is made
here against their rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hub.conversations.models import Conversation, Kind, Message, Side, Via, Visibility
from hub.conversations.rules import excerpt
from hub.core.ids import new_key
from hub.people.models import Person
from hub.tickets.models import Change, Follower, Priority, Status, Ticket, TicketFile
from hub.towns.models import Service, Town


@dataclass(frozen=True)
class Enclosure:
    """A file that came along; its bytes are made when it is stored."""

    row: TicketFile
    owner: Person
    name: str
    content: str  # the name of a picture (`hub.demo.tickets.drawings`), or a paper's one line
    at: datetime


@dataclass
class Dossier:
    """A ticket, what was said on it, what was changed, what came along."""

    ticket: Ticket
    conversation: Conversation
    operator: Person
    messages: list[Message] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)
    # Stored once all have an id.
    parent: "Dossier | None" = None
    task_of: "Dossier | None" = None

    @property
    def last_at(self) -> datetime:
        return self.ticket.changed_at

    @property
    def owner(self) -> Person:
        """Whose the requester's files are."""
        return self.ticket.created_by or self.ticket.requester

    # Making it.

    def note_created(self) -> None:
        """The first line of its history."""
        self._keep(self.ticket.created_at, self.ticket.created_by, "created", "", self.ticket.status)

    def enclose(self, names: Sequence[str], *, content: str, by_town: bool) -> None:
        """Files of the description; pictures of the requester's are counted."""
        for position, name in enumerate(names):
            row = TicketFile(ticket=self.ticket, by_town=by_town, position=position)
            self.enclosures.append(Enclosure(row, self.owner, name, content, self.ticket.created_at))
        if by_town:
            self.ticket.town_files += len(names)
        else:
            self.ticket.requester_photos += sum(name.endswith(".jpg") for name in names)

    # Changing it.

    def transfer(self, at: datetime, actor: Person) -> None:
        """The call centre hands it on."""
        self._status(at, actor, Status.TRANSFERRED)
        self.ticket.transferred_at = at

    def assign(self, at: datetime, actor: Person, person: Person) -> None:
        before = self.ticket.assignee
        self._keep(at, actor, "assignee", before.name if before else "", person.name)
        self.ticket.assignee = person
        self._moved(at, actor)

    def prioritise(self, at: datetime, actor: Person, priority: Priority) -> None:
        self._keep(at, actor, "priority", self.ticket.priority_name, priority.name.lower())
        self.ticket.priority = priority
        self._moved(at, actor)

    def hand_to(self, at: datetime, actor: Person, service: Service) -> None:
        before = self.ticket.service
        self._keep(at, actor, "service", before.name if before else "", service.name)
        self.ticket.service = service
        self._moved(at, actor)

    def postpone(self, at: datetime, actor: Person, day: date) -> None:
        before = self.ticket.due_on
        self._keep(at, actor, "due_on", before.isoformat() if before else "", day.isoformat())
        self.ticket.due_on = day
        self._moved(at, actor)

    def retitle(self, at: datetime, actor: Person, title: str) -> None:
        self._keep(at, actor, "title", self.ticket.title, title)
        self.ticket.title = title
        self._moved(at, actor)

    def close(self, at: datetime, actor: Person, *, reason: str = "") -> None:
        """Treated; with a reason, refused. What is grouped under it is closed with it by the caller."""
        status = Status.CLOSED_REFUSED if reason else Status.CLOSED_DONE
        self._status(at, actor, status, reason)
        ticket = self.ticket
        ticket.refusal_reason, ticket.closed_at, ticket.answered_at = reason, at, None
        ticket.transferred_at = ticket.transferred_at or at

    def settle(self, at: datetime, *, settled: bool, comment: str = "", reopen: bool = False) -> None:
        """« C’est réglé ? », says the requester."""
        ticket = self.ticket
        ticket.settled, ticket.settled_comment, ticket.settled_at, ticket.changed_at = settled, comment, at, at
        self._keep(at, ticket.requester, "settled", "", "yes" if settled else "no", comment)
        if reopen:
            self._status(at, ticket.requester, Status.IN_PROGRESS)
            ticket.closed_at, ticket.refusal_reason, ticket.started_at = None, "", ticket.started_at or at
            if comment:
                self.hear(at, comment)

    def group_under(self, at: datetime, actor: Person, parent: "Dossier", *, merged: bool = False) -> None:
        """One incident, many neighbours; `merged`: the same demand twice."""
        self.parent, self.ticket.merged = parent, merged
        if merged:
            self._status(at, actor, Status.CLOSED_DONE)
            self.ticket.closed_at = at
        self._keep(at, actor, "merged" if merged else "group", "", parent.ticket.number)
        parent._keep(at, actor, "grouped", "", self.ticket.number)
        self.ticket.changed_at = parent.ticket.changed_at = at

    # What is said.

    def tell(
        self, at: datetime, author: Person, body: str, *, internal: bool = False, key: str = "",
        files: Sequence[tuple[str, str]] = (),
    ) -> Message:  # fmt: skip
        """A follow-up of the town hall, internal or external. `files`: names and contents."""
        ticket = self.ticket
        visibility = Visibility.INTERNAL if internal else Visibility.EXTERNAL
        message = self._say(at, author, body, Side.TOWN, visibility, Via.DESK, key)
        message.system = {"service": ticket.service.name if ticket.service else ""}
        self._attach(message, author, files, by_town=True)
        if internal:
            ticket.internal_count += 1
        else:
            ticket.external_count += 1
            ticket.answered_at = None
            ticket.first_answer_at = ticket.first_answer_at or at
        ticket.changed_at = at
        self._start(at, author)
        return message

    def hear(self, at: datetime, body: str, *, via: Via = Via.WEB, noted_by: Person | None = None) -> None:
        """The requester's words, by themselves or written down by staff."""
        self._say(at, noted_by or self.ticket.requester, body, Side.REQUESTER, Visibility.EXTERNAL, via, "")
        self.ticket.external_count += 1
        self.ticket.answered_at = self.ticket.changed_at = at

    # How.

    def _say(
        self, at: datetime, author: Person, body: str, side: Side, visibility: Visibility, via: Via, key: str
    ) -> Message:
        talk = self.conversation
        talk.posts += 1
        talk.last_seq, talk.last_author, talk.last_excerpt, talk.last_at = talk.posts, author, excerpt(body), at
        message = Message(
            conversation=talk, seq=talk.posts, author=author, key=key or new_key(), body=body, via=via, at=at,
            visibility=visibility, side=side,
        )  # fmt: skip
        self.messages.append(message)
        return message

    def _attach(self, message: Message, owner: Person, files: Sequence[tuple[str, str]], *, by_town: bool) -> None:
        sent = message.visibility == Visibility.EXTERNAL
        for position, (name, content) in enumerate(files):
            row = TicketFile(ticket=self.ticket, message=message, by_town=by_town, sent=sent, position=position)
            self.enclosures.append(Enclosure(row, owner, name, content, message.at))
        self.ticket.town_files += len(files)

    def _keep(self, at: datetime, actor: Person | None, field: str, before: str, after: str, reason: str = "") -> None:
        values: dict[str, Any] = {"before": before[:200], "after": after[:200], "reason": reason}
        self.changes.append(Change(ticket=self.ticket, at=at, actor=actor, field=field, **values))

    def _status(self, at: datetime, actor: Person, status: Status, reason: str = "") -> None:
        before, self.ticket.status = self.ticket.status, status
        self._keep(at, actor, "status", before, status, reason)
        self.ticket.changed_at = at

    def _moved(self, at: datetime, actor: Person) -> None:
        self.ticket.changed_at = at
        self._start(at, actor)

    def _start(self, at: datetime, actor: Person) -> None:
        """The town's first act begins the treatment (S106); the call centre's does not."""
        if self.ticket.status == Status.TRANSFERRED and actor != self.operator:
            self._status(at, actor, Status.IN_PROGRESS)
            self.ticket.started_at = at


def new_conversation(town: Town, at: datetime) -> Conversation:
    """Where what is said on a ticket will stand."""
    return Conversation(town=town, kind=Kind.TICKET, subject="", last_at=at, created_at=at)
