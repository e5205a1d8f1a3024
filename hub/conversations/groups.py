"""What stands beside the thread of a group or a live chat, on both sides."""

from typing import Any

from hub.conversations import queries, rules, words
from hub.conversations.models import Participant
from hub.people.queries import roles_in

MEMBERS = 40


def beside(part: Participant) -> dict[str, Any]:
    """Who is in it, and what the reader may do with it."""
    conversation = part.conversation
    members = queries.members_of(conversation, limit=MEMBERS)
    return {
        "members": members,
        "more_members": max(0, conversation.members - len(members)),
        "moderates": rules.may_moderate(roles_in(part.person, conversation.town)),
        "paces": words.paces(),
    }
