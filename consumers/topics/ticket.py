"""`ticket.NUMBER`: its requester and the desk; `ticket.NUMBER.staff`: the desk alone."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from consumers.topics.base import Access, Handler, TopicKind
from consumers.topics.conversation import Typing
from hub.core.jsons import encode_text
from hub.people.queries import lacking_second_factor
from hub.streams.bell import bell
from hub.streams.queries import envelope
from hub.tickets.queries import may_read_topics

if TYPE_CHECKING:
    from consumers.connection import Connection


async def typing(connection: "Connection", topic: str, asked: Typing) -> dict[str, Any]:
    """Never stored nor numbered: rung to who reads now. Who has shown the secret is nobody but the requester here."""
    person = connection.reader(topic)
    said = {"person": person.pk, "name": person.name if person.email else "", "on": asked.on}
    bell.ring([(topic, None, envelope(topic, "typing", None, encode_text(said)))])
    return {}


class TicketTopic(TopicKind):
    """Whoever may read the ticket, as long as they may (`hub.tickets.rules.stance`)."""

    name = "ticket"
    by_secret = True
    commands = {"typing": Handler(Typing, typing)}

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        allowed = _allowed(pairs)
        lacking = lacking_second_factor({person_id for person_id, _ in allowed}) if allowed else set()
        return [Access() if pair in allowed and pair[0] not in lacking else None for pair in pairs]

    def lost(self, pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        return set(pairs) - _allowed(pairs)


def _allowed(pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these (person, topic) pairs that may be read; two questions for all."""
    found: set[tuple[int, str]] = set()
    for staff in (False, True):
        asked = {(person_id, number): topic for person_id, topic in pairs if (number := _number(topic, staff=staff))}
        if asked:
            readable = may_read_topics(asked.keys(), staff=staff)
            found |= {(person_id, asked[person_id, number]) for person_id, number in readable}
    return found


def _number(topic: str, *, staff: bool) -> str:
    """The ticket's number; empty when it is not a topic of that sort."""
    number, _dot, more = topic.partition(".")[2].partition(".")
    return number if more == ("staff" if staff else "") else ""
