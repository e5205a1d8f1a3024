"""The one store of words between people, and what keeps it civil."""

from hub.conversations.models.moderation import Outcome, Reason, Report, Silence
from hub.conversations.models.talk import (
    Answer,
    Attachment,
    Conversation,
    Kind,
    Message,
    Part,
    Participant,
    Reaction,
    Removal,
    Version,
    Via,
)

__all__ = [
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
    "Report",
    "Silence",
    "Version",
    "Via",
]
