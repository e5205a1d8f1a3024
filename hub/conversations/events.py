"""What happens in conversations."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec

from hub.streams.events import TypedEvent


class Author(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wrote: `part` is citizen, mayor or agent."""

    id: int
    name: str
    part: str


class FileRef(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that came with a message. `url` and `thumbnail_url` are paths on this site."""

    id: str
    name: str
    content_type: str
    size_bytes: int
    url: str
    thumbnail_url: str | None = None
    width_px: int | None = None
    height_px: int | None = None


class Quote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a message answers: its number, who wrote it, its first words (empty once it is not shown any more)."""

    seq: int
    author: str
    excerpt: str


class Reacted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many people put this sign (`rules.REACTIONS`) on a message. `mine`: the reader is one of them."""

    sign: str
    count: int
    mine: bool = False


class Said(TypedEvent, frozen=True):
    """A message, whole. `author` None: the hub itself; `system` says what happened.

    `removal`: not shown any more (hidden, moderation, author); then it has no words and no files.
    """

    id: int
    seq: int
    key: str
    author: Author | None
    body: str
    via: str
    at: datetime
    attachments: list[FileRef] = []
    system: dict[str, Any] | None = None
    reply_to: Quote | None = None
    mentions: list[int] = []
    automatic: bool = False
    edited_at: datetime | None = None
    removal: str = ""
    reactions: list[Reacted] = []


class MessagePosted(Said, frozen=True):
    """Somebody said something."""

    event_name: ClassVar[str] = "message.posted"


class MessageChanged(Said, frozen=True):
    """A message as it is now: its author changed its words, or it is shown again. `seq` is the message's number."""

    event_name: ClassVar[str] = "message.changed"


class MessageRemoved(TypedEvent, frozen=True):
    """Message number `seq` is not shown any more. `removal`: hidden, moderation or author."""

    event_name: ClassVar[str] = "message.removed"

    id: int
    seq: int
    removal: str


class MessageReacted(TypedEvent, frozen=True):
    """`person` put a sign on message number `seq`, or took it off; so many people have it there now."""

    event_name: ClassVar[str] = "message.reacted"

    seq: int
    sign: str
    person: int
    on: bool
    count: int


class MessagePinned(TypedEvent, frozen=True):
    """This message stands above the conversation from now on; None: no message does."""

    event_name: ClassVar[str] = "message.pinned"

    message: Quote | None


class GroupRenamed(TypedEvent, frozen=True):
    """A group has another title, or says better what it is about."""

    event_name: ClassVar[str] = "group.renamed"

    title: str
    about: str


class RulesChanged(TypedEvent, frozen=True):
    """Nobody may write any more (`closed`), or everybody may again; `slow_s`: seconds between two of one person's."""

    event_name: ClassVar[str] = "rules.changed"

    closed: bool
    slow_s: int


class LiveChat(TypedEvent, frozen=True):
    """On a town's topic: the mayor has opened a live chat, or closed it."""

    event_name: ClassVar[str] = "live.changed"

    conversation: int
    title: str
    open: bool


class MessageRead(TypedEvent, frozen=True):
    """`person` has read all up to number `up_to`."""

    event_name: ClassVar[str] = "message.read"

    person: int
    up_to: int
    at: datetime


class MessageDelivered(TypedEvent, frozen=True):
    """All up to number `up_to` has reached a device of `person`."""

    event_name: ClassVar[str] = "message.delivered"

    person: int
    up_to: int


class ParticipantsChanged(TypedEvent, frozen=True):
    """Somebody joined, left, or answers from now on: reload who is there."""

    event_name: ClassVar[str] = "participants.changed"

    answered_by: Author | None


class GroupRead(TypedEvent, frozen=True):
    """On a person's inbox: they have read a group, on this page or another; so many posts are left."""

    event_name: ClassVar[str] = "group.read"

    id: int
    unread: int


class ConversationChanged(TypedEvent, frozen=True):
    """On a person's inbox: one conversation's row of the list, and the count of all unread messages."""

    event_name: ClassVar[str] = "conversation.changed"

    id: int
    seq: int
    unread: int
    total_unread: int
    excerpt: str
    author: int | None
    at: datetime
    waiting: bool
