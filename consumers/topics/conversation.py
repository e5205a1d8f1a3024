"""`conversation.ID`: its participants read and write it."""

from collections.abc import Callable, Collection, Sequence
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
    reply_to: int | None = None


class Read(msgspec.Struct, forbid_unknown_fields=True):
    """All up to number `seq` has been read."""

    seq: int


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    """Other words for one's own message number `seq`."""

    seq: int
    body: str


class Withdraw(msgspec.Struct, forbid_unknown_fields=True):
    """One's own message number `seq` is taken back."""

    seq: int


class React(msgspec.Struct, forbid_unknown_fields=True):
    """A sign (`rules.REACTIONS`) on message number `seq`, or off."""

    seq: int
    sign: str
    on: bool = True


class Report(msgspec.Struct, forbid_unknown_fields=True):
    """Message number `seq` should be looked at: `reason` is one of `models.Reason`."""

    seq: int
    reason: str
    words: str = ""


class Pin(msgspec.Struct, forbid_unknown_fields=True):
    """Message number `seq` stands above the conversation; none: no message does."""

    seq: int | None = None


class Typing(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the person is writing."""

    on: bool = True


async def _act(connection: "Connection", topic: str, action: Callable[..., Any], **given: Any) -> Any:
    """An action of this person's, on this conversation; its refusals in their language."""
    person = connection.identity.person
    return await in_language(person.language, action, actor=person, conversation_id=_id(topic), **given)


async def post(connection: "Connection", topic: str, asked: Post) -> dict[str, Any]:
    posted = await _act(
        connection, topic, actions.post_message, key=asked.key, body=asked.body, file_ids=asked.attachments,
        reply_to=asked.reply_to,
    )  # fmt: skip
    return {"id": posted.id, "seq": posted.seq}


async def read(connection: "Connection", topic: str, asked: Read) -> dict[str, Any]:
    return {"seq": await _act(connection, topic, actions.mark_read, up_to=asked.seq)}


async def edit(connection: "Connection", topic: str, asked: Edit) -> dict[str, Any]:
    await _act(connection, topic, actions.edit_message, seq=asked.seq, body=asked.body)
    return {}


async def withdraw(connection: "Connection", topic: str, asked: Withdraw) -> dict[str, Any]:
    await _act(connection, topic, actions.withdraw_message, seq=asked.seq)
    return {}


async def react(connection: "Connection", topic: str, asked: React) -> dict[str, Any]:
    return {"count": await _act(connection, topic, actions.react, seq=asked.seq, sign=asked.sign, on=asked.on)}


async def report(connection: "Connection", topic: str, asked: Report) -> dict[str, Any]:
    await _act(connection, topic, actions.report_message, seq=asked.seq, reason=asked.reason, words=asked.words)
    return {}


async def pin(connection: "Connection", topic: str, asked: Pin) -> dict[str, Any]:
    await _act(connection, topic, actions.pin_message, seq=asked.seq)
    return {}


async def typing(connection: "Connection", topic: str, asked: Typing) -> dict[str, Any]:
    """Never stored nor numbered: rung to who reads now."""
    person = connection.identity.person
    said = {"person": person.pk, "name": person.name, "on": asked.on}
    bell.ring([(topic, None, envelope(topic, "typing", None, encode_text(said)))])
    return {}


_NOBODY = queries.Inside({}, frozenset())


class ConversationTopic(TopicKind):
    """Participants only, as long as they are in."""

    name = "conversation"
    commands = {
        "message.post": Handler(Post, post),
        "message.read": Handler(Read, read),
        "message.edit": Handler(Edit, edit),
        "message.withdraw": Handler(Withdraw, withdraw),
        "message.react": Handler(React, react),
        "message.report": Handler(Report, report),
        "message.pin": Handler(Pin, pin),
        "typing": Handler(Typing, typing),
    }

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        asked = {_id(topic) for _, topic in pairs}
        inside = queries.inside(asked, {person_id for person_id, _ in pairs})
        found = [inside.get(_id(topic), _NOBODY) for _, topic in pairs]
        staff = {
            person_id
            for (person_id, _), one in zip(pairs, found, strict=True)
            if answers_for_town(one.parts.get(person_id, ""))
        }
        lacking = lacking_second_factor(staff) if staff else set()
        return [
            Access(tuple(one.shown - {person_id})) if person_id in one.parts and person_id not in lacking else None
            for (person_id, _), one in zip(pairs, found, strict=True)
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
