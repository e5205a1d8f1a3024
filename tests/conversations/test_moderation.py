"""What keeps groups civil: reports, decisions with their reasons, people who are silent for a while, new accounts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.audit.models import Entry
from hub.audit.queries import entries_of, first_broken
from hub.conversations import actions, queries, reported, rules
from hub.conversations.models import Conversation, Kind, Outcome, Removal, Report, Silence
from hub.core.clock import now, standing_at
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from hub.core.ids import new_key
from hub.notifications.models import Notification
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.conversations.group import Group, make_group

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]

Decide = Callable[..., None]
WITH_REASON: list[Decide] = [actions.hide_message, actions.remove_message]
WITHOUT: list[Decide] = [actions.restore_message, actions.keep_message]
WHY = "Ces mots blessent quelqu’un."


@pytest.fixture
def group(town: Town, mayor: Person) -> Group:
    made = make_group(town, mayor)
    factories.settled(made.paul, made.zoe)
    return made


@pytest.fixture
def moderator(town: Town) -> Person:
    """Who moderates, and is in no group."""
    return factories.make_person(town=town, roles=[Role.MODERATOR], first_name="Odile", last_name="Roy")


def say(group: Group, author: Person, body: str = "Espèces de nuls.") -> int:
    return factories.say(author, group.conversation, body).seq


def report(group: Group, who: Person, seq: int, reason: str = "insult", words: str = "") -> Report:
    return actions.report_message(actor=who, conversation_id=group.pk, seq=seq, reason=reason, words=words)


def notified(person: Person, code: str) -> list[dict[str, Any]]:
    """The fields of what the person was told under this code, oldest first."""
    return list(Notification.objects.filter(person=person, code=code).order_by("pk").values_list("what", flat=True))


def trail(town: Town, acts: str = "") -> list[tuple[str, str, dict[str, Any]]]:
    """Act, who, fields; oldest first. The chain holds."""
    assert first_broken(town) is None
    return [(entry.act, entry.actor_name, entry.what) for entry in reversed(entries_of(town, acts=acts))]


def act(decide: Decide, actor: Person, group: Group, seq: int) -> None:
    reason = {"reason": WHY} if decide in WITH_REASON else {}
    decide(actor=actor, conversation_id=group.pk, seq=seq, **reason)


class TestReporting:
    def test_moderators_are_told_and_the_message_waits(self, group: Group, moderator: Person) -> None:
        agent = factories.make_agent(group.town)
        seq = say(group, group.paul)
        kept = report(group, group.zoe, seq, words="  Pas  la première fois. ")
        assert (kept.reason, kept.words, kept.handled_at) == ("insult", "Pas la première fois.", None)
        assert notified(moderator, "reported") == [{"title": "Budget 2027", "excerpt": "Espèces de nuls."}]
        assert notified(group.mayor, "reported")
        assert not notified(agent, "reported")
        assert not notified(group.paul, "reported")
        assert reported.to_moderate(group.town) == 1
        assert trail(group.town) == []

    def test_once_per_person_and_a_message_counts_once(self, group: Group, moderator: Person) -> None:
        seq = say(group, group.paul)
        first = report(group, group.zoe, seq, words="un")
        assert report(group, group.zoe, seq, "spam", "deux") == first
        assert (Report.objects.get().reason, Report.objects.get().words) == ("insult", "un")
        report(group, group.mayor, seq)
        assert (Report.objects.count(), reported.to_moderate(group.town)) == (2, 1)
        assert Notification.objects.get(person=moderator, code="reported").count == 2

    def test_who_has_looked_is_told_of_the_next_one_anew(self, group: Group, moderator: Person) -> None:
        report(group, group.zoe, say(group, group.paul))
        actions.see_reports(actor=moderator, town=group.town)
        report(group, group.zoe, say(group, group.paul, "Encore."))
        told = Notification.objects.filter(person=moderator, code="reported").order_by("pk")
        assert [(one.count, one.read_at is None) for one in told] == [(1, False), (1, True)]

    def test_a_reason_of_those_offered(self, group: Group) -> None:
        seq = say(group, group.paul)
        for reason, words, field in (("", "", "reason"), ("laid", "", "reason"), ("spam", "x" * 501, "words")):
            with pytest.raises(Invalid) as refused:
                report(group, group.zoe, seq, reason, words)
            assert refused.value.field == field
        assert Report.objects.count() == 0

    def test_not_ones_own_not_in_private_not_what_is_gone(self, group: Group, citizen: Person) -> None:
        seq = say(group, group.paul)
        with pytest.raises(Forbidden):
            report(group, group.paul, seq)
        talk = factories.make_conversation(group.town, citizen, "Bonjour")
        with pytest.raises(Forbidden):
            actions.report_message(actor=group.mayor, conversation_id=talk.pk, seq=1, reason="spam")
        act(actions.remove_message, group.mayor, group, seq)
        with pytest.raises(NotFound):
            report(group, group.zoe, seq)

    def test_only_who_takes_part(self, group: Group, citizen: Person) -> None:
        seq = say(group, group.paul)
        for stranger, number in ((citizen, seq), (group.zoe, seq + 50)):
            with pytest.raises(NotFound):
                report(group, stranger, number)

    def test_twenty_an_hour(self, group: Group) -> None:
        said = [say(group, group.paul, f"N° {number}") for number in range(21)]
        for seq in said[:20]:
            report(group, group.zoe, seq)
        with pytest.raises(RateLimited):
            report(group, group.zoe, said[20])


class TestWhoDecides:
    @pytest.mark.parametrize("decide", [*WITH_REASON, *WITHOUT])
    @pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATOR, Role.CITIZEN])
    def test_not_the_others_of_the_town(self, group: Group, decide: Decide, role: Role) -> None:
        seq = say(group, group.paul)
        report(group, group.zoe, seq)
        with pytest.raises(Forbidden):
            act(decide, factories.make_person(town=group.town, roles=[role]), group, seq)
        assert group.message(seq).removal == ""
        assert reported.to_moderate(group.town) == 1

    @pytest.mark.parametrize("decide", [*WITH_REASON, *WITHOUT])
    def test_another_towns_message_is_none(self, group: Group, decide: Decide) -> None:
        elsewhere = factories.make_mayor(factories.make_town())
        seq = say(group, group.paul)
        for number in (seq, seq + 50):
            with pytest.raises(NotFound):
                act(decide, elsewhere, group, number)

    @pytest.mark.parametrize("decide", [*WITH_REASON, *WITHOUT])
    def test_nobody_moderates_a_private_conversation(self, group: Group, citizen: Person, decide: Decide) -> None:
        talk = factories.make_conversation(group.town, citizen, "Bonjour")
        reason = {"reason": WHY} if decide in WITH_REASON else {}
        with pytest.raises(NotFound):
            decide(actor=group.mayor, conversation_id=talk.pk, seq=1, **reason)

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.MANAGER, Role.MODERATOR])
    def test_these_do_and_need_not_take_part(self, group: Group, role: Role) -> None:
        person = group.mayor if role == Role.MAYOR else factories.make_person(town=group.town, roles=[role])
        seq = say(group, group.paul)
        act(actions.remove_message, person, group, seq)
        assert (group.message(seq).removal, group.message(seq).removed_by) == (Removal.MODERATION, person)


class TestHidingAndRemoving:
    @pytest.mark.parametrize(
        ("decide", "removal", "code", "noted"),
        [
            (actions.hide_message, Removal.HIDDEN, "message_hidden", "message.hide"),
            (actions.remove_message, Removal.MODERATION, "message_removed", "message.remove"),
        ],
    )
    def test_others_no_longer_read_it_and_its_author_knows_why(
        self, group: Group, moderator: Person, decide: Decide, removal: Removal, code: str, noted: str
    ) -> None:
        seq = say(group, group.paul)
        act(decide, moderator, group, seq)
        stored = group.message(seq)
        assert (stored.removal, stored.removal_reason, stored.body) == (removal, WHY, "Espèces de nuls.")
        page = queries.page_of_messages(group.conversation, reader=group.zoe)
        assert [(one.body, one.removal) for one in page.messages] == [("", removal)]
        assert notified(group.paul, code) == [{"title": "Budget 2027", "excerpt": "Espèces de nuls.", "reason": WHY}]
        assert trail(group.town) == [
            (noted, "Odile Roy", {"title": "Budget 2027", "author": "Paul Martin", "reason": WHY})
        ]
        assert f'"removal":"{removal}"' in group.events("message.removed")[0]

    @pytest.mark.parametrize("decide", WITH_REASON)
    @pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
    def test_not_without_a_reason_that_can_be_read(self, group: Group, decide: Decide, reason: str) -> None:
        seq = say(group, group.paul)
        with pytest.raises(Invalid) as refused:
            decide(actor=group.mayor, conversation_id=group.pk, seq=seq, reason=reason)
        assert refused.value.field == "reason"
        assert group.message(seq).removal == ""
        assert trail(group.town) == []

    @pytest.mark.parametrize("decide", WITH_REASON)
    def test_twice_is_once(self, group: Group, decide: Decide) -> None:
        seq = say(group, group.paul)
        act(decide, group.mayor, group, seq)
        act(decide, group.mayor, group, seq)
        assert len(trail(group.town)) == len(group.events("message.removed")) == 1
        assert Notification.objects.filter(person=group.paul).exclude(code="group_created").count() == 1

    def test_removing_answers_who_reported_hiding_does_not(self, group: Group) -> None:
        seq = say(group, group.paul)
        report(group, group.zoe, seq)
        act(actions.hide_message, group.mayor, group, seq)
        assert not notified(group.zoe, "report_handled")
        assert (Report.objects.get().handled_at, reported.to_moderate(group.town)) == (None, 1)
        act(actions.remove_message, group.mayor, group, seq)
        assert notified(group.zoe, "report_handled") == [{"title": "Budget 2027", "outcome": "removed"}]
        closed = Report.objects.get()
        assert (closed.outcome, closed.handled_by, closed.handled_at is None) == (Outcome.REMOVED, group.mayor, False)
        assert reported.to_moderate(group.town) == 0

    def test_hidden_without_a_report_it_waits_too(self, group: Group) -> None:
        seq = say(group, group.paul)
        act(actions.hide_message, group.mayor, group, seq)
        assert reported.waiting(group.town) == [group.message(seq).pk]
        assert reported.to_moderate(group.town) == 1

    def test_a_removed_message_is_not_hidden_again(self, group: Group) -> None:
        seq = say(group, group.paul)
        act(actions.remove_message, group.mayor, group, seq)
        act(actions.hide_message, group.mayor, group, seq)
        assert group.message(seq).removal == Removal.MODERATION

    def test_lists_forget_its_words_and_find_them_again(self, group: Group) -> None:
        seq = say(group, group.paul)
        for decide, excerpt in ((actions.hide_message, ""), (actions.restore_message, "Espèces de nuls.")):
            act(decide, group.mayor, group, seq)
            assert Conversation.objects.get(pk=group.pk).last_excerpt == excerpt

    def test_an_older_message_that_comes_back_is_not_the_last_one(self, group: Group) -> None:
        seq = say(group, group.paul)
        say(group, group.zoe, "Plus tard.")
        act(actions.hide_message, group.mayor, group, seq)
        act(actions.restore_message, group.mayor, group, seq)
        assert Conversation.objects.get(pk=group.pk).last_excerpt == "Plus tard."


class TestRestoringAndKeeping:
    @pytest.mark.parametrize("decide", WITH_REASON)
    def test_it_is_shown_again_and_its_author_knows(self, group: Group, decide: Decide) -> None:
        seq = say(group, group.paul)
        report(group, group.zoe, seq)
        act(decide, group.mayor, group, seq)
        act(actions.restore_message, group.mayor, group, seq)
        stored = group.message(seq)
        assert (stored.removal, stored.removal_reason, stored.removed_at, stored.removed_by) == ("", "", None, None)
        page = queries.page_of_messages(group.conversation, reader=group.zoe)
        assert [one.body for one in page.messages] == ["Espèces de nuls."]
        assert notified(group.paul, "message_restored")
        assert [what["outcome"] for what in notified(group.zoe, "report_handled")] == [
            "kept" if decide is actions.hide_message else "removed"
        ]
        assert [one[0] for one in trail(group.town)][1:] == ["message.restore"]
        assert '"body":"Espèces de nuls."' in group.events("message.changed")[0]
        assert reported.to_moderate(group.town) == 0

    def test_what_is_shown_is_not_shown_again(self, group: Group) -> None:
        act(actions.restore_message, group.mayor, group, say(group, group.paul))
        assert trail(group.town) == []

    def test_kept_it_stays_and_who_reported_knows(self, group: Group) -> None:
        seq = say(group, group.paul)
        report(group, group.zoe, seq)
        act(actions.keep_message, group.mayor, group, seq)
        assert group.message(seq).removal == ""
        assert notified(group.zoe, "report_handled") == [{"title": "Budget 2027", "outcome": "kept"}]
        assert Notification.objects.filter(person=group.paul).exclude(code="group_created").count() == 0
        assert trail(group.town) == [
            ("message.keep", "Hélène Carpentier", {"title": "Budget 2027", "author": "Paul Martin"})
        ]
        assert Report.objects.get().outcome == Outcome.KEPT

    def test_keeping_what_nobody_reports_is_nothing(self, group: Group) -> None:
        act(actions.keep_message, group.mayor, group, say(group, group.paul))
        assert trail(group.town) == []

    def test_what_is_hidden_is_restored_not_kept(self, group: Group) -> None:
        """Who reported it would be told that it stays visible."""
        seq = say(group, group.paul)
        report(group, group.zoe, seq)
        act(actions.hide_message, group.mayor, group, seq)
        with pytest.raises(Conflict):
            act(actions.keep_message, group.mayor, group, seq)
        assert not notified(group.zoe, "report_handled")

    def test_what_its_author_took_back_stays_so_and_its_reports_can_be_closed(self, group: Group) -> None:
        seq = say(group, group.paul)
        report(group, group.zoe, seq)
        actions.withdraw_message(actor=group.paul, conversation_id=group.pk, seq=seq)
        with pytest.raises(Forbidden):
            act(actions.restore_message, group.mayor, group, seq)
        assert reported.to_moderate(group.town) == 1
        act(actions.remove_message, group.mayor, group, seq)
        assert group.message(seq).removal == Removal.AUTHOR
        assert reported.to_moderate(group.town) == 0
        assert notified(group.zoe, "report_handled") == [{"title": "Budget 2027", "outcome": "removed"}]
        assert not notified(group.paul, "message_removed")
        assert [one[0] for one in trail(group.town)] == ["message.remove"]


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


class TestClosing:
    def test_a_moderator_who_takes_no_part_closes_it_and_says_why(self, group: Group, moderator: Person) -> None:
        actions.close(actor=moderator, conversation_id=group.pk, reason=WHY)
        for person in (group.paul, group.mayor):
            with pytest.raises(Forbidden) as refused:
                say(group, person)
            assert refused.value.code == "closed"
        assert trail(group.town) == [("conversation.close", "Odile Roy", {"title": "Budget 2027", "reason": WHY})]

    def test_what_was_said_is_still_reported_and_decided_of(self, group: Group) -> None:
        seq = say(group, group.paul)
        actions.close(actor=group.mayor, conversation_id=group.pk)
        report(group, group.zoe, seq)
        act(actions.remove_message, group.mayor, group, seq)
        assert group.message(seq).removal == Removal.MODERATION


class TestReading:
    """What moderators are shown: never more than is their business."""

    def test_reported_first_the_last_report_first_then_hidden(self, group: Group) -> None:
        first, second, third = (say(group, group.paul, body) for body in ("un", "deux", "trois"))
        for minute, seq in enumerate((second, first, third)):
            with standing_at(now() + timedelta(minutes=minute)):
                report(group, group.zoe, seq)
        act(actions.hide_message, group.mayor, group, third)
        cases = reported.cases(group.town, reported.waiting(group.town), group.mayor)
        assert [case.message.body for case in cases] == ["un", "deux", "trois"]

    def test_with_two_messages_before_and_after(self, group: Group) -> None:
        said = [say(group, group.zoe, f"N° {number}") for number in range(7)]
        actions.react(actor=group.paul, conversation_id=group.pk, seq=said[2], sign="like")  # takes a number too
        [case] = reported.cases(group.town, [group.message(said[3]).pk], group.mayor)
        assert [one.body for one in case.before] == ["N° 1", "N° 2"]
        assert [one.body for one in case.after] == ["N° 4", "N° 5"]

    def test_what_is_known_of_its_author(self, group: Group) -> None:
        gone, seq = say(group, group.paul, "Avant"), say(group, group.paul)
        act(actions.remove_message, group.mayor, group, gone)
        made = actions.silence(actor=group.mayor, town=group.town, person=group.paul, for_name="day", reason=WHY)
        [case] = reported.cases(group.town, [group.message(seq).pk], group.mayor)
        assert (case.removed, case.silence, case.may_silence, case.official) == (1, made, True, False)
        assert case.part == group.part(group.mayor)
        [gone_case] = reported.cases(group.town, [group.message(gone).pk], factories.make_agent(group.town))
        assert (gone_case.removed, gone_case.part) == (0, None)

    def test_who_is_of_the_town_hall_or_has_left_is_not_silenced(self, group: Group) -> None:
        by_mayor, by_zoe = say(group, group.mayor), say(group, group.zoe)
        group.zoe.memberships.all().delete()
        cases = reported.cases(group.town, [group.message(seq).pk for seq in (by_mayor, by_zoe)], group.mayor)
        assert [(case.official, case.may_silence) for case in cases] == [(True, False), (False, False)]

    def test_never_a_private_conversation_nor_another_towns(self, group: Group, citizen: Person) -> None:
        talk = factories.make_conversation(group.town, citizen, "Entre nous")
        elsewhere = factories.make_town()
        foreign = factories.make_group(factories.make_mayor(elsewhere), elsewhere, title="Ailleurs")
        factories.say(foreign.created_by, foreign, "Chez nous")
        for place in (talk, foreign):
            message = place.messages.get()
            assert reported.cases(group.town, [message.pk], group.mayor) == []
            with pytest.raises(NotFound):
                reported.access_case(group.town, place.pk, message.seq)

    def test_what_was_taken_back_before_anybody_reported_it_is_nobodys_business(self, group: Group) -> None:
        first, second = say(group, group.paul, "un"), say(group, group.paul, "deux")
        report(group, group.zoe, second)
        for seq in (first, second):
            actions.withdraw_message(actor=group.paul, conversation_id=group.pk, seq=seq)
        with pytest.raises(NotFound):
            reported.access_case(group.town, group.pk, first)
        assert reported.access_case(group.town, group.pk, second).body == "deux"

    def test_handled_the_last_decision_first_with_those_nobody_reported(self, group: Group) -> None:
        kept, removed, unreported, waiting = (
            say(group, group.paul, body) for body in ("un", "deux", "trois", "quatre")
        )
        for seq in (kept, removed, waiting):
            report(group, group.zoe, seq)
        for minute, (decide, seq) in enumerate(
            [(actions.keep_message, kept), (actions.remove_message, unreported), (actions.remove_message, removed)]
        ):
            with standing_at(now() + timedelta(minutes=minute)):
                act(decide, group.mayor, group, seq)
        ids = [pk for pk, _at in reported.handled(group.town)]
        assert [case.message.body for case in reported.cases(group.town, ids, group.mayor)] == ["deux", "trois", "un"]

    def test_the_count_is_the_towns_own(self, group: Group) -> None:
        report(group, group.zoe, say(group, group.paul))
        assert (reported.to_moderate(group.town), reported.to_moderate(factories.make_town())) == (1, 0)

    def test_a_live_chat_is_moderated_like_a_group(self, group: Group) -> None:
        live = factories.make_live(group.mayor, group.town, group.paul, group.zoe)
        assert live.kind == Kind.LIVE
        seq = factories.say(group.paul, live, "Nuls").seq
        actions.report_message(actor=group.zoe, conversation_id=live.pk, seq=seq, reason="insult")
        assert reported.to_moderate(group.town) == 1
        actions.remove_message(actor=group.mayor, conversation_id=live.pk, seq=seq, reason=WHY)
        assert Entry.objects.filter(act="message.remove", what__title=live.subject).count() == 1
