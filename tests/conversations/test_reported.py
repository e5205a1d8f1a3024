"""What moderators are shown: never more than is their business."""

from datetime import timedelta

import pytest

from hub.audit.models import Entry
from hub.conversations import actions, reported
from hub.conversations.models import Kind
from hub.core.clock import now, standing_at
from hub.core.errors import NotFound
from hub.people.models import Person
from tests import factories
from tests.conversations.group import Group
from tests.conversations.moderating import WHY, act, report, say

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


def test_reported_first_the_last_report_first_then_hidden(group: Group) -> None:
    first, second, third = (say(group, group.paul, body) for body in ("un", "deux", "trois"))
    for minute, seq in enumerate((second, first, third)):
        with standing_at(now() + timedelta(minutes=minute)):
            report(group, group.zoe, seq)
    act(actions.hide_message, group.mayor, group, third)
    cases = reported.cases(group.town, reported.waiting(group.town), group.mayor)
    assert [case.message.body for case in cases] == ["un", "deux", "trois"]


def test_with_two_messages_before_and_after(group: Group) -> None:
    said = [say(group, group.zoe, f"N° {number}") for number in range(7)]
    actions.react(actor=group.paul, conversation_id=group.pk, seq=said[2], sign="like")  # takes a number too
    [case] = reported.cases(group.town, [group.message(said[3]).pk], group.mayor)
    assert [one.body for one in case.before] == ["N° 1", "N° 2"]
    assert [one.body for one in case.after] == ["N° 4", "N° 5"]


def test_what_is_known_of_its_author(group: Group) -> None:
    gone, seq = say(group, group.paul, "Avant"), say(group, group.paul)
    act(actions.remove_message, group.mayor, group, gone)
    made = actions.silence(actor=group.mayor, town=group.town, person=group.paul, for_name="day", reason=WHY)
    [case] = reported.cases(group.town, [group.message(seq).pk], group.mayor)
    assert (case.removed, case.silence, case.may_silence, case.official) == (1, made, True, False)
    assert case.part == group.part(group.mayor)
    [gone_case] = reported.cases(group.town, [group.message(gone).pk], factories.make_agent(group.town))
    assert (gone_case.removed, gone_case.part) == (0, None)


def test_who_is_of_the_town_hall_or_has_left_is_not_silenced(group: Group) -> None:
    by_mayor, by_zoe = say(group, group.mayor), say(group, group.zoe)
    group.zoe.memberships.all().delete()
    cases = reported.cases(group.town, [group.message(seq).pk for seq in (by_mayor, by_zoe)], group.mayor)
    assert [(case.official, case.may_silence) for case in cases] == [(True, False), (False, False)]


def test_never_a_private_conversation_nor_another_towns(group: Group, citizen: Person) -> None:
    talk = factories.make_conversation(group.town, citizen, "Entre nous")
    elsewhere = factories.make_town()
    foreign = factories.make_group(factories.make_mayor(elsewhere), elsewhere, title="Ailleurs")
    factories.say(foreign.created_by, foreign, "Chez nous")
    for place in (talk, foreign):
        message = place.messages.get()
        assert reported.cases(group.town, [message.pk], group.mayor) == []
        with pytest.raises(NotFound):
            reported.access_case(group.town, place.pk, message.seq)


def test_what_was_taken_back_before_anybody_reported_it_is_nobodys_business(group: Group) -> None:
    first, second = say(group, group.paul, "un"), say(group, group.paul, "deux")
    report(group, group.zoe, second)
    for seq in (first, second):
        actions.withdraw_message(actor=group.paul, conversation_id=group.pk, seq=seq)
    with pytest.raises(NotFound):
        reported.access_case(group.town, group.pk, first)
    assert reported.access_case(group.town, group.pk, second).body == "deux"


def test_handled_the_last_decision_first_with_those_nobody_reported(group: Group) -> None:
    kept, removed, unreported, waiting = (say(group, group.paul, body) for body in ("un", "deux", "trois", "quatre"))
    for seq in (kept, removed, waiting):
        report(group, group.zoe, seq)
    for minute, (decide, seq) in enumerate(
        [(actions.keep_message, kept), (actions.remove_message, unreported), (actions.remove_message, removed)]
    ):
        with standing_at(now() + timedelta(minutes=minute)):
            act(decide, group.mayor, group, seq)
    ids = [pk for pk, _at in reported.handled(group.town)]
    assert [case.message.body for case in reported.cases(group.town, ids, group.mayor)] == ["deux", "trois", "un"]


def test_the_count_is_the_towns_own(group: Group) -> None:
    report(group, group.zoe, say(group, group.paul))
    assert (reported.to_moderate(group.town), reported.to_moderate(factories.make_town())) == (1, 0)


def test_a_live_chat_is_moderated_like_a_group(group: Group) -> None:
    live = factories.make_live(group.mayor, group.town, group.paul, group.zoe)
    assert live.kind == Kind.LIVE
    seq = factories.say(group.paul, live, "Nuls").seq
    actions.report_message(actor=group.zoe, conversation_id=live.pk, seq=seq, reason="insult")
    assert reported.to_moderate(group.town) == 1
    actions.remove_message(actor=group.mayor, conversation_id=live.pk, seq=seq, reason=WHY)
    assert Entry.objects.filter(act="message.remove", what__title=live.subject).count() == 1
