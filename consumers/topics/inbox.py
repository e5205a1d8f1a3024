"""`inbox.me`: what concerns one person, on all their pages."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from consumers.pool import in_language
from consumers.topics.base import Access, Handler, TopicKind
from hub.conversations import actions
from hub.people.models import Person
from hub.streams import topics

if TYPE_CHECKING:
    from consumers.connection import Connection

WIRE_NAME = "inbox.me"


class Delivered(msgspec.Struct, forbid_unknown_fields=True):
    """All of a conversation up to number `seq` has reached this device."""

    conversation: int
    seq: int


async def delivered(connection: "Connection", topic: str, asked: Delivered) -> dict[str, Any]:
    person = connection.identity.person
    await in_language(
        person.language,
        actions.mark_delivered,
        actor=person,
        conversation_id=asked.conversation,
        up_to=asked.seq,
    )
    return {}


class InboxTopic(TopicKind):
    """Everybody has one, and only theirs."""

    name = "inbox"
    commands = {"message.delivered": Handler(Delivered, delivered)}

    def internal(self, wire_name: str, person: Person) -> str:
        return topics.inbox(person.pk) if wire_name == WIRE_NAME else wire_name + ".none"

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        return [Access() if topic == topics.inbox(person_id) else None for person_id, topic in pairs]

    def lost(self, pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        return {(person_id, topic) for person_id, topic in pairs if topic != topics.inbox(person_id)}
