"""Names of topics: what they are on the wire, in the database and as a group of the channel layer.

`conversation.42`, `town.saint-aurele`, `inbox.7` … A person's own inbox is called `inbox.me` on the wire:
its audience is that one person, so its frames are encoded under that name.
"""

import re

_WORD = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_NAME = re.compile(r"[a-z]+(\.[A-Za-z0-9_-]{1,60}){1,2}", re.ASCII)


def is_topic(name: str) -> bool:
    """Whether this is the form of a topic's name: a kind, then one or two parts, under 100 characters."""
    return len(name) < 100 and _NAME.fullmatch(name) is not None


def can_be_topic(name: str) -> bool:
    """Whether somebody may ask for it: letters, digits, dot, hyphen, underscore, under 100 characters."""
    return len(name) < 100 and _WORD.fullmatch(name) is not None


def kind_of(topic: str) -> str:
    """`conversation` of `conversation.42`."""
    return topic.partition(".")[0]


def conversation(conversation_id: int) -> str:
    return f"conversation.{conversation_id}"


def desk(slug: str) -> str:
    return f"desk.{slug}"


def inbox(person_id: int) -> str:
    return f"inbox.{person_id}"


def ticket(number: str) -> str:
    return f"ticket.{number}"


def ticket_staff(number: str) -> str:
    return f"ticket.{number}.staff"


def alert(alert_id: int) -> str:
    return f"alert.{alert_id}"


def town(slug: str) -> str:
    return f"town.{slug}"


def on_the_wire(topic: str) -> str:
    """The name that clients know."""
    return "inbox.me" if topic.startswith("inbox.") else topic
