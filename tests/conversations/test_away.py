"""Outside the mayor's hours the hub says so at once, as itself: it is no answer, and it is said once."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.conversations import actions, queries
from hub.conversations.models import Answer, Conversation, Message, Participant
from hub.core.clock import standing_at
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]

SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def hours(town: Town) -> None:
    town.answer_hours = {"mon": [["09:00", "18:00"]]}
    town.automatic_answer = True
    town.automatic_answer_text = {"fr": "Je vous lis lundi.", "en": "I read on Monday."}
    town.save()


def write(town: Town, citizen: Person, at: datetime, *words: str) -> Conversation:
    """A second for each."""
    talk = factories.make_conversation(town, citizen)
    for number, body in enumerate(words):
        with standing_at(at + timedelta(seconds=number)):
            factories.say(citizen, talk, body)
    return talk


def said(talk: Conversation) -> list[tuple[str, bool]]:
    return list(Message.objects.filter(conversation=talk).order_by("seq").values_list("body", "automatic"))


def test_who_begins_to_wait_is_told_once(town: Town, mayor: Person, citizen: Person) -> None:
    talk = write(town, citizen, SUNDAY, "Bonjour", "Vous êtes là ?")
    assert said(talk) == [("Bonjour", False), ("Je vous lis lundi.", True), ("Vous êtes là ?", False)]
    shown = queries.page_of_messages(talk, reader=citizen).messages[1]
    assert shown.automatic
    assert shown.author is not None
    assert (shown.author.id, shown.author.part) == (mayor.pk, "mayor")


def test_it_is_no_answer(town: Town, mayor: Person, citizen: Person) -> None:
    talk = write(town, citizen, SUNDAY, "Bonjour")
    talk.refresh_from_db()
    assert talk.waiting_since == SUNDAY
    assert talk.last_excerpt == "Bonjour"
    assert Answer.objects.count() == 0
    assert Participant.objects.get(conversation=talk, person=citizen).unread == 0
    with standing_at(MONDAY):
        factories.say(mayor, talk, "Me voici")
    assert Answer.objects.get().asked_at == SUNDAY


def test_after_an_answer_one_waits_anew(town: Town, mayor: Person, citizen: Person) -> None:
    talk = write(town, citizen, SUNDAY, "Bonjour")
    with standing_at(SUNDAY + timedelta(minutes=1)):
        factories.say(mayor, talk, "Je passais par là")
        factories.say(citizen, talk, "Merci, et lundi ?")
    assert [automatic for _, automatic in said(talk)] == [False, True, False, False, True]


def test_in_the_readers_language(town: Town, mayor: Person) -> None:
    english = factories.make_person(town=town, language="en")
    assert said(write(town, english, SUNDAY, "Hello"))[1] == ("I read on Monday.", True)


def test_nothing_within_the_hours(town: Town, mayor: Person, citizen: Person) -> None:
    assert said(write(town, citizen, MONDAY, "Bonjour")) == [("Bonjour", False)]


def test_nothing_where_the_town_does_not_wish_it(town: Town, mayor: Person, citizen: Person) -> None:
    Town.objects.update(automatic_answer=False)
    assert said(write(town, citizen, SUNDAY, "Bonjour")) == [("Bonjour", False)]


def test_nothing_where_an_agent_answers(town: Town, mayor: Person, citizen: Person) -> None:
    talk = write(town, citizen, MONDAY, "Bonjour")
    agent = factories.make_agent(town)
    actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=agent, hand_over=True)
    with standing_at(MONDAY):
        factories.say(agent, talk, "Je m’en occupe")
    with standing_at(SUNDAY):
        factories.say(citizen, talk, "Merci. Et dimanche ?")
    assert not Message.objects.filter(conversation=talk, automatic=True).exists()


def test_nothing_while_there_is_no_mayor(town: Town, citizen: Person) -> None:
    assert said(write(town, citizen, SUNDAY, "Bonjour")) == [("Bonjour", False)]
