"""Notifications for programs, to the letter."""

from collections.abc import Callable

import pytest

from hub.notifications.models import Kind
from hub.notifications.queries import total_unread
from hub.people.models import Person
from hub.towns.models import Town
from tests.api.conftest import Caller, by_token, call, problem, stranger
from tests.notifications.conftest import ids, rows, tell, tell_town

__all__ = ["call", "stranger"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_worker")]

Call = Callable[[Person], Caller]


@pytest.fixture
def told(town: Town, citizen: Person, mayor: Person) -> list[int]:
    """Three notifications of the citizen's, newest first; and one of the mayor's."""
    for number in range(3):
        tell(town, citizen, actor=mayor, kind=Kind.GROUP_MESSAGES, code="reply", title=f"N° {number}", excerpt="Oui.")
    tell(town, mayor, actor=citizen)
    return ids(rows(citizen))


def test_they_come_newest_first_by_pages(call: Call, citizen: Person, mayor: Person, told: list[int]) -> None:
    caller = call(citizen)
    first, second = caller.get("me/notifications", limit=2).json()
    assert first == {
        "id": told[0],
        "town": "saint-test",
        "kind": "group_messages",
        "code": "reply",
        "actor": {"id": mayor.pk, "name": "Hélène Carpentier"},
        "what": {"title": "N° 2", "excerpt": "Oui."},
        "sentence": "Hélène Carpentier vous a répondu dans «\u00a0N° 2\u00a0»",
        "detail": "«\u00a0Oui.\u00a0»",
        "path": "/messages/42/",
        "count": 1,
        "at": first["at"],
        "read_at": None,
    }
    (third,) = caller.get("me/notifications", before=second["id"]).json()
    assert [first["id"], second["id"], third["id"]] == told


def test_what_a_town_tells_is_there_at_once(citizen: Person, town: Town) -> None:
    tell_town(town, title="Le marché")
    (told,) = by_token(citizen).get("me/notifications").json()
    assert (told["code"], told["actor"], told["what"]) == ("group_created", None, {"title": "Le marché"})


def test_some_or_all_are_read(call: Call, citizen: Person, mayor: Person, told: list[int]) -> None:
    caller, anothers = call(citizen), ids(rows(mayor))
    assert caller.post("me/notifications/read", {"ids": [told[1], *anothers, 987_654]}).json() == {"unread": 2}
    assert [row["read_at"] is None for row in caller.get("me/notifications").json()] == [True, False, True]
    assert caller.post("me/notifications/read", {}).json() == {"unread": 0}
    assert total_unread(mayor.pk) == 1
    assert problem(caller.post("me/notifications/read", {"ids": ["x"]}))["field"] == "ids"


def test_all_are_deleted(call: Call, citizen: Person, mayor: Person, told: list[int]) -> None:
    caller = call(citizen)
    assert caller.send("delete", "me/notifications").json() == {"unread": 0}
    assert caller.get("me/notifications").json() == []
    assert len(rows(mayor)) == 1


def test_anothers_is_no_place_to_go_on_from(citizen: Person, mayor: Person, told: list[int]) -> None:
    answers = [by_token(citizen).get("me/notifications", before=n) for n in (rows(mayor)[0].pk, 987_654)]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == answers[1].content


def test_what_one_wants_is_read_and_chosen(call: Call, citizen: Person) -> None:
    caller, default = call(citizen), {"site": True, "email": False, "daily": False}
    kinds = ["new_publication", "new_alert", "new_poll", "new_group", "group_messages", "comments"]
    assert caller.get("me/notification-preferences").json() == [
        *({"kind": kind, **default, "push": kind == "new_alert"} for kind in kinds),
        {"kind": "private_messages", "site": True, "email": True, "push": True, "daily": False},
    ]
    chosen = {"kind": "group_messages", "site": False, "email": True}
    for more, push in (({}, False), ({"push": True}, True), ({}, True)):
        answer = caller.send("put", "me/notification-preferences", [{**chosen, **more}])
        assert answer.json()[4] == {**chosen, "push": push, "daily": False}
    assert answer.json() == caller.get("me/notification-preferences").json()
    for wrong in (
        {"kind": "moderation", "site": True, "email": False},
        {**chosen, "sms": True},
        {"kind": "new_group", "site": True},
    ):
        assert caller.send("put", "me/notification-preferences", [wrong]).status_code == 400


def test_news_by_mail_come_once_a_day_to_who_says_so(call: Call, citizen: Person) -> None:
    caller = call(citizen)
    assert caller.get("me/notification-rhythm").json() == {"daily": False}
    assert caller.send("put", "me/notification-rhythm", {"daily": True}).json() == {"daily": True}
    waiting = {row["kind"] for row in caller.get("me/notification-preferences").json() if row["daily"]}
    assert waiting == {"new_publication", "new_poll", "new_group", "group_messages", "comments"}
    assert caller.send("put", "me/notification-rhythm", {}).status_code == 400
    assert caller.send("put", "me/notification-rhythm", {"daily": False}).json() == {"daily": False}


def test_strangers_have_none(stranger: Caller) -> None:
    for method, path in (
        ("get", "me/notifications"),
        ("delete", "me/notifications"),
        ("post", "me/notifications/read"),
        ("put", "me/notification-rhythm"),
    ):
        assert stranger.send(method, path, {}).status_code == 401
