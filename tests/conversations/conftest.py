"""What tests of groups and live chats ask of them, and of their pages."""

import re

import pytest
from django.test import Client

from consumers.topics.conversation import ConversationTopic
from hub.conversations import queries
from hub.conversations.models import Conversation, Participant
from hub.core.errors import NotFound
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conversations.group import Group, make_group


@pytest.fixture
def group(town: Town, mayor: Person) -> Group:
    """A group with words of people who are no newcomers."""
    made = make_group(town, mayor)
    factories.settled(made.paul, made.zoe)
    return made


@pytest.fixture
def moderator(town: Town) -> Person:
    """Who moderates, and is in no group."""
    return factories.make_person(town=town, roles=[Role.MODERATOR], first_name="Odile", last_name="Roy")


def anew(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def part(conversation: Conversation, person: Person) -> Participant:
    return Participant.objects.select_related("conversation").get(conversation=conversation, person=person)


def may_read(conversation: Conversation, person: Person) -> bool:
    """Whether the page, the socket that opens and the one that is open agree that the person is in; and which it is."""
    try:
        queries.access_conversation(person, conversation.pk)
        page = True
    except NotFound:
        page = False
    pair = (person.pk, conversation.topic)
    topic = ConversationTopic()
    opens, stays = topic.access([pair]) != [None], pair not in topic.lost([pair])
    assert page == opens == stays
    return page


def door(conversation: Conversation) -> str:
    return f"/messages/{conversation.pk}/entrer/"


def forms_of(conversation: Conversation) -> str:
    return f"/messages/{conversation.pk}/groupe/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub("[ \n]+", " ", answer.content.decode())


def is_in(conversation: Conversation, person: Person) -> bool:
    return Participant.objects.filter(conversation=conversation, person=person, left_at=None).exists()
