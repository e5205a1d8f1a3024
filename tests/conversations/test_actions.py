"""What may be said and done in a private conversation, and what follows from it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from hub.conversations import actions, queries, rules
from hub.conversations.models import Answer, Conversation, Message, Participant
from hub.core.clock import now, standing_at
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from hub.files.models import StoredFile
from hub.people.models import Person
from hub.streams import queries as streams
from hub.towns.models import Town
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


@pytest.fixture
def talk(town: Town, mayor: Person, citizen: Person) -> Conversation:
    return factories.make_conversation(town, citizen)


def part(conversation: Conversation, person: Person) -> Participant:
    return Participant.objects.get(conversation=conversation, person=person)


def test_there_is_one_conversation_per_citizen_and_town(talk: Conversation, town: Town, citizen: Person) -> None:
    assert actions.open_conversation(actor=citizen, town=town).pk == talk.pk
    assert {(p.part, p.person_id == citizen.pk) for p in talk.participants.all()} == {
        ("citizen", True),
        ("mayor", False),
    }


def test_the_mayor_begins_the_same_one(talk: Conversation, town: Town, mayor: Person, citizen: Person) -> None:
    assert actions.write_to_citizen(actor=mayor, town=town, citizen=citizen).pk == talk.pk


def test_who_does_not_follow_the_town_can_not_write_to_its_mayor(town: Town, mayor: Person) -> None:
    stranger = factories.make_person(town=factories.make_town())
    with pytest.raises(Forbidden):
        actions.open_conversation(actor=stranger, town=town)
    with pytest.raises(NotFound):
        actions.write_to_citizen(actor=mayor, town=town, citizen=stranger)
    assert Conversation.objects.count() == 0


def test_only_the_mayor_writes_first_to_a_citizen(town: Town, mayor: Person, citizen: Person) -> None:
    agent = factories.make_agent(town)
    for actor in (agent, citizen):
        with pytest.raises(Forbidden):
            actions.write_to_citizen(actor=actor, town=town, citizen=citizen)
    with pytest.raises(Forbidden):
        actions.open_conversation(actor=mayor, town=town)


def test_a_message_gets_the_streams_number(talk: Conversation, citizen: Person) -> None:
    first, second = factories.say(citizen, talk, "un"), factories.say(citizen, talk, "deux")
    assert (first.seq, second.seq) == (1, 2)
    assert list(Message.objects.values_list("id", "seq", "body").order_by("seq")) == [
        (first.id, 1, "un"),
        (second.id, 2, "deux"),
    ]
    assert '"body":"deux"' in streams.after(talk.topic, 1, limit=5)[0].text


def test_the_same_key_again_is_the_same_answer(talk: Conversation, citizen: Person, mayor: Person) -> None:
    first = factories.say(citizen, talk, "Bonjour", key="k")
    assert factories.say(citizen, talk, "  Bonjour\n", key="k") == first
    with pytest.raises(Conflict):
        factories.say(citizen, talk, "Autre chose", key="k")
    assert factories.say(mayor, talk, "Ma clé à moi", key="k").seq == 2
    assert Message.objects.count() == 2
    assert part(talk, mayor).unread == 1


@pytest.mark.parametrize("body", ["", "   \n ", "\x00", "x" * 10_001])
def test_words_that_can_not_be_kept(talk: Conversation, citizen: Person, body: str) -> None:
    with pytest.raises(Invalid) as refused:
        factories.say(citizen, talk, body)
    assert refused.value.field == "body"
    assert Message.objects.count() == 0
    assert streams.head(talk.topic).seq == 0


@pytest.mark.parametrize("key", ["", "x" * 65, "a\nb"])
def test_keys_that_are_none(talk: Conversation, citizen: Person, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.post_message(actor=citizen, conversation_id=talk.pk, key=key, body="Bonjour")
    assert refused.value.field == "key"


def test_a_stranger_can_do_nothing_there(talk: Conversation, town: Town, citizen: Person) -> None:
    stranger = factories.make_agent(town)
    factories.say(citizen, talk, "privé")
    for missing in (talk.pk, talk.pk + 999):
        with pytest.raises(NotFound):
            actions.post_message(actor=stranger, conversation_id=missing, key="k", body="Bonjour")
        with pytest.raises(NotFound):
            actions.mark_read(actor=stranger, conversation_id=missing, up_to=1)
        with pytest.raises(NotFound):
            actions.mark_delivered(actor=stranger, conversation_id=missing, up_to=1)
        with pytest.raises(NotFound):
            actions.invite_agent(actor=stranger, conversation_id=missing, agent=stranger)
        with pytest.raises(NotFound):
            actions.take_back(actor=stranger, conversation_id=missing)


def test_staff_who_lack_the_second_factor_read_nothing(
    talk: Conversation, town: Town, citizen: Person, mayor: Person
) -> None:
    town.staff_second_factor = True
    town.save()
    with pytest.raises(Forbidden) as refused:
        queries.access_conversation(mayor, talk.pk)
    assert refused.value.code == "second_factor_required"
    assert queries.access_conversation(citizen, talk.pk).part == "citizen"


def test_sixty_messages_in_ten_seconds_and_no_more(talk: Conversation, citizen: Person, mayor: Person) -> None:
    for number in range(60):
        factories.say(citizen, talk, f"message {number}")
    with pytest.raises(RateLimited) as refused:
        factories.say(citizen, talk, "un de trop")
    assert 0 < refused.value.retry_after_s <= 10
    factories.say(mayor, talk, "les autres ne sont pas gênés")


def test_unread_counts_rise_and_fall(talk: Conversation, citizen: Person, mayor: Person) -> None:
    factories.say(citizen, talk, "un")
    second = factories.say(citizen, talk, "deux")
    assert (part(talk, mayor).unread, queries.total_unread(mayor.pk)) == (2, 2)
    assert part(talk, citizen).unread == 0
    assert actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=1) == 1
    assert part(talk, mayor).unread == 1
    assert part(talk, mayor).unread_since == Message.objects.get(pk=second.id).at
    assert actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=999) == 3  # 1 and 2, and the reading itself
    assert (part(talk, mayor).unread, part(talk, mayor).unread_since) == (0, None)
    assert actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=1) == 3


def test_reading_is_told_to_the_conversation_and_to_ones_own_pages(
    talk: Conversation, citizen: Person, mayor: Person
) -> None:
    factories.say(citizen, talk, "un")
    actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=1)
    actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=1)
    told = [event.text for event in streams.after(talk.topic, 1, limit=10)]
    assert len(told) == 1
    assert f'"event":"message.read","seq":2,"payload":{{"person":{mayor.pk},"up_to":1,' in told[0]
    assert '"unread":0,"total_unread":0' in streams.after(f"inbox.{mayor.pk}", 1, limit=10)[-1].text


def test_who_passes_their_own_words_read_the_others_when_they_did(
    talk: Conversation, citizen: Person, mayor: Person
) -> None:
    factories.say(citizen, talk, "un")
    with standing_at(now() - timedelta(hours=2)):
        actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=1)
    read_at = part(talk, mayor).read_at
    factories.say(mayor, talk, "deux")
    actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=3)
    assert (part(talk, mayor).read_seq, part(talk, mayor).read_at) == (3, read_at)
    factories.say(citizen, talk, "trois")
    actions.mark_read(actor=mayor, conversation_id=talk.pk, up_to=5)
    assert (part(talk, mayor).read_seq, part(talk, mayor).read_at > read_at) == (5, True)


def test_delivery_goes_forward_only(talk: Conversation, citizen: Person, mayor: Person) -> None:
    factories.say(citizen, talk, "un")
    factories.say(citizen, talk, "deux")
    for up_to in (2, 1, 2):
        actions.mark_delivered(actor=mayor, conversation_id=talk.pk, up_to=up_to)
    assert part(talk, mayor).delivered_seq == 2
    assert streams.head(talk.topic).seq == 3


def test_the_citizen_waits_until_the_town_answers(talk: Conversation, citizen: Person, mayor: Person) -> None:
    factories.say(citizen, talk, "une question")
    asked = Message.objects.get(body="une question").at
    factories.say(citizen, talk, "encore moi")
    talk.refresh_from_db()
    assert talk.waiting_since == asked
    factories.say(mayor, talk, "une réponse")
    talk.refresh_from_db()
    assert talk.waiting_since is None
    [answer] = Answer.objects.all()
    assert answer.asked_at == asked
    factories.say(mayor, talk, "et une autre")
    assert Answer.objects.count() == 1


def test_the_towns_habit_is_told_from_real_answers(talk: Conversation, town: Town) -> None:
    assert queries.town_habit(town) == ""
    for hours in (1, 2, 3, 20, 100):
        Answer.objects.create(town=town, conversation=talk, asked_at=now() - timedelta(hours=hours), answered_at=now())
    assert queries.town_habit(town) == "three_days"
    Answer.objects.filter(asked_at__lt=now() - timedelta(hours=50)).delete()
    Answer.objects.create(town=town, conversation=talk, asked_at=now() - timedelta(minutes=5), answered_at=now())
    assert queries.town_habit(town) == "day"


@pytest.mark.parametrize(
    ("hours", "name"),
    [([0.5] * 5, "hour"), ([10] * 5, "day"), ([60] * 5, "three_days"), ([150] * 5, "week"), ([400] * 5, "")],
)
def test_habits_have_names(hours: list[float], name: str) -> None:
    assert rules.habit([timedelta(hours=hour) for hour in hours]) == name
    assert rules.habit([timedelta(hours=hour) for hour in hours[:4]]) == ""


class TestHandingOver:
    """The mayor brings an agent in; the citizen sees who answers."""

    @pytest.fixture
    def agent(self, town: Town) -> Person:
        return factories.make_agent(town, first_name="Maude", last_name="Lavoie")

    def test_an_invited_agent_reads_and_answers(
        self, talk: Conversation, mayor: Person, citizen: Person, agent: Person
    ) -> None:
        factories.say(citizen, talk, "une question")
        actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=agent)
        factories.say(agent, talk, "je m’en occupe")
        page = queries.page_of_messages(talk, reader=talk.citizen)
        assert [message.system and message.system["code"] for message in page.messages] == [None, "joined", None]
        assert page.messages[-1].author is not None
        assert (page.messages[-1].author.part, page.messages[-1].author.name) == ("agent", "Maude Lavoie")
        talk.refresh_from_db()
        assert (talk.waiting_since, talk.answered_by) == (None, None)
        assert part(talk, mayor).unread == 2

    def test_handing_over_says_who_answers_until_it_is_taken_back(
        self, talk: Conversation, mayor: Person, agent: Person
    ) -> None:
        actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=agent, hand_over=True)
        talk.refresh_from_db()
        assert talk.answered_by == agent
        actions.take_back(actor=mayor, conversation_id=talk.pk)
        actions.take_back(actor=mayor, conversation_id=talk.pk)
        talk.refresh_from_db()
        assert talk.answered_by is None
        page = queries.page_of_messages(talk, reader=talk.citizen)
        said = [message.system["code"] for message in page.messages if message.system]
        assert said == ["handed_over", "taken_back"]

    def test_who_is_taken_out_reads_no_more(self, talk: Conversation, mayor: Person, agent: Person) -> None:
        actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=agent, hand_over=True)
        actions.remove_agent(actor=mayor, conversation_id=talk.pk, agent=agent)
        with pytest.raises(NotFound):
            queries.access_conversation(agent, talk.pk)
        assert queries.gone({(agent.pk, talk.pk), (mayor.pk, talk.pk)}) == {(agent.pk, talk.pk)}
        talk.refresh_from_db()
        assert talk.answered_by is None
        with pytest.raises(NotFound):
            actions.remove_agent(actor=mayor, conversation_id=talk.pk, agent=agent)
        actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=agent)
        assert queries.access_conversation(agent, talk.pk).part == "agent"

    def test_who_answers_goes_on_when_another_is_taken_out(
        self, talk: Conversation, town: Town, mayor: Person, agent: Person
    ) -> None:
        other = factories.make_agent(town)
        actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=agent, hand_over=True)
        actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=other)
        actions.remove_agent(actor=mayor, conversation_id=talk.pk, agent=other)
        told = streams.after(talk.topic, 0, limit=20)[-1].text
        assert f'"answered_by":{{"id":{agent.pk},' in told

    def test_only_the_mayor_does_so_and_only_with_their_own_staff(
        self, talk: Conversation, mayor: Person, citizen: Person, agent: Person
    ) -> None:
        with pytest.raises(Forbidden):
            actions.invite_agent(actor=citizen, conversation_id=talk.pk, agent=agent)
        outsider = factories.make_agent(factories.make_town())
        with pytest.raises(Invalid):
            actions.invite_agent(actor=mayor, conversation_id=talk.pk, agent=outsider)
        with pytest.raises(Forbidden):
            actions.remove_agent(actor=citizen, conversation_id=talk.pk, agent=mayor)


class TestAttachments:
    """Files come with one message, from who sent them, for who takes part."""

    def file(self, owner: Person, name: str = "plan.pdf") -> StoredFile:
        return StoredFile.objects.create(owner=owner, name=name, content_type="application/pdf", size_bytes=4)

    def test_a_file_alone_is_a_message(self, talk: Conversation, citizen: Person, mayor: Person) -> None:
        file = self.file(citizen)
        actions.post_message(actor=citizen, conversation_id=talk.pk, key="k", body="", file_ids=[str(file.pk)])
        [message] = queries.page_of_messages(talk, reader=talk.citizen).messages
        assert [ref.name for ref in message.attachments] == ["plan.pdf"]
        assert queries.access_attachment(mayor, talk.pk, file.pk) == file
        assert queries.participations(mayor)[0].conversation.last_excerpt == "plan.pdf"

    def test_sent_again_it_is_the_same_message(self, talk: Conversation, citizen: Person) -> None:
        ids = [str(self.file(citizen, name).pk) for name in ("a.pdf", "b.pdf")]
        sent = [
            actions.post_message(actor=citizen, conversation_id=talk.pk, key="k", body="", file_ids=ids)
            for _ in range(2)
        ]
        assert sent[0] == sent[1]
        with pytest.raises(Conflict):
            actions.post_message(actor=citizen, conversation_id=talk.pk, key="k", body="", file_ids=ids[::-1])
        with pytest.raises(Conflict):
            actions.post_message(actor=citizen, conversation_id=talk.pk, key="other", body="", file_ids=ids)

    def test_what_is_not_yours_can_not_be_sent(self, talk: Conversation, citizen: Person, mayor: Person) -> None:
        for file_ids in ([str(self.file(mayor).pk)], ["00000000-0000-0000-0000-000000000000"], ["no uuid"]):
            with pytest.raises(Invalid):
                actions.post_message(actor=citizen, conversation_id=talk.pk, key="k", body="", file_ids=file_ids)
        assert Message.objects.count() == 0

    def test_a_stranger_gets_no_file(self, talk: Conversation, citizen: Person, town: Town) -> None:
        file = self.file(citizen)
        actions.post_message(actor=citizen, conversation_id=talk.pk, key="k", body="", file_ids=[str(file.pk)])
        with pytest.raises(NotFound):
            queries.access_attachment(factories.make_agent(town), talk.pk, file.pk)
        unattached = self.file(citizen)
        with pytest.raises(NotFound):
            queries.access_attachment(citizen, talk.pk, unattached.pk)


def test_pages_of_history(talk: Conversation, citizen: Person) -> None:
    for number in range(7):
        factories.say(citizen, talk, f"mot {number}")
    latest = queries.page_of_messages(talk, reader=talk.citizen, limit=3)
    assert ([message.seq for message in latest.messages], latest.has_older) == ([5, 6, 7], True)
    oldest = queries.page_of_messages(talk, reader=talk.citizen, before=3, limit=3)
    assert ([message.seq for message in oldest.messages], oldest.has_older) == ([1, 2], False)


def test_searching_ones_own_conversations(talk: Conversation, town: Town, mayor: Person, citizen: Person) -> None:
    other = factories.make_person(town=town, first_name="Bruno", last_name="Gagnon")
    factories.make_conversation(town, other, "le lampadaire de la rue du Four")
    factories.say(citizen, talk, "le banc du square")

    def found(words: str) -> set[int]:
        return {p.conversation.citizen_id or 0 for p in queries.search(queries.participations(mayor), words)}

    assert found("banc") == {citizen.pk}
    assert found("gagnon FOUR") == {other.pk}
    assert found("banc four") == set()
    assert found("") == {citizen.pk, other.pk}
    assert {p.conversation.citizen_id for p in queries.search(queries.participations(citizen), "lampadaire")} == set()


@pytest.mark.parametrize(
    ("body", "line"), [("un\n deux", "un deux"), ("mot " * 60, "mot " * 26 + "mot…"), ("x" * 200, "x" * 110 + "…")]
)
def test_one_line_for_lists(body: str, line: str) -> None:
    assert rules.excerpt(body) == line


def test_totals_are_right_when_many_write_to_one_mayor_at_once(town: Town, mayor: Person) -> None:
    citizens = [factories.make_person(town=town) for _ in range(4)]
    talks = [factories.make_conversation(town, citizen) for citizen in citizens]

    def write(number: int) -> None:
        for _ in range(10):
            factories.say(citizens[number], talks[number], "Bonjour")
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    told = [json.loads(event.text) for event in streams.after(f"inbox.{mayor.pk}", 0, limit=100)]
    rows = [event["payload"] for event in told if event["event"] == "conversation.changed"]
    assert [row["total_unread"] for row in rows] == list(range(1, 41))
