"""A group with people in it, for tests."""

from dataclasses import dataclass
from datetime import timedelta

from hub.conversations import queries
from hub.conversations.actions import create_group, join
from hub.conversations.models import Conversation, Message, Participant
from hub.core.clock import now
from hub.notifications.models import Notification
from hub.people.models import Person
from hub.streams import queries as streams
from hub.towns.models import Town
from tests import factories


@dataclass(frozen=True)
class Group:
    """The mayor's group, with citizens who have had their accounts for a month."""

    town: Town
    mayor: Person
    paul: Person
    zoe: Person
    conversation: Conversation

    @property
    def pk(self) -> int:
        return self.conversation.pk

    def part(self, person: Person) -> Participant:
        return queries.access_conversation(person, self.pk)

    def message(self, seq: int) -> Message:
        return Message.objects.get(conversation=self.conversation, seq=seq)

    def events(self, name: str) -> list[str]:
        """What its topic was told under that name."""
        told = streams.after(self.conversation.topic, 0, limit=200)
        return [event.text for event in told if f'"event":"{name}"' in event.text]

    def told(self, person: Person) -> list[tuple[str, str]]:
        """What that person was notified of here, newest last: code and path."""
        rows = Notification.objects.filter(person=person, town=self.town).exclude(code="group_created")
        return list(rows.order_by("pk").values_list("code", "path"))


def old_account(town: Town, first: str, last: str) -> Person:
    """Somebody who has followed the town for a month."""
    return factories.make_person(town=town, first_name=first, last_name=last, created_at=now() - timedelta(days=30))


def make_group(town: Town, mayor: Person) -> Group:
    """Paul Martin and Zoé Le Goff are in it."""
    paul, zoe = old_account(town, "Paul", "Martin"), old_account(town, "Zoé", "Le Goff")
    conversation = create_group(actor=mayor, town=town, title="Budget 2027")
    for person in (paul, zoe):
        join(actor=person, conversation_id=conversation.pk)
    return Group(town, mayor, paul, zoe, conversation)
