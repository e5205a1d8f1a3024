"""The shapes of the API of groups, live chats, and what becomes of a message there."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hub.conversations.shapes import AuthorOut, Number, QuoteOut
from hub.core.shapes import Input


class GroupOut(Schema):
    """A group, or a live chat, of a town. `part`: what I am in it (null: I am not in it).

    `members`: how many are in it; `posts`: how many messages there were in all; `slow_s`: seconds between two of one
    citizen's messages (0: none); `unread`: how many messages I have not read; `muted`: I hear only of what names me.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 5,
                "topic": "conversation.5",
                "town": "saint-aurele",
                "kind": "group",
                "title": "Le marché du samedi",
                "about": "Horaires, étals, idées",
                "members": 214,
                "posts": 1304,
                "closed": False,
                "slow_s": 0,
                "pinned": {"seq": 3, "author": "Hélène Carpentier", "excerpt": "Le marché ouvre à 8 h."},
                "last_excerpt": "Oui, dès 8 h.",
                "last_at": "2026-11-22T18:47:52.945123Z",
                "part": "citizen",
                "unread": 2,
                "muted": False,
            }
        }
    )

    id: int
    topic: str
    town: str
    kind: str
    title: str
    about: str
    members: int
    posts: int
    closed: bool
    slow_s: int
    pinned: QuoteOut | None
    last_excerpt: str
    last_at: datetime
    part: str | None
    unread: int
    muted: bool


class NewGroup(Input):
    """What a new group is called, and what one talks about there."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"title": "Le marché du samedi", "about": "Horaires, étals, idées"}}
    )

    title: str
    about: str = ""


class GroupChanges(Input):
    """What to change; what is left out stays. All of it happens, or nothing. `pinned` null: no message is, any more."""

    model_config = ConfigDict(json_schema_extra={"example": {"closed": False, "slow_s": 30, "pinned": 3}})

    title: str = ""
    about: str = ""
    closed: bool = False
    slow_s: int = 0
    pinned: Number | None = None


class Muted(Input):
    """Whether I hear only of what names me."""

    model_config = ConfigDict(json_schema_extra={"example": {"on": True}})

    on: bool


class NewLive(Input):
    """What the live chat is about, and how often one person may write."""

    model_config = ConfigDict(json_schema_extra={"example": {"title": "Le budget : vos questions", "slow_s": 30}})

    title: str
    slow_s: int = 0


class Edited(Input):
    """The words as they are from now on."""

    model_config = ConfigDict(json_schema_extra={"example": {"body": "Oui, dès 8 h."}})

    body: str


class NewReport(Input):
    """Why a message should be looked at: insult, hatred, privacy, false, spam or other; and words to go with it."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "spam", "words": "Trois fois le même."}})

    reason: str
    words: str = ""


class ReportedOut(Schema):
    """My report, as it is kept: one per person and message."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"reason": "spam", "words": "Trois fois le même.", "at": "2026-11-22T18:47:52.945123Z"}
        }
    )

    reason: str
    words: str
    at: datetime


class FoundOut(Schema):
    """A message that a search has found, and in which conversation of mine."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "conversation": 5,
                "topic": "conversation.5",
                "title": "Le marché du samedi",
                "town": "saint-aurele",
                "seq": 18,
                "author": {"id": 7, "name": "Alice Moreau", "part": "citizen"},
                "body": "Le boulanger sera là dès 8 h.",
                "at": "2026-11-22T18:47:52.945123Z",
            }
        }
    )

    conversation: int
    topic: str
    title: str
    town: str
    seq: int
    author: AuthorOut
    body: str
    at: datetime


# For moderators.


class Decision(Input):
    """What becomes of a message. `reason`: its author reads it; needed to hide and to remove."""

    model_config = ConfigDict(json_schema_extra={"example": {"action": "remove", "reason": "Publicité répétée."}})

    action: Literal["hide", "remove", "restore", "keep"]
    reason: str = ""


class PersonOut(Schema):
    """Somebody."""

    id: int
    name: str


class ReportOut(Schema):
    """One report, and the message it is about. `outcome`: "removed" or "kept" once it is handled, else ""."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 9,
                "conversation": 5,
                "title": "Le marché du samedi",
                "seq": 18,
                "author": {"id": 12, "name": "Paul Gingras"},
                "body": "Achetez mes tomates",
                "removal": "",
                "reason": "spam",
                "words": "Trois fois le même.",
                "reporter": {"id": 7, "name": "Alice Moreau"},
                "at": "2026-11-22T18:47:52.945123Z",
                "outcome": "",
                "handled_by": None,
                "handled_at": None,
            }
        }
    )

    id: int
    conversation: int
    title: str
    seq: int
    author: PersonOut
    body: str
    removal: str
    reason: str
    words: str
    reporter: PersonOut
    at: datetime
    outcome: str
    handled_by: PersonOut | None
    handled_at: datetime | None


class NewSilence(Input):
    """Who may not write for a while, where (without `conversation`: in all groups and live chats), how long, why."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"person": 12, "conversation": 5, "for": "day", "reason": "Publicité répétée."}}
    )

    person: Number
    conversation: Number | None = None
    duration: Annotated[str, Field(alias="for", description="hour, day, week or month")]
    reason: str


class SilenceOut(Schema):
    """Somebody may read and not write until then. `conversation` null: in no group and no live chat of the town."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 3,
                "person": {"id": 12, "name": "Paul Gingras"},
                "conversation": 5,
                "until": "2026-11-23T18:47:52.945123Z",
                "reason": "Publicité répétée.",
                "by": {"id": 3, "name": "Hélène Carpentier"},
                "at": "2026-11-22T18:47:52.945123Z",
            }
        }
    )

    id: int
    person: PersonOut
    conversation: int | None
    until: datetime
    reason: str
    by: PersonOut | None
    at: datetime
