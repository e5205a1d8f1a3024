"""The shapes of the conversations' API."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hub.conversations import rules
from hub.core.shapes import MAX_NUMBER, Input, Line

Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Key = Annotated[str, Field(max_length=rules.MAX_KEY, description="Chosen by the sender: sent again, it is the same.")]


class AuthorOut(Schema):
    """Who wrote. `part`: citizen, mayor or agent."""

    id: int
    name: str
    part: str


class FileOut(Schema):
    """A file of a message. The addresses are paths on this site; a program gets it by `GET …/files/{file_id}`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "1f0b3c5e-6d0e-4a52-9a0c-0f6b0a2d9c11",
                "name": "banc.jpg",
                "content_type": "image/jpeg",
                "size_bytes": 186240,
                "url": "/messages/42/fichiers/1f0b3c5e-6d0e-4a52-9a0c-0f6b0a2d9c11/",
                "thumbnail_url": "/messages/42/fichiers/1f0b3c5e-6d0e-4a52-9a0c-0f6b0a2d9c11/vignette/",
                "width_px": 2560,
                "height_px": 1920,
            }
        }
    )

    id: str
    name: str
    content_type: str
    size_bytes: int
    url: str
    thumbnail_url: str | None
    width_px: int | None
    height_px: int | None


class QuoteOut(Schema):
    """A message that another one answers, or that is pinned: its first words, empty once it is not shown any more."""

    seq: int
    author: str
    excerpt: str


class ReactedOut(Schema):
    """How many people put this sign on a message. `mine`: I am one of them."""

    model_config = ConfigDict(json_schema_extra={"example": {"sign": "like", "count": 3, "mine": True}})

    sign: str
    count: int
    mine: bool


class MessageOut(Schema):
    """A message, as on the socket. `author` null: the hub itself, `system` says what happened.

    `mentions`: the numbers of the people named. `automatic`: said for the author while they are away. `removal`: not
    shown any more ("hidden" until a decision, by "moderation", by its "author"); then it has no words and no files.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 81,
                "seq": 18,
                "key": "b2f1c0de5f7e4a0c9d5b8a3e6f1c2d3e",
                "author": {"id": 7, "name": "Alice Moreau", "part": "citizen"},
                "body": "Bonjour Madame la maire",
                "via": "web",
                "at": "2026-11-22T18:47:52.945123Z",
                "attachments": [],
                "system": None,
                "reply_to": {"seq": 12, "author": "Hélène Carpentier", "excerpt": "Le banc est balisé."},
                "mentions": [],
                "automatic": False,
                "edited_at": None,
                "removal": "",
                "reactions": [{"sign": "like", "count": 3, "mine": True}],
            }
        }
    )

    id: int
    seq: int
    key: str
    author: AuthorOut | None
    body: str
    via: str
    at: datetime
    attachments: list[FileOut]
    system: dict[str, Any] | None
    reply_to: QuoteOut | None
    mentions: list[int]
    automatic: bool
    edited_at: datetime | None
    removal: str
    reactions: list[ReactedOut]


class ConversationOut(Schema):
    """A conversation of mine. `part`: what I am in it. `waiting_since`: since when the citizen waits for an answer.

    Of a group (`kind` "group"), `title` is its own. `members`: how many are in it; `posts`: how many messages there
    were in all; `closed`: nobody writes there any more; `muted`: I hear only of what names me.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 42,
                "topic": "conversation.42",
                "title": "Hélène Carpentier, maire",
                "town": "saint-aurele",
                "kind": "private",
                "subject": "",
                "part": "citizen",
                "citizen": {"id": 7, "name": "Alice Moreau", "part": "citizen"},
                "answered_by": None,
                "last_seq": 18,
                "last_excerpt": "Bonjour Madame la maire",
                "last_at": "2026-11-22T18:47:52.945123Z",
                "unread": 0,
                "read_seq": 18,
                "waiting_since": "2026-11-22T18:47:52.945123Z",
                "members": 0,
                "posts": 11,
                "closed": False,
                "muted": False,
            }
        }
    )

    id: int
    topic: str
    title: str
    town: str
    kind: str
    subject: str
    part: str
    citizen: AuthorOut | None
    answered_by: AuthorOut | None
    last_seq: int
    last_excerpt: str
    last_at: datetime
    unread: int
    read_seq: int
    waiting_since: datetime | None
    members: int
    posts: int
    closed: bool
    muted: bool


class PostedOut(Schema):
    """A message that is stored: its id, and its number in the conversation."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": 81, "seq": 18}})

    id: int
    seq: int


class OpenedOut(Schema):
    """The conversation, and the message that opened or continued it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 42,
                "topic": "conversation.42",
                "town": "saint-aurele",
                "message": {"id": 81, "seq": 18},
            }
        }
    )

    id: int
    topic: str
    town: str
    message: PostedOut


class NewConversation(Input):
    """To the mayor of a town that one follows."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"town": "saint-aurele", "body": "Bonjour Madame la maire", "key": "b2f1c0de5f7e4a0c9d5b8a3e"}
        }
    )

    town: str
    body: str
    subject: Annotated[Line, Field(max_length=160)] = ""
    key: Key | None = None


class NewMessage(Input):
    """Words, files, or both. `attachments`: ids from `POST …/files`, at most ten. `reply_to`: the `seq` it answers."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"body": "Merci !", "key": "0c9d5b8a3e6f1c2d3eb2f1c0", "reply_to": 12}}
    )

    body: str = ""
    key: Key | None = None
    attachments: Annotated[list[UUID], Field(max_length=rules.MAX_ATTACHMENTS)] = []
    reply_to: Number | None = None
