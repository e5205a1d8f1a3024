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


class MessagePosted(TypedEvent, frozen=True):
    """A message, whole. `author` None: the hub itself; `system` says what happened."""

    event_name: ClassVar[str] = "message.posted"

    id: int
    seq: int
    key: str
    author: Author | None
    body: str
    via: str
    at: datetime
    attachments: list[FileRef] = []
    system: dict[str, Any] | None = None


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
