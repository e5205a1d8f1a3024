"""What is told of alerts. `alert.ID` is for the team; what everybody may know goes to `town.SLUG`."""

from collections.abc import Mapping
from typing import ClassVar

from hub.streams.events import TypedEvent


class AlertProgress(TypedEvent, frozen=True):
    """How far it is: twice a second at most. `by_channel`: {queued, sent, delivered, failed, suppressed} each."""

    event_name: ClassVar[str] = "alert.progress"

    id: int
    status: str
    total: int
    reached: int
    by_channel: Mapping[str, Mapping[str, int]]


class AlertPublished(TypedEvent, frozen=True):
    """A town tells everybody who follows it of a danger, a further word about it, or its end.

    `about`: the alert of which it is a further word, or the end. `title` says so itself, `plain` is without that.
    """

    event_name: ClassVar[str] = "alert.published"

    id: int
    purpose: str
    emergency: bool
    exercise: bool
    title: Mapping[str, str]
    path: str
    plain: Mapping[str, str]
    about: int | None = None
