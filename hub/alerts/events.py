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
    """A town tells everybody who follows it of a danger, a further word about it, or its end."""

    event_name: ClassVar[str] = "alert.published"

    id: int
    purpose: str
    emergency: bool
    exercise: bool
    title: Mapping[str, str]
    path: str
