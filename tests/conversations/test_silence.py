"""Who may not write for a while, and what new accounts may not yet."""

from datetime import timedelta
from typing import Any

import pytest

from hub.conversations import actions, queries, reported, rules
from hub.conversations.models import Silence
from hub.core.clock import now, standing_at
from hub.core.errors import Forbidden, Invalid, NotFound, RateLimited
from hub.core.ids import new_key
from hub.people.models import Person, Role
from tests import factories
from tests.conversations.group import Group
from tests.conversations.moderating import WHY, notified, say, trail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


class TestSilence:
    def silence(self, group: Group, person: Person, **more: Any) -> Silence:
        said = {"for_name": "day", "reason": WHY, "conversation_id": group.pk, **more}
        return actions.silence(actor=said.pop("actor", group.mayor), town=group.town, person=person, **said)

    def test_in_one_group_and_told_why_and_until_when(self, group: Group) -> None:
        other = factories.make_group(group.mayor, group.town, group.paul, title="Le marché")
        made = self.silence(group, group.paul)
        with pytest.raises(Forbidden) as refused:
            say(group, group.paul)
        assert refused.value.code == "silenced"
        factories.say(group.paul, other, "Ici, si.")
        say(group, group.zoe, "Les autres aussi.")
        told = {"title": "Budget 2027", "until": made.until.isoformat(), "reason": WHY}
        assert notified(group.paul, "muted") == [told]
        assert trail(group.town, "person.") == [
            ("person.silence", "Hélène Carpentier", {"person": "Paul Martin", **told})
        ]
        assert timedelta(hours=23) < made.until - now() <= timedelta(days=1)

    def test_everywhere_in_the_town_but_in_private_and_elsewhere(self, group: Group) -> None:
        live = factories.make_live(group.mayor, group.town, group.paul)
        self.silence(group, group.paul, conversation_id=None)
        assert notified(group.paul, "muted")[0]["title"] == ""
        for place in (group.conversation, live):
            with pytest.raises(Forbidden):
                factories.say(group.paul, place, "Bonjour")
        factories.make_conversation(group.town, group.paul, "Madame la maire, une question.")
        elsewhere = factories.make_town()
        factories.follow_town(person=group.paul, town=elsewhere)
        factories.say(
            group.paul, factories.make_group(factories.make_mayor(elsewhere), elsewhere, group.paul), "Ici, si."
        )

    def test_one_still_reads_and_marks(self, group: Group) -> None:
        seq = say(group, group.zoe, "Bonjour")
        self.silence(group, group.paul)
        page = queries.page_of_messages(group.part(group.paul).conversation, reader=group.paul)
        assert [one.body for one in page.messages] == ["Bonjour"]
        assert actions.react(actor=group.paul, conversation_id=group.pk, seq=seq, sign="like") == 1

    def test_one_does_not_write_by_changing_what_stands_there(self, group: Group) -> None:
        seq = say(group, group.paul, "Bonjour")
        self.silence(group, group.paul)
        with pytest.raises(Forbidden) as refused:
            actions.edit_message(actor=group.paul, conversation_id=group.pk, seq=seq, body="Espèces de nuls.")
        assert refused.value.code == "silenced"
        actions.withdraw_message(actor=group.paul, conversation_id=group.pk, seq=seq)

    def test_what_was_sent_before_is_taken_again_as_the_same(self, group: Group) -> None:
        key = new_key()
        first = factories.say(group.paul, group.conversation, "Bonjour", key=key)
        self.silence(group, group.paul)
        assert factories.say(group.paul, group.conversation, "Bonjour", key=key) == first

    def test_lifted_one_writes_again_and_knows(self, group: Group) -> None:
        made = self.silence(group, group.paul)
        for _again in range(2):
            actions.lift_silence(actor=group.mayor, town=group.town, silence_id=made.pk)
        say(group, group.paul, "Merci.")
        assert notified(group.paul, "unmuted") == [{"title": "Budget 2027"}]
        assert [one[0] for one in trail(group.town, "person.")] == ["person.silence", "person.unsilence"]
        assert not reported.silences(group.town).exists()

    @pytest.mark.parametrize("name", rules.SILENCES)
    def test_it_ends_by_itself(self, group: Group, name: str) -> None:
        self.silence(group, group.paul, for_name=name)
        lasts = rules.SILENCES[name]
        with standing_at(now() + lasts - timedelta(minutes=1)):
            with pytest.raises(Forbidden):
                say(group, group.paul)
            assert reported.silences(group.town).exists()
        with standing_at(now() + lasts + timedelta(minutes=1)):
            say(group, group.paul, "Me revoilà.")
            assert not reported.silences(group.town).exists()

    def test_the_one_that_ends_last_counts(self, group: Group) -> None:
        self.silence(group, group.paul, for_name="hour")
        longer = self.silence(group, group.paul, for_name="week", conversation_id=None)
        with standing_at(now() + timedelta(hours=2)), pytest.raises(Forbidden):
            say(group, group.paul)
        actions.lift_silence(actor=group.mayor, town=group.town, silence_id=longer.pk)
        with pytest.raises(Forbidden):
            say(group, group.paul)

    @pytest.mark.parametrize(
        ("more", "field"),
        [({"for_name": "year"}, "for"), ({"reason": " "}, "reason"), ({"reason": "x" * 301}, "reason")],
    )
    def test_what_can_not_be_kept(self, group: Group, more: dict[str, str], field: str) -> None:
        with pytest.raises(Invalid) as refused:
            self.silence(group, group.paul, **more)
        assert refused.value.field == field
        assert not Silence.objects.exists()

    def test_not_the_town_halls_own_nor_strangers(self, group: Group) -> None:
        agent = factories.make_agent(group.town)
        with pytest.raises(Forbidden):
            self.silence(group, agent)
        with pytest.raises(NotFound):
            self.silence(group, factories.make_person(town=factories.make_town()))
        elsewhere = factories.make_town()
        foreign = factories.make_group(factories.make_mayor(elsewhere), elsewhere)
        with pytest.raises(NotFound):
            self.silence(group, group.paul, conversation_id=foreign.pk)

    @pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATOR, Role.CITIZEN])
    def test_only_moderators_make_and_lift(self, group: Group, role: Role) -> None:
        made, other = self.silence(group, group.paul), factories.make_person(town=group.town, roles=[role])
        with pytest.raises(Forbidden):
            self.silence(group, group.zoe, actor=other)
        with pytest.raises(Forbidden):
            actions.lift_silence(actor=other, town=group.town, silence_id=made.pk)
        with pytest.raises(Forbidden):
            say(group, group.paul)

    def test_nobody_lifts_another_towns(self, group: Group) -> None:
        made, elsewhere = self.silence(group, group.paul), factories.make_town()
        mayor = factories.make_mayor(elsewhere)
        for town, silence_id in ((elsewhere, made.pk), (elsewhere, made.pk + 50)):
            with pytest.raises(NotFound):
                actions.lift_silence(actor=mayor, town=town, silence_id=silence_id)
        with pytest.raises(Forbidden):
            actions.lift_silence(actor=mayor, town=group.town, silence_id=made.pk)


