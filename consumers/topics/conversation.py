"""`conversation.ID`: its participants read and write it."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from consumers.pool import in_language
from consumers.presence import the_presence
from consumers.topics.base import Access, Handler, TopicKind
from hub.conversations import actions, queries
from hub.conversations.rules import answers_for_town
from hub.core.jsons import encode_text
from hub.people.queries import lacking_second_factor
from hub.streams.bell import bell
from hub.streams.queries import envelope

if TYPE_CHECKING:
    from consumers.connection import Connection


class Post(msgspec.Struct, forbid_unknown_fields=True):
    """Words to say, under the sender's key."""

    key: str
    body: str = ""
    attachments: list[str] = []


class Read(msgspec.Struct, forbid_unknown_fields=True):
    """All up to number `seq` has been read."""

    seq: int


class Typing(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the person is writing."""

    on: bool = True


async def post(connection: "Connection", topic: str, asked: Post) -> dict[str, Any]:
    person = connection.identity.person
    posted = await in_language(
        person.language,
        actions.post_message,
        actor=person,
        conversation_id=_id(topic),
        key=asked.key,
        body=asked.body,
        file_ids=asked.attachments,
    )
    return {"id": posted.id, "seq": posted.seq}


async def read(connection: "Connection", topic: str, asked: Read) -> dict[str, Any]:
    person = connection.identity.person
    reached = await in_language(
        person.language, actions.mark_read, actor=person, conversation_id=_id(topic), up_to=asked.seq
    )
    return {"seq": reached}


async def typing(connection: "Connection", topic: str, asked: Typing) -> dict[str, Any]:
    """Never stored nor numbered: rung to who reads now."""
    person = connection.identity.person
    said = {"person": person.pk, "name": person.name, "on": asked.on}
    bell.ring([(topic, None, envelope(topic, "typing", None, encode_text(said)))])
    return {}


class ConversationTopic(TopicKind):
    """Participants only, as long as they are in."""

    name = "conversation"
    commands = {
        "message.post": Handler(Post, post),
        "message.read": Handler(Read, read),
        "typing": Handler(Typing, typing),
    }

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        inside = queries.participants_of({_id(topic) for _, topic in pairs})
        parts = [inside.get(_id(topic), {}) for _, topic in pairs]
        staff = {
            person_id
            for (person_id, _), part in zip(pairs, parts, strict=True)
            if answers_for_town(part.get(person_id, ""))
        }
        lacking = lacking_second_factor(staff) if staff else set()
        return [
            Access(tuple(part.keys() - {person_id})) if person_id in part and person_id not in lacking else None
            for (person_id, _), part in zip(pairs, parts, strict=True)
        ]

    def lost(self, pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        asked = {(person_id, _id(topic)): (person_id, topic) for person_id, topic in pairs}
        return {asked[pair] for pair in queries.gone(asked.keys())}

    def subscribed(self, connection: "Connection", topic: str, access: Access) -> None:
        the_presence(connection.relay).watch(topic, access.people, connection.line)


def _id(topic: str) -> int:
    """The conversation's id; 0, which nobody has, for what can't be one."""
    text = topic.partition(".")[2]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
