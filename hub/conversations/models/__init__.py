"""The one store of words between people, and what keeps it civil."""

from hub.conversations.models.moderation import Outcome, Reason, Report, Silence
from hub.conversations.models.replies import ReplyAddress
from hub.conversations.models.talk import (
    SHARED,
    Answer,
    Attachment,
    Conversation,
    Kind,
    Message,
    Part,
    Participant,
    Reaction,
    Removal,
    Side,
    Version,
    Via,
    Visibility,
)

__all__ = [
    "SHARED",
    "Answer",
    "Attachment",
    "Conversation",
    "Kind",
    "Message",
    "Outcome",
    "Part",
    "Participant",
    "Reaction",
    "Reason",
    "Removal",
    "ReplyAddress",
    "Report",
    "Side",
    "Silence",
    "Version",
    "Via",
    "Visibility",
]
