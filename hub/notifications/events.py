"""What is told live about notifications.

An inbox's events tell a person's whole count, and how far the towns that they follow had spoken when it was taken
(`towns`: the number of each town's last event): what a town says with a higher number is not in it yet.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import msgspec

from hub.streams.events import TypedEvent


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose act it was."""

    id: int
    name: str


class NotificationAdded(TypedEvent, frozen=True):
    """On a person's inbox: one more, and how many are unread now."""

    event_name: ClassVar[str] = "notification.added"

    id: int
    kind: str
    unread: int
    towns: dict[str, int]


class TownNotified(TypedEvent, frozen=True):
    """On a town's topic: what all who follow it are told. Each page knows whether its reader wants this kind."""

    event_name: ClassVar[str] = "notification.added"

    id: int
    kind: str
    code: str
    actor: Actor | None
    what: Mapping[str, str]
    path: str
    at: datetime


class NotificationsChanged(TypedEvent, frozen=True):
    """On a person's inbox: some were read or deleted; how many are unread now."""

    event_name: ClassVar[str] = "notifications.changed"

    unread: int
    towns: dict[str, int]


class PreferencesChanged(TypedEvent, frozen=True):
    """On a person's inbox: which kinds of news they want on the site from now on."""

    event_name: ClassVar[str] = "preferences.changed"

    kinds: list[str]
