"""Every error is a problem that programs and people can read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from hub.conversations import queries
from hub.conversations.models import Conversation, Message
from hub.core import limits
from hub.people.actions import close_account, issue_token, revoke_token
from hub.people.models import ApiToken, Person
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import ROOT, Caller, by_session, by_token, problem

pytestmark = pytest.mark.django_db

Call = Callable[[Person], Caller]


@pytest.fixture
def talk(citizen: Person, mayor: Person, town: Town) -> Conversation:
    return factories.make_conversation(town, citizen, "Bonjour")


@pytest.mark.parametrize("path", ["", "nothing", "conversations/", "me/", "conversations/1/messages/2/3", "demo"])
def test_an_unknown_address_is_a_problem(stranger: Caller, path: str) -> None:
    told = problem(stranger.get(path))
    assert (told["status"], told["code"]) == (404, "not_found")


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 30])
def test_an_address_that_can_not_be_is_missing(call: Call, citizen: Person, talk: Conversation, number: str) -> None:
    missing = call(citizen).get("conversations/987654/messages")
    answer = call(citizen).get(f"conversations/{number}/messages")
    assert (answer.status_code, answer.content) == (404, missing.content)


@pytest.mark.parametrize("method", ["put", "delete", "post"])
def test_another_method_is_a_problem(call: Call, citizen: Person, method: str) -> None:
    answer = call(citizen).send(method, "me", {})
    assert problem(answer)["code"] == "method_not_allowed"
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, PATCH"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b'{"body": "\\ud800"}', b'{"body": NaN}', b"[" * 50_000, b"\xff\xfe", b"[]", b"null"],
)
def test_a_body_that_is_no_json_object_is_invalid(citizen: Person, talk: Conversation, body: bytes) -> None:
    caller = by_token(citizen)
    answer = caller.client.post(
        f"{ROOT}conversations/{talk.pk}/messages", body, content_type="application/json", headers=caller.headers
    )
    told = problem(answer)
    assert (told["status"], told["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"body": 3}, "body"),
        ({"body": "a", "colour": "blue"}, "colour"),
        ({"body": "a", "attachments": "x"}, "attachments"),
        ({"body": "a", "attachments": ["x"]}, "attachments"),
        ({"body": "a", "attachments": ["0b6f2a52-7d0e-4a52-9a0c-0f6b0a2d9c11"] * 11}, "attachments"),
        ({"body": "a", "attachments": ["0b6f2a52-7d0e-4a52-9a0c-0f6b0a2d9c11"]}, "attachments"),
        ({"body": "a", "key": ""}, "key"),
        ({"body": "a", "key": "k" * 65}, "key"),
        ({"body": "a" * 10_001}, "body"),
        ({"body": " "}, "body"),
        ({"body": "a", "reply_to": 0}, "reply_to"),
        ({"body": "a", "reply_to": "x"}, "reply_to"),
        ({"body": "a", "reply_to": 987_654}, "reply_to"),
        ({}, "body"),
    ],
)
def test_the_field_to_mend_is_named(
    call: Call, citizen: Person, talk: Conversation, payload: dict[str, Any], field: str
) -> None:
    told = problem(call(citizen).post(f"conversations/{talk.pk}/messages", payload))
    assert (told["status"], told["code"], told["field"]) == (400, "invalid", field)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"language": "de"}, "language"),
        ({"first_name": "a" * 81}, "first_name"),
        ({"last_name": "a\u0000"}, "last_name"),
        ({"email": "new@citoyen.example"}, "email"),
    ],
)
def test_what_i_may_not_change_of_myself_is_named(
    call: Call, citizen: Person, payload: dict[str, Any], field: str
) -> None:
    assert problem(call(citizen).patch("me", payload))["field"] == field


@pytest.mark.parametrize("path", ["conversations", "topics", "towns"])
@pytest.mark.parametrize(
    ("limit", "offset"), [("101", "0"), ("0", "0"), ("-1", "0"), ("x", "0"), ("1", "-1"), ("1", "9" * 30)]
)
def test_lists_have_their_limits(call: Call, citizen: Person, path: str, limit: str, offset: str) -> None:
    told = problem(call(citizen).get(path, limit=limit, offset=offset))
    assert (told["status"], told["field"]) == (400, "offset" if limit == "1" else "limit")


def test_messages_before_nothing(call: Call, citizen: Person, talk: Conversation) -> None:
    assert problem(call(citizen).get(f"conversations/{talk.pk}/messages", before="9" * 30))["field"] == "before"
    assert call(citizen).get(f"conversations/{talk.pk}/messages", before=1).json() == []


@pytest.mark.parametrize(("name", "code"), [("a.exe", "file_type"), ("a.pdf", "file_content")])
def test_a_file_that_is_not_taken_says_why(
    call: Call, citizen: Person, talk: Conversation, name: str, code: str
) -> None:
    answer = call(citizen).upload(f"conversations/{talk.pk}/files", file=SimpleUploadedFile(name, b"MZ"))
    assert (problem(answer)["status"], problem(answer)["code"]) == (400, code)


def test_a_file_that_did_not_come_is_invalid(call: Call, citizen: Person, talk: Conversation) -> None:
    assert problem(call(citizen).upload(f"conversations/{talk.pk}/files"))["field"] == "file"


def test_too_fast_says_when_to_come_back(citizen: Person, talk: Conversation) -> None:
    caller, path = by_token(citizen), f"conversations/{talk.pk}/messages"
    answers = [caller.post(path, {"body": f"N° {number}"}) for number in range(limits.MESSAGES.amount + 1)]
    told = problem(answers[-1])
    assert (told["status"], told["code"]) == (429, "rate_limited")
    assert 0 < told["retry_after_s"] <= limits.MESSAGES.window_s
    assert int(answers[-1]["Retry-After"]) >= told["retry_after_s"]


def test_an_absent_database_is_unavailable(
    citizen: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(queries, "access_conversation", away)
    answer = by_token(citizen).get(f"conversations/{talk.pk}/messages")
    assert (problem(answer)["status"], problem(answer)["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0


def test_a_defect_of_ours_is_a_problem_too_and_tells_nothing(
    citizen: Person, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "access_conversation", lambda *_: 1 / 0)
    answer = by_token(citizen).get(f"conversations/{talk.pk}/messages")
    assert (problem(answer)["status"], problem(answer)["code"]) == (500, "error")
    assert b"ZeroDivision" not in answer.content


def test_problems_speak_the_persons_language(citizen: Person) -> None:
    citizen.language = "en"
    citizen.save()
    french = by_token(factories.make_person()).get("conversations/1/messages")
    english = by_token(citizen).get("conversations/1/messages")
    assert problem(french)["detail"] != problem(english)["detail"]


# Who is there.

PRIVATE = [
    ("get", "me"), ("patch", "me"), ("get", "topics"), ("get", "conversations"), ("post", "conversations"),
    ("get", "search"), ("get", "towns/saint-test/groups"), ("post", "towns/saint-test/live"),
    ("post", "conversations/1/messages/1/moderation"), ("get", "towns/saint-test/reports"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_a_stranger_is_asked_who_they_are(stranger: Caller, method: str, path: str) -> None:
    answer = stranger.send(method, path)
    assert (problem(answer)["status"], problem(answer)["code"]) == (401, "unauthenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "bearer parvis_x"])
def test_a_wrong_token_is_never_taken_for_a_browser(citizen: Person, header: str) -> None:
    caller = by_session(citizen)
    assert Caller(caller.client, {"Authorization": header}).get("me").status_code == 401


def test_a_token_that_was_taken_back_or_whose_account_is_closed_opens_nothing(citizen: Person) -> None:
    caller = by_token(citizen)
    revoke_token(person=citizen, token_id=ApiToken.objects.get().pk)
    assert caller.get("me").status_code == 401
    caller = by_token(citizen)
    close_account(person=citizen)
    assert caller.get("me").status_code == 401


def test_a_browser_must_come_from_our_pages(citizen: Person, talk: Conversation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(citizen)
    caller = Caller(client, {})
    answer = caller.post(f"conversations/{talk.pk}/messages", {"body": "Bonjour"})
    assert (problem(answer)["status"], problem(answer)["code"]) == (403, "csrf")
    assert caller.get("me").status_code == 200
    assert Message.objects.count() == 1


def test_a_program_needs_no_page(citizen: Person, talk: Conversation) -> None:
    client = Client(enforce_csrf_checks=True)
    caller = Caller(client, {"Authorization": f"Bearer {issue_token(person=citizen, name='x')}"})
    assert caller.post(f"conversations/{talk.pk}/messages", {"body": "Bonjour"}).status_code == 201


def test_staff_without_the_second_factor_that_their_town_asks_for(call: Call, mayor: Person, town: Town) -> None:
    caller = call(mayor)
    town.staff_second_factor = True
    town.save()
    for method, path in PRIVATE:
        answer = caller.send(method, path, {})
        assert (problem(answer)["status"], problem(answer)["code"]) == (403, "second_factor_required")


def test_the_mayor_does_not_write_to_themselves(call: Call, mayor: Person, town: Town) -> None:
    answer = call(mayor).post("conversations", {"town": town.slug, "body": "Bonjour"})
    assert (problem(answer)["status"], problem(answer)["code"]) == (403, "forbidden")


def test_outside_a_demo_there_is_no_outbox(stranger: Caller, settings: Settings) -> None:
    settings.DEMO = False
    assert stranger.get("demo/outbox").content == stranger.get("nothing").content
