"""Two who decide of one message at the same instant: one decision counts, and the other person is told of it."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from hub.audit.actions import hold
from hub.conversations import actions, reported
from hub.conversations.models import Removal, Report
from hub.core.errors import Conflict
from hub.people.models import Person
from hub.streams.models import Stream
from tests.at_once import Act, ended, start
from tests.conversations.group import Group
from tests.conversations.moderating import (
    WHY,
    WITH_REASON,
    Decide,
    act,
    address,
    notified,
    page,
    report,
    say,
    trail,
    words,
)

pytestmark = pytest.mark.django_db(transaction=True)


def deciding(decide: Decide, actor: Person, group: Group, seq: int) -> Act:
    reason: dict[str, Any] = {"reason": WHY} if decide in WITH_REASON else {}
    return Act(decide, actor=actor, conversation_id=group.pk, seq=seq, **reason)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "removal"),
    [
        (actions.keep_message, actions.remove_message, ["kept"], ""),
        (actions.remove_message, actions.keep_message, ["removed"], Removal.MODERATION),
        (actions.hide_message, actions.hide_message, [], Removal.HIDDEN),
    ],
)
def test_the_first_decision_counts_and_the_second_is_told(
    group: Group, moderator: Person, first: Decide, second: Decide, outcome: list[str], removal: str
) -> None:
    seq = say(group, group.paul)
    report(group, group.zoe, seq)
    acts = [deciding(first, group.mayor, group, seq), deciding(second, moderator, group, seq)]
    with transaction.atomic():
        hold(group.town.pk)  # from now on there is a row to wait for, in turn
    with transaction.atomic():
        hold(group.town.pk)
        start(*acts)
    [counts, told] = ended(*acts)
    assert counts is None
    assert isinstance(told, Conflict)
    assert "Hélène Carpentier a " in str(told)
    assert [who for _act, who, _what in trail(group.town)] == ["Hélène Carpentier"]
    assert group.message(seq).removal == removal
    assert [what["outcome"] for what in notified(group.zoe, "report_handled")] == outcome
    assert len(group.events("message.removed")) == (removal != "")


@pytest.mark.parametrize("withdraws", [0, 1])
def test_what_its_author_takes_back_meanwhile_stays_as_the_first_left_it(group: Group, withdraws: int) -> None:
    """Else restoring it would show what somebody took back."""
    seq = say(group, group.paul)
    acts = [deciding(actions.remove_message, group.mayor, group, seq)]
    acts.insert(withdraws, Act(actions.withdraw_message, actor=group.paul, conversation_id=group.pk, seq=seq))
    with transaction.atomic():
        Stream.objects.select_for_update().get(topic=group.conversation.topic)
        start(*acts)
    assert ended(*acts) == [None, None]
    assert group.message(seq).removal == (Removal.MODERATION if withdraws else Removal.AUTHOR)
    assert len(group.events("message.removed")) == 1


def test_who_decides_of_what_was_just_taken_back_closes_its_reports_and_no_more(group: Group) -> None:
    seq = say(group, group.paul)
    report(group, group.zoe, seq)
    removing = deciding(actions.remove_message, group.mayor, group, seq)
    with transaction.atomic():
        hold(group.town.pk)
        start(removing)
        actions.withdraw_message(actor=group.paul, conversation_id=group.pk, seq=seq)
    assert ended(removing) == [None]
    assert group.message(seq).removal == Removal.AUTHOR
    assert not notified(group.paul, "message_removed")
    assert notified(group.zoe, "report_handled")


def test_a_page_that_is_out_of_date_says_what_was_decided_and_asks_again(
    client: Client, group: Group, moderator: Person
) -> None:
    seq = say(group, group.paul)
    report(group, group.zoe, seq)
    client.force_login(moderator)
    shown = client.get(address(group.town)).context["cases"][0].decision
    act(actions.keep_message, group.mayor, group, seq)
    form = {"action": "remove", "reason": WHY, "seen": str(shown)}
    answer = client.post(address(group.town, f"{group.pk}/{seq}/"), form)
    assert answer.status_code == 409
    assert "Hélène Carpentier a gardé un message signalé de Paul Martin" in words(answer)
    assert f'value="{WHY}"' in answer.content.decode().replace("&#x27;", "’")
    assert (group.message(seq).removal, Report.objects.get().handled_by) == ("", group.mayor)
    latest = reported.decisions_of([group.message(seq).pk])[group.message(seq).pk]
    assert answer.content.decode().count(f'name="seen" value="{latest}"') == 1
    sent = {**form, "seen": str(latest)}
    for _pressed_twice in range(2):
        assert client.post(address(group.town, f"{group.pk}/{seq}/"), sent).status_code == 302
    assert group.message(seq).removal == Removal.MODERATION
    assert [one[0] for one in trail(group.town)] == ["message.keep", "message.remove"]
    assert "Retiré par Odile Roy" in page(client, group, "traites/")