class TestNewAccounts:
    @pytest.fixture
    def newcomer(self, group: Group) -> Person:
        person = factories.make_person(town=group.town, first_name="Nadia", last_name="Noël")
        actions.join(actor=person, conversation_id=group.pk)
        return person

    @pytest.mark.parametrize("body", ["Voir https://exemple.fr", "www.exemple.fr", "HTTP://X"])
    def test_no_addresses_for_a_day(self, group: Group, newcomer: Person, body: str) -> None:
        with pytest.raises(Invalid) as refused:
            say(group, newcomer, body)
        assert refused.value.code == "new_account"
        seq = say(group, newcomer, "Bonjour")
        with pytest.raises(Invalid):
            actions.edit_message(actor=newcomer, conversation_id=group.pk, seq=seq, body=body)
        with standing_at(now() + rules.NEW_FOR):
            say(group, newcomer, body)

    def test_five_messages_in_ten_minutes(self, group: Group, newcomer: Person) -> None:
        for number in range(5):
            say(group, newcomer, f"N° {number}")
        with pytest.raises(RateLimited) as refused:
            say(group, newcomer, "De trop")
        assert 0 < refused.value.retry_after_s <= 600
        for number in range(6):
            say(group, group.paul, f"Un ancien, n° {number}")

    def test_neither_holds_in_private_nor_for_the_town_hall(self, group: Group, newcomer: Person) -> None:
        talk = factories.make_conversation(group.town, newcomer, "https://exemple.fr")
        for number in range(6):
            factories.say(newcomer, talk, f"N° {number}")
        agent = factories.make_agent(group.town)
        actions.join(actor=agent, conversation_id=group.pk)
        for number in range(6):
            say(group, agent, f"https://exemple.fr/{number}")
