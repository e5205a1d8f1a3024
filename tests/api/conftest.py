"""Callers of the API: a program with a token, a browser with a session."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from hub.conversations.models import Conversation
from hub.people.actions import issue_token
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Caller:
    """Sends JSON to the API, and reads its answers."""

    client: Client
    headers: dict[str, str]

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(ROOT + path, query, headers=self.headers)

    def send(self, method: str, path: str, payload: Any = None) -> HttpResponse:
        send = getattr(self.client, method)
        return send(ROOT + path, payload, content_type="application/json", headers=self.headers)  # type: ignore[no-any-return]

    def post(self, path: str, payload: Any) -> HttpResponse:
        return self.send("post", path, payload)

    def patch(self, path: str, payload: Any) -> HttpResponse:
        return self.send("patch", path, payload)

    def upload(self, path: str, **files: Any) -> HttpResponse:
        return self.client.post(ROOT + path, files, headers=self.headers)


def by_token(person: Person) -> Caller:
    """A program of this person's."""
    return Caller(Client(), {"Authorization": f"Bearer {issue_token(person=person, name='test')}"})


def by_session(person: Person) -> Caller:
    """A browser in which this person is signed in; it sends the CSRF token as our pages do."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    client.get(ROOT + "docs")
    csrf = client.cookies["parvis-csrf"].value
    return Caller(client, {"X-CSRFToken": csrf})


@pytest.fixture
def stranger() -> Caller:
    return Caller(Client(), {})


@pytest.fixture(params=[by_token, by_session], ids=["token", "session"])
def call(request: pytest.FixtureRequest) -> Callable[[Person], Caller]:
    """`call(person)`: both ways to identify, one after the other."""
    way: Callable[[Person], Caller] = request.param
    return way


def problem(answer: HttpResponse) -> dict[str, Any]:
    """The body of an error, whose form is checked."""
    assert answer["Content-Type"] == PROBLEM
    told: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert told["type"] == "about:blank"
    assert told["status"] == answer.status_code
    assert set(told) <= {"type", "title", "status", "detail", "code", "field", "retry_after_s"}
    assert told["title"]
    assert told["detail"]
    return told


def told(answer: HttpResponse, status: int = 200) -> Any:
    """The answer's body, when it is of this status."""
    assert answer.status_code == status, answer.content
    return answer.json()  # type: ignore[attr-defined]


def refused(answer: HttpResponse) -> tuple[int, str]:
    """The status and the code of an error, whose form is checked."""
    body = problem(answer)
    return body["status"], body["code"]


@pytest.fixture
def zoe(town: Town) -> Person:
    return factories.make_person(town=town, first_name="Zoé", last_name="Le Goff")


@pytest.fixture
def group(town: Town, mayor: Person, citizen: Person, zoe: Person) -> Conversation:
    """The mayor's; the citizen and Zoé are in it, and may write as much as anybody."""
    factories.settled(citizen, zoe)
    return factories.make_group(mayor, town, citizen, zoe)


@pytest.fixture
def moderator(town: Town) -> Person:
    return factories.make_person(town=town, roles=[Role.MODERATOR], first_name="Odile", last_name="Roy")
