"""What cards of groups tell the live page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hub.conversations.group_cards import Card

register = template.Library()


@register.simple_tag
def card_data(card: Card) -> SafeString:
    """The attributes of a card's element: its topic and town; its last message, how many, how many wait."""
    conversation = card.conversation
    return format_html(
        'data-group="{}" data-town="{}" data-seq="{}" data-posts="{}" data-news="{}"',
        conversation.topic, conversation.town.slug, conversation.last_seq, conversation.posts, card.news,
    )  # fmt: skip
