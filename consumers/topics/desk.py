"""`desk.SLUG`: what happens at a town hall's desk, and who looks at which ticket."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from consumers.pool import in_language
from consumers.topics.base import Access, Handler, TopicKind
from hub.core.errors import NotFound
from hub.core.jsons import encode_text
from hub.people.queries import lacking_second_factor
from hub.streams.bell import bell
from hub.streams.queries import envelope
from hub.tickets.queries import access_work, works_at

if TYPE_CHECKING:
    from consumers.connection import Connection


class Viewing(msgspec.Struct, forbid_unknown_fields=True):
    """Which ticket the person has open (None: none), what they write there. `asks`: others are to say so too."""

    number: str | None = None
    writing: Literal["", "internal", "external"] = ""
    asks: bool = False


async def viewing(connection: "Connection", topic: str, asked: Viewing) -> dict[str, Any]:
    """Never stored nor numbered: said again every 20 s, forgotten when it is not."""
    person = connection.identity.person
    if asked.number is not None:
        seen = await in_language(person.language, access_work, actor=person, number=asked.number)
        if topic != f"desk.{seen.ticket.town.slug}":
            raise NotFound
    said = {
        "person": person.pk, "name": person.name, "initials": person.initials, "number": asked.number,
        "writing": asked.writing, "asks": asked.asks,
    }  # fmt: skip
    bell.ring([(topic, None, envelope(topic, "viewing", None, encode_text(said)))])
    return {}


class DeskTopic(TopicKind):
    """Whoever works for the town, its call centre too, as long as they do."""

    name = "desk"
    commands = {"viewing": Handler(Viewing, viewing)}

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        inside = works_at({(person_id, _slug(topic)) for person_id, topic in pairs})
        lacking = lacking_second_factor({person_id for person_id, _ in inside}) if inside else set()
        return [
            Access() if (person_id, _slug(topic)) in inside and person_id not in lacking else None
            for person_id, topic in pairs
        ]

    def lost(self, pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        asked = {(person_id, _slug(topic)): (person_id, topic) for person_id, topic in pairs}
        return {asked[pair] for pair in asked.keys() - works_at(asked.keys())}


def _slug(topic: str) -> str:
    """The town's short name."""
    return topic.partition(".")[2]
