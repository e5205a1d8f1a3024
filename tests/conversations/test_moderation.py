"""What keeps groups civil: reports, and what moderators decide, always with a reason, always told."""

import pytest

from hub.conversations import actions, queries, reported
from hub.conversations.models import Conversation, Outcome, Removal, Report
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from hub.notifications.models import Notification
from hub.people.models import Person, Role
from tests import factories
from tests.conversations.group import Group
from tests.conversations.moderating import WHY, WITH_REASON, WITHOUT, Decide, act, notified, report, say, trail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


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
