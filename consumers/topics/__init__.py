"""The kinds of topics, one file each."""

from consumers.topics.alert import AlertTopic
from consumers.topics.base import TopicKind, UnknownKind
from consumers.topics.conversation import ConversationTopic
from consumers.topics.desk import DeskTopic
from consumers.topics.inbox import InboxTopic
from consumers.topics.ticket import TicketTopic
from consumers.topics.town import TownTopic
from hub.people.models import Person
from hub.streams.topics import kind_of

KINDS: dict[str, TopicKind] = {
    kind.name: kind
    for kind in (AlertTopic(), ConversationTopic(), DeskTopic(), InboxTopic(), TicketTopic(), TownTopic())
}
_UNKNOWN = UnknownKind()


def find(wire_name: str, person: Person) -> tuple[TopicKind, str]:
    """The kind of a topic, and its own name for this person (`inbox.me` → `inbox.7`)."""
    kind = KINDS.get(kind_of(wire_name), _UNKNOWN)
    return kind, kind.internal(wire_name, person)
