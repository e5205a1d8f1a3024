"""What open pages of a desk learn of words by SMS."""

from typing import ClassVar

from hub.streams.events import TypedEvent


class SmsChanged(TypedEvent, frozen=True):
    """« SMS reçus sans suite » are not what they were. On a desk's topic, of whose readers some see them: each asks."""

    event_name: ClassVar[str] = "sms.changed"
