"""What the moderators' templates say of a message, and when."""

from datetime import datetime

from django import template

from hub.conversations import moderation_words, words
from hub.conversations.models import Message
from hub.towns.models import Town

register = template.Library()


@register.filter
def moderation_state(message: Message) -> str:
    """« Masqué », « Retiré »."""
    return moderation_words.state(message.removal)


@register.filter
def words_or_gone(message: Message) -> str:
    """What others read there: its words, the name of its first file, or what stands in their place."""
    return words.gone_line(message.removal) if message.removed_at else message.body or "…"


@register.filter
def plain_moment(at: datetime, town: Town) -> str:
    """« samedi 21 novembre, 17 h 40 », within a sentence."""
    return moderation_words.plain_moment(at, town)
