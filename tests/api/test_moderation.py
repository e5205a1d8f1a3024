"""Reports, decisions and silences, as programs see and make them."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.audit.queries import entries_of
from hub.conversations.models import Conversation, Message, Report, Silence
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import Caller, by_token, problem, refused, told

pytestmark = pytest.mark.django_db

Call = Callable[[Person], Caller]


@pytest.fixture
def seq(group: Conversation, citizen: Person) -> int:
    return factories.say(citizen, group, "Espèces de nuls.").seq


def test_reported_once_and_listed_for_moderators(
    call: Call, group: Conversation, citizen: Person, zoe: Person, moderator: Person, seq: int
) -> None:
    path = f"conversations/{group.pk}/messages/{seq}/report"
    kept = told(call(zoe).post(path, {"reason": "insult", "words": "Encore lui."}), 201)
    assert (kept["reason"], kept["words"]) == ("insult", "Encore lui.")
    assert told(call(zoe).post(path, {"reason": "spam"}), 201) == kept
    [listed] = told(call(moderator).get(f"towns/{group.town.slug}/reports"))
    assert listed == {
        "id": Report.objects.get().pk, "conversation": group.pk, "title": "Marché du samedi", "seq": seq,
        "author": {"id": citizen.pk, "name": "Alice Moreau"}, "body": "Espèces de nuls.", "removal": "",
        "reason": "insult", "words": "Encore lui.", "reporter": {"id": zoe.pk, "name": "Zoé Le Goff"},
        "at": kept["at"], "outcome": "", "handled_by": None, "handled_at": None,
    }  # fmt: skip
    assert told(call(moderator).get(f"towns/{group.town.slug}/reports", handled="true")) == []


def test_what_is_refused(call: Call, group: Conversation, citizen: Person, zoe: Person, seq: int) -> None:
    path = f"conversations/{group.pk}/messages/{seq}/report"
    assert problem(call(zoe).post(path, {"reason": "ugly"}))["field"] == "reason"
    assert problem(call(zoe).post(path, {}))["field"] == "reason"
    assert refused(call(citizen).post(path, {"reason": "spam"})) == (403, "forbidden")
    assert not Report.objects.exists()


def test_each_decision(call: Call, group: Conversation, zoe: Person, moderator: Person, seq: int) -> None:
    by_token(zoe).post(f"conversations/{group.pk}/messages/{seq}/report", {"reason": "insult"})
    path, caller = f"conversations/{group.pk}/messages/{seq}/moderation", call(moderator)
    hidden = told(caller.post(path, {"action": "hide", "reason": "Insultes"}))
    assert (hidden["body"], hidden["removal"]) == ("", "hidden")
    assert refused(caller.post(path, {"action": "keep"})) == (409, "conflict")
    shown = told(caller.post(path, {"action": "restore"}))
    assert (shown["body"], shown["removal"]) == ("Espèces de nuls.", "")
    [closed] = told(caller.get(f"towns/{group.town.slug}/reports", handled="true"))
    assert (closed["outcome"], closed["handled_by"]) == ("kept", {"id": moderator.pk, "name": "Odile Roy"})
    assert told(caller.post(path, {"action": "keep"}))["removal"] == ""
    assert told(caller.post(path, {"action": "remove", "reason": "Insultes"}))["removal"] == "moderation"
    assert [entry.act for entry in entries_of(group.town)] == ["message.remove", "message.restore", "message.hide"]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"action": "hide"}, "reason"),
        ({"action": "remove", "reason": " "}, "reason"),
        ({"action": "burn"}, "action"),
        ({"reason": "a"}, "action"),
    ],
)
def test_the_field_to_mend_is_named(
    call: Call, group: Conversation, moderator: Person, seq: int, payload: dict[str, str], field: str
) -> None:
    answer = call(moderator).post(f"conversations/{group.pk}/messages/{seq}/moderation", payload)
    assert (problem(answer)["status"], problem(answer)["field"]) == (400, field)


@pytest.mark.parametrize(("role", "status"), [(Role.AGENT, 403), (Role.OPERATOR, 403), (Role.CITIZEN, 404)])
def test_others_do_not_moderate(
    call: Call, group: Conversation, citizen: Person, seq: int, role: Role, status: int
) -> None:
    caller, town = call(factories.make_person(town=group.town, roles=[role])), group.town
    payload = {"person": citizen.pk, "for": "day", "reason": "Insultes"}
    for answer in (
        caller.get(f"towns/{town.slug}/reports"),
        caller.get(f"towns/{town.slug}/silences"),
        caller.post(f"towns/{town.slug}/silences", payload),
        caller.send("delete", f"towns/{town.slug}/silences/1"),
    ):
        assert answer.status_code == status
    decision = {"action": "remove", "reason": "Insultes"}
    answer = caller.post(f"conversations/{group.pk}/messages/{seq}/moderation", decision)
    assert refused(answer) == (403, "forbidden")
    assert Message.objects.get(seq=seq, conversation=group).removal == ""


def test_somebody_is_silent_for_a_while_and_then_not(
    call: Call, group: Conversation, citizen: Person, moderator: Person
) -> None:
    path, caller = f"towns/{group.town.slug}/silences", call(moderator)
    made = told(
        caller.post(path, {"person": citizen.pk, "conversation": group.pk, "for": "day", "reason": "Insultes"}), 201
    )
    assert made == {
        "id": Silence.objects.get().pk, "person": {"id": citizen.pk, "name": "Alice Moreau"},
        "conversation": group.pk, "until": made["until"], "reason": "Insultes",
        "by": {"id": moderator.pk, "name": "Odile Roy"}, "at": made["at"],
    }  # fmt: skip
    assert told(caller.get(path)) == [made]
    said = f"conversations/{group.pk}/messages"
    assert refused(by_token(citizen).post(said, {"body": "Encore"})) == (403, "silenced")
    for _again in range(2):
        assert caller.send("delete", f"{path}/{made['id']}").status_code == 204
    assert told(caller.get(path)) == []
    told(by_token(citizen).post(said, {"body": "Merci"}), 201)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"for": "year"}, "for"),
        ({"reason": ""}, "reason"),
        ({"person": "x"}, "person"),
        ({"conversation": 0}, "conversation"),
        ({"until": "2027"}, "until"),
    ],
)
def test_a_silence_that_can_not_be(
    call: Call, town: Town, citizen: Person, moderator: Person, more: dict[str, Any], field: str
) -> None:
    payload = {"person": citizen.pk, "for": "day", "reason": "Insultes", **more}
    assert problem(call(moderator).post(f"towns/{town.slug}/silences", payload))["field"] == field
    assert not Silence.objects.exists()


def test_staff_are_not_silenced(call: Call, town: Town, mayor: Person, moderator: Person) -> None:
    payload = {"person": mayor.pk, "for": "day", "reason": "a"}
    assert refused(call(moderator).post(f"towns/{town.slug}/silences", payload)) == (403, "forbidden")
