"""The shapes of the notifications' API."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hub.core.shapes import MAX_NUMBER, MAX_ROWS, Input

Chosen = Literal[
    "new_publication",
    "new_alert",
    "new_poll",
    "new_group",
    "group_messages",
    "comments",
    "private_messages",
]  # `rules.CHOSEN`


class ActorOut(Schema):
    """Whose act it was."""

    id: int
    name: str


class NotificationOut(Schema):
    """What I was told. `sentence` and `detail` are in my language; `code` and `what` are the same for programs.

    `path`: where on this site it happened. `count`: how many times it did since I last looked.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 314,
                "town": "saint-aurele",
                "kind": "group_messages",
                "code": "reply",
                "actor": {"id": 3, "name": "Hélène Carpentier"},
                "what": {"title": "Le marché du samedi", "excerpt": "Oui, dès 8 h."},
                "sentence": "Hélène Carpentier vous a répondu dans «\u00a0Le marché du samedi\u00a0»",
                "detail": "«\u00a0Oui, dès 8 h.\u00a0»",
                "path": "/groupes/5/",
                "count": 1,
                "at": "2026-11-22T18:47:52.945123Z",
                "read_at": None,
            }
        }
    )

    id: int
    town: str
    kind: str
    code: str
    actor: ActorOut | None
    what: dict[str, str]
    sentence: str
    detail: str
    path: str
    count: int
    at: datetime
    read_at: datetime | None


class ReadIn(Input):
    """Which ones, at most 100; all of mine without `ids`."""

    model_config = ConfigDict(json_schema_extra={"example": {"ids": [314]}})

    ids: Annotated[list[Annotated[int, Field(ge=1, le=MAX_NUMBER)]], Field(max_length=MAX_ROWS)] | None = None


class UnreadOut(Schema):
    """How many are unread now."""

    model_config = ConfigDict(json_schema_extra={"example": {"unread": 0}})

    unread: int


class WishOut(Schema):
    """Whether I want a kind of news, on the site, by mail, and on my devices. `daily`: its mails wait for that of the
    day (`me/notification-rhythm`)."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "new_group", "site": True, "email": True, "push": False, "daily": True}}
    )

    kind: str
    site: bool
    email: bool
    push: bool
    daily: bool


class WishIn(Input):
    """The same, as I want it. Without `push`, what holds for my devices stays."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": "new_group", "site": True, "email": True}})

    kind: Chosen
    site: bool
    email: bool
    push: bool | None = None


class RhythmBoth(Input):
    """Whether mails of news come once a day, at 18 h where I live, rather than each at once. Private messages, alerts
    and what concerns my requests never wait."""

    model_config = ConfigDict(json_schema_extra={"example": {"daily": True}})

    daily: bool
