"""Live chats, one at a time; and how fast one may write there and in groups."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from hub.audit.queries import entries_of
from hub.conversations import actions, queries, rules
from hub.conversations.models import Conversation, Kind
from hub.core.clock import now, standing_at
from hub.core.errors import Conflict, Forbidden, Invalid, RateLimited
from hub.notifications.models import Broadcast
from hub.people.actions import follow_town, unfollow_town
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conversations.conftest import anew, may_read
from tests.notifications.conftest import events

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


@pytest.fixture
def group(town: Town, mayor: Person) -> Conversation:
    return factories.make_group(mayor, town)


class TestPace:
    def test_a_resident_waits_and_the_town_hall_does_not(
        self, group: Conversation, mayor: Person, citizen: Person
    ) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        actions.set_pace(actor=mayor, conversation_id=group.pk, slow_s=30)
        at = now()
        with standing_at(at):
            factories.say(citizen, group, "un")
        with standing_at(at + timedelta(seconds=12)):
            with pytest.raises(RateLimited) as refused:
                factories.say(citizen, group, "deux")
            assert refused.value.retry_after_s == 18
            factories.say(mayor, group, "un")
            factories.say(mayor, group, "deux")
        with standing_at(at + timedelta(seconds=30)):
            factories.say(citizen, group, "deux")
        assert anew(group).posts == 4

    def test_one_of_those_offered_and_told_once(self, group: Conversation, mayor: Person) -> None:
        for slow_s in (-1, 7, 3600):
            with pytest.raises(Invalid):
                actions.set_pace(actor=mayor, conversation_id=group.pk, slow_s=slow_s)
        for slow_s in (*rules.SLOW_MODES_S, rules.SLOW_MODES_S[-1]):
            actions.set_pace(actor=mayor, conversation_id=group.pk, slow_s=slow_s)
        assert [told["slow_s"] for told in events(group.topic, "rules.changed")] == [10, 30, 60, 300]


class TestLive:
    def test_one_at_a_time(self, town: Town, mayor: Person) -> None:
        chat = factories.make_live(mayor, town)
        with pytest.raises(Conflict):
            actions.open_live(actor=mayor, town=town, title="Une autre")
        assert queries.open_live_of(town) == chat
        elsewhere = factories.make_town()
        factories.make_live(factories.make_mayor(elsewhere), elsewhere)
        actions.close(actor=mayor, conversation_id=chat.pk)
        assert queries.open_live_of(town) is None
        assert factories.make_live(mayor, town) == queries.open_live_of(town)

    def test_one_is_opened_when_two_try_at_once(self, town: Town, mayor: Person) -> None:
        manager = factories.make_person(town=town, roles=[Role.MANAGER])

        def opened(actor: Person) -> bool:
            try:
                actions.open_live(actor=actor, town=town, title="Vos questions")
            except Conflict:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(opened, (mayor, manager))) == [False, True]
        assert Conversation.objects.filter(kind=Kind.LIVE).count() == Broadcast.objects.count() == 1

    def test_the_towns_pages_are_told_when_it_opens_and_when_it_ends(self, town: Town, mayor: Person) -> None:
        chat = factories.make_live(mayor, town)
        actions.close(actor=mayor, conversation_id=chat.pk)
        told = {"conversation": chat.pk, "title": "Vos questions"}
        assert events(f"town.{town.slug}", "live.changed") == [{**told, "open": True}, {**told, "open": False}]
        assert [told.code for told in Broadcast.objects.all()] == ["live_opened"]
        assert [entry.act for entry in entries_of(town)] == ["conversation.close", "live.open"]

    def test_once_over_it_is_read_again_by_who_was_there(self, town: Town, mayor: Person, citizen: Person) -> None:
        chat = factories.make_live(mayor, town, citizen)
        actions.close(actor=mayor, conversation_id=chat.pk)
        assert may_read(chat, citizen)
        late = factories.make_person(town=town)
        with pytest.raises(Forbidden) as refused:
            actions.join(actor=late, conversation_id=chat.pk)
        assert refused.value.code == "closed"
        with pytest.raises(Forbidden):
            actions.reopen(actor=mayor, conversation_id=chat.pk)
        assert anew(chat).members == 2

    def test_the_town_hall_reads_again_what_was_said(self, town: Town, mayor: Person) -> None:
        chat = factories.make_live(mayor, town)
        actions.close(actor=mayor, conversation_id=chat.pk)
        agent = factories.make_agent(town)
        actions.join(actor=agent, conversation_id=chat.pk)
        assert may_read(chat, agent)

    def test_words_are_short_there(self, town: Town, mayor: Person) -> None:
        chat = factories.make_live(mayor, town)
        factories.say(mayor, chat, "x" * 500)
        with pytest.raises(Invalid):
            factories.say(mayor, chat, "x" * 501)

    def test_it_follows_the_town_that_one_follows(self, town: Town, mayor: Person, citizen: Person) -> None:
        chat = factories.make_live(mayor, town, citizen)
        unfollow_town(person=citizen, town=town)
        assert not may_read(chat, citizen)
        follow_town(person=citizen, town=town)
        assert may_read(chat, citizen)
