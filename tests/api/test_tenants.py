"""Every endpoint, every role: what is another's answers byte for byte like what is not there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from hub.api import api
from hub.conversations.actions import post_message
from hub.conversations.models import Conversation, Message
from hub.files.actions import store_file
from hub.files.models import StoredFile
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import Caller, by_session, by_token

pytestmark = pytest.mark.django_db

MISSING = {"conversation": "987654", "file": str(uuid4()), "town": "nulle-part"}


@dataclass(frozen=True)
class Place:
    """A town in which a citizen wrote to the mayor and sent a file."""

    town: Town
    people: dict[str, Person]
    conversation: Conversation
    file: StoredFile

    @property
    def names(self) -> dict[str, str]:
        return {"conversation": str(self.conversation.pk), "file": str(self.file.pk), "town": self.town.slug}


def make_place(slug: str) -> Place:
    town = factories.make_town(slug)
    people = {role.value: factories.make_person(f"{role}@{slug}.example", town=town, roles=[role]) for role in Role}
    citizen = people["citizen"]
    conversation = factories.make_conversation(town, citizen, "Bonjour")
    file = store_file(owner=citizen, name="a.txt", content=b"bonjour")
    post_message(actor=citizen, conversation_id=conversation.pk, key="f", body="", file_ids=[str(file.pk)])
    return Place(town, people, conversation, file)


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.txt", b"bonjour")


# Each endpoint whose address or body names something: how it is called, given the names.
NAMING: dict[str, Callable[[Caller, dict[str, str]], HttpResponse]] = {
    "POST conversations": lambda caller, n: caller.post("conversations", {"town": n["town"], "body": "a"}),
    "GET conversations/{conversation_id}/messages": lambda caller, n: caller.get(
        f"conversations/{n['conversation']}/messages"
    ),
    "POST conversations/{conversation_id}/messages": lambda caller, n: caller.post(
        f"conversations/{n['conversation']}/messages", {"body": "a"}
    ),
    "POST conversations/{conversation_id}/files": lambda caller, n: caller.upload(
        f"conversations/{n['conversation']}/files", file=_file()
    ),
    "GET conversations/{conversation_id}/files/{file_id}": lambda caller, n: caller.get(
        f"conversations/{n['conversation']}/files/{n['file']}"
    ),
}
NAMING_NOTHING = {
    "GET me/notifications", "POST me/notifications/read", "DELETE me/notifications", "GET me/notification-preferences",
    "PUT me/notification-preferences", "GET me", "PATCH me", "GET towns", "GET topics", "GET conversations",
    "GET demo/outbox",
}  # fmt: skip


def test_the_matrix_knows_every_endpoint() -> None:
    endpoints = {
        f"{method} {path.lstrip('/')}"
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert endpoints == set(NAMING) | NAMING_NOTHING


@pytest.fixture
def ours() -> Place:
    return make_place("ici")


@pytest.fixture
def theirs() -> Place:
    return make_place("ailleurs")


@pytest.mark.parametrize("way", [by_token, by_session], ids=["token", "session"])
@pytest.mark.parametrize("role", ["stranger", *Role])
def test_foreign_answers_like_missing(
    role: str, way: Callable[[Person], Caller], ours: Place, theirs: Place, stranger: Caller
) -> None:
    caller = stranger if role == "stranger" else way(ours.people[role])
    before = _everything()
    for endpoint, ask in NAMING.items():
        foreign, missing = ask(caller, theirs.names), ask(caller, MISSING)
        assert foreign.status_code == missing.status_code == (401 if role == "stranger" else 404), endpoint
        assert foreign.content == missing.content, endpoint
        assert dict(foreign.headers) | {"X-Request-ID": ""} == dict(missing.headers) | {"X-Request-ID": ""}, endpoint
    assert _everything() == before


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.CITIZEN, Role.MAYOR}])
def test_staff_who_take_no_part_find_nothing_either(role: str, ours: Place) -> None:
    caller = by_token(ours.people[role])
    for endpoint, ask in NAMING.items():
        if endpoint != "POST conversations":
            assert ask(caller, ours.names).status_code == 404, endpoint
    assert caller.get("conversations").json() == []
    assert [topic["topic"] for topic in caller.get("topics").json()] == ["inbox.me"]


def test_a_file_is_found_under_its_own_conversation_only(ours: Place, theirs: Place) -> None:
    caller = by_token(theirs.people["citizen"])
    mixed: dict[str, Any] = {**theirs.names, "file": ours.names["file"]}
    ask = NAMING["GET conversations/{conversation_id}/files/{file_id}"]
    assert ask(caller, theirs.names).status_code == 200
    assert ask(caller, mixed).content == ask(caller, {**theirs.names, "file": MISSING["file"]}).content


def test_nobody_attaches_anothers_file(ours: Place, theirs: Place) -> None:
    loose = store_file(owner=theirs.people["citizen"], name="b.txt", content=b"secret")
    caller, path = by_token(ours.people["citizen"]), f"conversations/{ours.conversation.pk}/messages"
    answers = [caller.post(path, {"body": "a", "attachments": [name]}) for name in (str(loose.pk), MISSING["file"])]
    assert {answer.status_code for answer in answers} == {400}
    assert answers[0].content == answers[1].content


def test_lists_hold_ones_own_alone(ours: Place, theirs: Place) -> None:
    for role in ("citizen", "mayor"):
        told = by_token(ours.people[role]).get("conversations").json()
        assert [conversation["id"] for conversation in told] == [ours.conversation.pk]


def _everything() -> tuple[int, int, int]:
    return Conversation.objects.count(), Message.objects.count(), StoredFile.objects.count()
