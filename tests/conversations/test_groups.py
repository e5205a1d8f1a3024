"""Groups: who makes them, who is in, what each has to read, who may write."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from hub.audit.queries import entries_of
from hub.conversations import actions, queries
from hub.conversations.group_news import tell_group_news
from hub.conversations.models import Conversation, Message, Part
from hub.core.clock import now, standing_at
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.notifications.models import Broadcast
from hub.people.actions import close_account, follow_town, grant_role, revoke_role, unfollow_town
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conversations.conftest import anew, may_read, part
from tests.notifications.conftest import events, rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


@pytest.fixture
def group(town: Town, mayor: Person) -> Conversation:
    return factories.make_group(mayor, town)


class TestMaking:
    def test_the_mayor_and_who_manages_make_groups_nobody_else(self, town: Town, mayor: Person) -> None:
        manager = factories.make_person(town=town, roles=[Role.MANAGER])
        for maker in (mayor, manager):
            group = actions.create_group(actor=maker, town=town, title=" Budget\n2027 ", about="Vos priorités")
            assert (group.subject, group.about, group.created_by) == ("Budget 2027", "Vos priorités", maker)
            assert may_read(group, maker)
        others = [factories.make_person(town=town, roles=[role]) for role in Role if role not in {"mayor", "manager"}]
        for person in (*others, factories.make_mayor(factories.make_town())):
            with pytest.raises(Forbidden):
                actions.create_group(actor=person, town=town, title="Budget")
            with pytest.raises(Forbidden):
                actions.open_live(actor=person, town=town, title="Budget")
        assert Conversation.objects.count() == 2

    @pytest.mark.parametrize(
        ("title", "about", "field"), [(" ", "", "title"), ("x" * 81, "", "title"), ("Budget", "x" * 501, "about")]
    )
    def test_words_that_can_not_be_kept(self, town: Town, mayor: Person, title: str, about: str, field: str) -> None:
        with pytest.raises(Invalid) as refused:
            actions.create_group(actor=mayor, town=town, title=title, about=about)
        assert refused.value.field == field
        assert Conversation.objects.count() == Broadcast.objects.count() == 0

    def test_who_follows_the_town_is_told_where_to_enter(self, group: Conversation, town: Town, mayor: Person) -> None:
        [told] = Broadcast.objects.all()
        assert (told.town, told.code, told.actor, told.what) == (
            town, "group_created", mayor, {"title": "Marché du samedi"},
        )  # fmt: skip
        assert told.path == f"/messages/{group.pk}/entrer/"
        assert events(f"town.{town.slug}", "notification.added")[0]["code"] == "group_created"

    def test_its_times_are_those_of_its_making(self, town: Town, mayor: Person) -> None:
        last_month = now() - timedelta(days=30)
        with standing_at(last_month):
            group = actions.create_group(actor=mayor, town=town, title="Budget")
        assert anew(group).created_at == anew(group).last_at == part(group, mayor).joined_at == last_month

    def test_its_words_change(self, group: Conversation, mayor: Person, citizen: Person) -> None:
        actions.change_group(actor=mayor, conversation_id=group.pk, title="Marchés", about="")
        assert (anew(group).subject, anew(group).about) == ("Marchés", "")
        with pytest.raises(Forbidden):
            actions.change_group(actor=citizen, conversation_id=group.pk, title="Pris", about="")
        with pytest.raises(Invalid):
            actions.change_group(actor=mayor, conversation_id=group.pk, title="", about="")
        assert anew(group).subject == "Marchés"


class TestComingAndGoing:
    def test_who_follows_the_town_enters_as_what_they_are(self, group: Conversation, town: Town) -> None:
        for role, expected in (
            (Role.CITIZEN, Part.CITIZEN),
            (Role.AGENT, Part.AGENT),
            (Role.MODERATOR, Part.AGENT),
            (Role.MANAGER, Part.AGENT),
        ):
            person = factories.make_person(town=town, roles=[role])
            assert not may_read(group, person)
            actions.join(actor=person, conversation_id=group.pk)
            assert part(group, person).part == expected
            assert may_read(group, person)
        assert anew(group).members == 5

    def test_strangers_and_the_call_centre_do_not(self, group: Conversation, town: Town) -> None:
        stranger = factories.make_person(town=factories.make_town())
        operator = factories.make_person(town=town, roles=[Role.OPERATOR])
        for person, number in ((stranger, group.pk), (operator, group.pk), (operator, group.pk + 999)):
            with pytest.raises(NotFound):
                actions.join(actor=person, conversation_id=number)
        assert anew(group).members == 1

    def test_a_private_conversation_is_no_group(self, town: Town, mayor: Person, citizen: Person) -> None:
        talk = factories.make_conversation(town, factories.make_person(town=town), "entre nous")
        for act in (actions.join, actions.leave, actions.mute, actions.close, actions.reopen):
            with pytest.raises(NotFound):
                act(actor=citizen, conversation_id=talk.pk)
            with pytest.raises((NotFound, Forbidden)):
                act(actor=mayor, conversation_id=talk.pk)

    def test_twice_is_once(self, group: Conversation, citizen: Person) -> None:
        for _ in range(2):
            actions.join(actor=citizen, conversation_id=group.pk)
        assert anew(group).members == 2
        for _ in range(2):
            actions.leave(actor=citizen, conversation_id=group.pk)
        assert anew(group).members == 1
        assert not may_read(group, citizen)

    def test_who_comes_back_has_nothing_to_catch_up_with_and_hears_again(
        self, group: Conversation, mayor: Person, citizen: Person
    ) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        actions.mute(actor=citizen, conversation_id=group.pk)
        actions.leave(actor=citizen, conversation_id=group.pk)
        factories.say(mayor, group, "Pendant votre absence.")
        actions.join(actor=citizen, conversation_id=group.pk)
        back = part(group, citizen)
        assert (back.news, back.muted, back.left_at) == (0, False, None)
        assert anew(group).members == 2
        factories.say(mayor, group, "Bon retour.")
        assert part(group, citizen).news == 1

    def test_the_count_is_right_when_many_come_at_once(self, group: Conversation, town: Town) -> None:
        people = [factories.make_person(town=town) for _ in range(6)]

        def come(person: Person) -> None:
            actions.join(actor=person, conversation_id=group.pk)
            connection.close()

        with ThreadPoolExecutor(6) as pool:  # each twice, and at the same time
            list(pool.map(come, people * 2))
        assert anew(group).members == 7 == group.participants.filter(left_at=None).count()

    def test_who_leaves_the_town_is_out_of_its_groups(
        self, group: Conversation, town: Town, mayor: Person, citizen: Person
    ) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        actions.mute(actor=citizen, conversation_id=group.pk)
        unfollow_town(person=citizen, town=town)
        assert not may_read(group, citizen)
        assert list(queries.participations(citizen)) == []
        assert queries.parts_in(citizen, [group]) == {}
        assert [one.person for one in queries.members_of(group, limit=9)] == [mayor]
        for act in (actions.join, actions.leave, actions.mute):
            with pytest.raises(NotFound):
                act(actor=citizen, conversation_id=group.pk)
        with pytest.raises(NotFound):
            factories.say(citizen, group, "Je suis encore là ?")

    def test_at_night_those_who_left_the_town_are_counted_no_more(
        self, group: Conversation, town: Town, mayor: Person, citizen: Person
    ) -> None:
        closed, former = factories.make_person(town=town), factories.make_agent(town)
        staying = factories.make_person(town=town)
        talk = factories.make_conversation(town, citizen, "entre nous")
        for person in (citizen, closed, former, staying):
            actions.join(actor=person, conversation_id=group.pk)
        other = factories.make_group(mayor, town, citizen)
        unfollow_town(person=citizen, town=town)
        close_account(person=closed)
        revoke_role(actor=None, person=former, town=town, role=Role.AGENT)
        assert actions.let_go() == 4
        assert actions.let_go() == 0
        assert (anew(group).members, anew(other).members) == (2, 1)
        assert part(talk, citizen).left_at is None
        follow_town(person=citizen, town=town)
        assert not may_read(group, citizen)
        actions.join(actor=citizen, conversation_id=group.pk)
        assert (may_read(group, citizen), anew(group).members) == (True, 3)

    def test_a_closed_account_is_out_too(self, group: Conversation, citizen: Person) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        close_account(person=citizen)
        citizen.refresh_from_db()
        with pytest.raises(NotFound):
            queries.access_conversation(citizen, group.pk)
        with pytest.raises(NotFound):
            actions.join(actor=citizen, conversation_id=group.pk)

    def test_who_no_longer_works_there_does_not_speak_for_the_town_hall(self, group: Conversation, town: Town) -> None:
        agent = factories.make_person(town=town, roles=[Role.AGENT, Role.CITIZEN])
        actions.join(actor=agent, conversation_id=group.pk)
        revoke_role(actor=None, person=agent, town=town, role=Role.AGENT)
        assert not may_read(group, agent)
        with pytest.raises(NotFound):
            factories.say(agent, group, "La mairie vous informe.")
        actions.join(actor=agent, conversation_id=group.pk)
        assert part(group, agent).part == Part.CITIZEN
        assert may_read(group, agent)
        assert anew(group).members == 2

    def test_a_former_mayor_is_not_the_mayor_there(self, group: Conversation, town: Town, mayor: Person) -> None:
        grant_role(actor=None, person=mayor, town=town, role=Role.MANAGER)
        revoke_role(actor=None, person=mayor, town=town, role=Role.MAYOR)
        assert not may_read(group, mayor)
        actions.join(actor=mayor, conversation_id=group.pk)
        assert part(group, mayor).part == Part.AGENT
        assert may_read(group, mayor)

    def test_a_citizen_who_begins_to_work_there_stays_in(
        self, group: Conversation, town: Town, citizen: Person
    ) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        grant_role(actor=None, person=citizen, town=town, role=Role.AGENT)
        unfollow_town(person=citizen, town=town)
        assert may_read(group, citizen)
        actions.join(actor=citizen, conversation_id=group.pk)
        assert (part(group, citizen).part, anew(group).members) == (Part.AGENT, 2)

    def test_staff_without_the_second_factor_stay_at_the_door(self, group: Conversation, town: Town) -> None:
        agent = factories.make_agent(town)
        Town.objects.filter(pk=town.pk).update(staff_second_factor=True)
        with pytest.raises(Forbidden) as refused:
            actions.join(actor=agent, conversation_id=group.pk)
        assert refused.value.code == "second_factor_required"


class TestReading:
    def test_news_are_what_was_said_since_one_came(self, group: Conversation, mayor: Person, citizen: Person) -> None:
        factories.say(mayor, group, "Avant vous.")
        actions.join(actor=citizen, conversation_id=group.pk)
        assert part(group, citizen).news == 0
        first = factories.say(mayor, group, "Bonjour à tous.")
        factories.say(mayor, group, "Une question ?")
        assert (part(group, citizen).news, part(group, mayor).news) == (2, 0)
        actions.mark_read(actor=citizen, conversation_id=group.pk, up_to=first.seq)
        assert part(group, citizen).news == 1
        actions.mark_read(actor=citizen, conversation_id=group.pk, up_to=10**6)
        assert part(group, citizen).news == 0
        assert [told["unread"] for told in events(f"inbox.{citizen.pk}", "group.read")] == [1, 0]

    def test_who_writes_has_read_what_they_had_read(self, group: Conversation, mayor: Person, citizen: Person) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        factories.say(citizen, group, "Bonjour.")
        assert part(group, citizen).news == 0
        factories.say(mayor, group, "Bonjour.")
        factories.say(citizen, group, "J’ai une question.")
        assert part(group, citizen).news > 0, "the mayor's answer was not read"

    def test_nothing_is_written_for_each_reader(self, group: Conversation, mayor: Person, citizen: Person) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        factories.say(mayor, group, "Bonjour à tous.")
        assert part(group, citizen).unread == 0
        assert events(f"inbox.{citizen.pk}", "conversation.changed") == []
        assert queries.total_unread(citizen.pk) == 0

    def test_in_a_live_chat_nobody_has_anything_to_catch_up_with(
        self, town: Town, mayor: Person, citizen: Person
    ) -> None:
        chat = factories.make_live(mayor, town, citizen)
        said = factories.say(mayor, chat, "Bonsoir à tous.")
        assert part(chat, citizen).news == 0
        actions.mark_read(actor=citizen, conversation_id=chat.pk, up_to=said.seq)
        assert part(chat, citizen).read_seq == 0
        assert list(queries.participations(citizen)) == []

    def test_groups_are_listed_the_open_ones_first_then_by_their_last_message(self, town: Town, mayor: Person) -> None:
        first, second, third = (factories.make_group(mayor, town, title=title) for title in ("un", "deux", "trois"))
        factories.make_live(mayor, town)
        factories.make_group(factories.make_mayor(elsewhere := factories.make_town()), elsewhere)
        actions.close(actor=mayor, conversation_id=third.pk)
        factories.say(mayor, first, "Bonjour.")
        assert list(queries.groups_of(town)) == [first, second, third]


class TestMuting:
    def test_one_hears_no_more_but_of_words_that_name_one(
        self, group: Conversation, mayor: Person, citizen: Person
    ) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        actions.mute(actor=citizen, conversation_id=group.pk)
        assert part(group, citizen).muted
        factories.say(mayor, group, "Bonjour @Alice Moreau, qu’en pensez-vous ?")
        assert [row.code for row in rows(citizen)] == ["mention"]
        actions.mute(actor=citizen, conversation_id=group.pk, on=False)
        assert not part(group, citizen).muted

    def test_only_who_is_in(self, group: Conversation, citizen: Person) -> None:
        with pytest.raises(NotFound):
            actions.mute(actor=citizen, conversation_id=group.pk)


class TestWhoIsOut:
    def test_is_told_of_nothing_that_is_said_there(
        self, group: Conversation, town: Town, mayor: Person, citizen: Person
    ) -> None:
        bruno = factories.make_person(town=town, first_name="Bruno", last_name="Gagnon")
        said = {}
        for person in (citizen, bruno):
            actions.join(actor=person, conversation_id=group.pk)
            said[person] = factories.say(person, group, "À quelle heure ?").seq
        unfollow_town(person=citizen, town=town)
        actions.leave(actor=bruno, conversation_id=group.pk)
        factories.say(mayor, group, "@Alice Moreau, @Bruno Gagnon, à 8 h.")
        for seq in said.values():
            actions.post_message(actor=mayor, conversation_id=group.pk, key=f"k{seq}", body="À 8 h.", reply_to=seq)
        tell_group_news()
        assert [rows(person) for person in (citizen, bruno)] == [[], []]
        mine = queries.access_conversation(mayor, group.pk)
        assert queries.people_beginning(mine, "B") == queries.people_beginning(mine, "A") == []


class TestClosing:
    def test_all_may_read_and_nobody_write(self, group: Conversation, town: Town, mayor: Person) -> None:
        citizen = factories.make_person(town=town)
        actions.join(actor=citizen, conversation_id=group.pk)
        for _ in range(2):
            actions.close(actor=mayor, conversation_id=group.pk, reason="Le marché a eu lieu.")
        for person in (citizen, mayor):
            with pytest.raises(Forbidden) as refused:
                factories.say(person, group, "Encore un mot.")
            assert refused.value.code == "closed"
            assert may_read(group, person)
        assert events(group.topic, "rules.changed") == [{"closed": True, "slow_s": 0}]
        lines = [line.system for line in Message.objects.filter(conversation=group, author=None)]
        assert lines == [{"code": "closed", "name": mayor.name, "reason": "Le marché a eu lieu."}]
        assert [entry.act for entry in entries_of(town)] == ["conversation.close"]
        actions.reopen(actor=mayor, conversation_id=group.pk)
        assert factories.say(citizen, group, "Encore un mot.").seq > 0

    def test_moderators_close_and_residents_and_agents_do_not(self, group: Conversation, town: Town) -> None:
        people = [factories.make_person(town=town, roles=[role]) for role in (Role.CITIZEN, Role.AGENT)]
        for person in people:
            actions.join(actor=person, conversation_id=group.pk)
            with pytest.raises(Forbidden):
                actions.close(actor=person, conversation_id=group.pk)
            with pytest.raises(Forbidden):
                actions.set_pace(actor=person, conversation_id=group.pk, slow_s=10)
        moderator = factories.make_person(town=town, roles=[Role.MODERATOR])
        actions.close(actor=moderator, conversation_id=group.pk)
        for person in people:
            with pytest.raises(Forbidden):
                actions.reopen(actor=person, conversation_id=group.pk)
        assert anew(group).closed_at is not None

    def test_what_was_sent_before_is_taken_again_as_the_same(
        self, group: Conversation, mayor: Person, citizen: Person
    ) -> None:
        actions.join(actor=citizen, conversation_id=group.pk)
        sent = factories.say(citizen, group, "Juste à temps.", key="k")
        actions.close(actor=mayor, conversation_id=group.pk)
        assert factories.say(citizen, group, "Juste à temps.", key="k") == sent
