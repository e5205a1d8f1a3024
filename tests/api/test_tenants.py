"""Every endpoint, every role: what is another's answers byte for byte like what is not there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from hub.alerts.models import Alert
from hub.api import api
from hub.conversations.actions import post_message, report_message, silence
from hub.conversations.models import Conversation, Message, Participant, Reaction, Report, Silence
from hub.core.clock import now
from hub.files.actions import store_file
from hub.files.models import StoredFile
from hub.people.models import Device, Person, Role
from hub.tickets.models import Ticket
from hub.towns.models import Town
from tests import factories
from tests.api.conftest import Caller, by_session, by_token
from tests.tickets.making import make_ticket

pytestmark = pytest.mark.django_db

MISSING = {
    "conversation": "987654", "file": str(uuid4()), "town": "nulle-part", "group": "987654", "seq": "987654",
    "silence": "987654", "person": "987654", "ticket": "ZZ26-98765", "alert": "987654", "device": "987654",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A town in which a citizen wrote to the mayor and sent a file; one wrote in a group, and it was reported."""

    town: Town
    people: dict[str, Person]
    conversation: Conversation
    file: StoredFile
    group: Conversation
    seq: int
    silence: Silence
    ticket: Ticket
    alert: Alert
    device: Device

    @property
    def names(self) -> dict[str, str]:
        return {
            "conversation": str(self.conversation.pk),
            "file": str(self.file.pk),
            "town": self.town.slug,
            "group": str(self.group.pk),
            "seq": str(self.seq),
            "silence": str(self.silence.pk),
            "person": str(self.silence.person_id),
            "ticket": self.ticket.number,
            "alert": str(self.alert.pk),
            "device": str(self.device.pk),
        }


def make_place(slug: str) -> Place:
    town = factories.make_town(slug)
    people = {role.value: factories.make_person(f"{role}@{slug}.example", town=town, roles=[role]) for role in Role}
    citizen = people["citizen"]
    conversation = factories.make_conversation(town, citizen, "Bonjour")
    file = store_file(owner=citizen, name="a.txt", content=b"bonjour")
    post_message(actor=citizen, conversation_id=conversation.pk, key="f", body="", file_ids=[str(file.pk)])
    group = factories.make_group(people["mayor"], town, citizen)
    factories.make_live(people["mayor"], town)
    seq = factories.say(citizen, group, "Bonjour à tous").seq
    report_message(actor=people["mayor"], conversation_id=group.pk, seq=seq, reason="spam")
    quiet = factories.make_person(town=town)
    made = silence(actor=people["mayor"], town=town, person=quiet, for_name="day", reason="Publicité")
    ticket = make_ticket(town, requester=citizen)
    at = now()
    alert = Alert.objects.create(town=town, number="A-26-001", author=people["mayor"], created_at=at, changed_at=at)
    device = Device.objects.create(person=citizen, kind="web", target="{}", digest=slug, name="Firefox")
    return Place(town, people, conversation, file, group, seq, made, ticket, alert, device)


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.txt", b"bonjour")


# Each endpoint whose address or body names something: how it is called, given the names.
NAMING: dict[str, Callable[[Caller, dict[str, str]], HttpResponse]] = {
    "GET me/subscriptions": lambda caller, n: caller.get("me/subscriptions", town=n["town"]),
    "PUT me/subscriptions": lambda caller, n: caller.send("put", f"me/subscriptions?town={n['town']}", {}),
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
    "PATCH conversations/{conversation_id}": lambda caller, n: caller.patch(
        f"conversations/{n['group']}", {"slow_s": 30}
    ),
    "POST conversations/{conversation_id}/join": lambda caller, n: caller.post(f"conversations/{n['group']}/join", {}),
    "POST conversations/{conversation_id}/leave": lambda caller, n: caller.post(
        f"conversations/{n['group']}/leave", {}
    ),
    "PUT conversations/{conversation_id}/mute": lambda caller, n: caller.send(
        "put", f"conversations/{n['group']}/mute", {"on": True}
    ),
    "PATCH conversations/{conversation_id}/messages/{seq}": lambda caller, n: caller.patch(
        f"conversations/{n['group']}/messages/{n['seq']}", {"body": "a"}
    ),
    "DELETE conversations/{conversation_id}/messages/{seq}": lambda caller, n: caller.send(
        "delete", f"conversations/{n['group']}/messages/{n['seq']}"
    ),
    "PUT conversations/{conversation_id}/messages/{seq}/reactions/{sign}": lambda caller, n: caller.send(
        "put", f"conversations/{n['group']}/messages/{n['seq']}/reactions/like"
    ),
    "DELETE conversations/{conversation_id}/messages/{seq}/reactions/{sign}": lambda caller, n: caller.send(
        "delete", f"conversations/{n['group']}/messages/{n['seq']}/reactions/like"
    ),
    "POST conversations/{conversation_id}/messages/{seq}/report": lambda caller, n: caller.post(
        f"conversations/{n['group']}/messages/{n['seq']}/report", {"reason": "spam"}
    ),
    "POST conversations/{conversation_id}/messages/{seq}/moderation": lambda caller, n: caller.post(
        f"conversations/{n['group']}/messages/{n['seq']}/moderation", {"action": "remove", "reason": "Publicité"}
    ),
    "GET tickets/{number}": lambda caller, n: caller.get(f"tickets/{n['ticket']}"),
    "PATCH tickets/{number}": lambda caller, n: caller.patch(f"tickets/{n['ticket']}", {"priority": "urgent"}),
    "GET tickets/{number}/follow-ups": lambda caller, n: caller.get(f"tickets/{n['ticket']}/follow-ups"),
    "POST tickets/{number}/follow-ups": lambda caller, n: caller.post(
        f"tickets/{n['ticket']}/follow-ups", {"body": "a"}
    ),
    "POST tickets/{number}/files": lambda caller, n: caller.upload(f"tickets/{n['ticket']}/files", file=_file()),
    "GET tickets/{number}/files/{file_id}": lambda caller, n: caller.get(f"tickets/{n['ticket']}/files/{n['file']}"),
    "GET search": lambda caller, n: caller.get("search", q="bonjour", town=n["town"]),
    "GET towns/{slug}/groups": lambda caller, n: caller.get(f"towns/{n['town']}/groups"),
    "POST towns/{slug}/groups": lambda caller, n: caller.post(f"towns/{n['town']}/groups", {"title": "a"}),
    "GET towns/{slug}/live": lambda caller, n: caller.get(f"towns/{n['town']}/live"),
    "POST towns/{slug}/live": lambda caller, n: caller.post(f"towns/{n['town']}/live", {"title": "a"}),
    "GET towns/{slug}/reports": lambda caller, n: caller.get(f"towns/{n['town']}/reports"),
    "GET towns/{slug}/silences": lambda caller, n: caller.get(f"towns/{n['town']}/silences"),
    "POST towns/{slug}/silences": lambda caller, n: caller.post(
        f"towns/{n['town']}/silences", {"person": int(n["person"]), "for": "day", "reason": "a"}
    ),
    "DELETE towns/{slug}/silences/{silence_id}": lambda caller, n: caller.send(
        "delete", f"towns/{n['town']}/silences/{n['silence']}"
    ),
    "GET alerts": lambda caller, n: caller.get("alerts", town=n["town"]),
    "POST alerts": lambda caller, n: caller.post(
        "alerts", {"town": n["town"], "channels": ["email"], "title": {"fr": "a"}, "body": {"fr": "b"}}
    ),
    "GET alerts/{alert_id}": lambda caller, n: caller.get(f"alerts/{n['alert']}"),
    "GET alerts/{alert_id}/audience": lambda caller, n: caller.get(f"alerts/{n['alert']}/audience"),
    "GET alerts/{alert_id}/progress": lambda caller, n: caller.get(f"alerts/{n['alert']}/progress"),
    "POST alerts/{alert_id}/submit": lambda caller, n: caller.post(f"alerts/{n['alert']}/submit", {}),
    "POST alerts/{alert_id}/approve": lambda caller, n: caller.post(f"alerts/{n['alert']}/approve", {}),
    "POST alerts/{alert_id}/stop": lambda caller, n: caller.post(f"alerts/{n['alert']}/stop", {}),
    "DELETE me/devices/{device_id}": lambda caller, n: caller.send("delete", f"me/devices/{n['device']}"),
}
# What is everybody's business who belongs to the town: these answer them, by what they are there.
OF_THE_TOWN = {
    "GET me/subscriptions", "PUT me/subscriptions",
    "POST conversations", "PATCH conversations/{conversation_id}", "POST conversations/{conversation_id}/join",
    "POST conversations/{conversation_id}/leave", "GET search", "GET towns/{slug}/groups", "POST towns/{slug}/groups",
    "GET towns/{slug}/live", "POST towns/{slug}/live", "GET towns/{slug}/reports", "GET towns/{slug}/silences",
    "POST towns/{slug}/silences", "DELETE towns/{slug}/silences/{silence_id}",
    "POST conversations/{conversation_id}/messages/{seq}/moderation", "GET tickets/{number}",
    "PATCH tickets/{number}", "GET tickets/{number}/follow-ups", "POST tickets/{number}/follow-ups",
    "POST tickets/{number}/files", "GET alerts", "POST alerts", "GET alerts/{alert_id}",
    "GET alerts/{alert_id}/audience", "GET alerts/{alert_id}/progress", "POST alerts/{alert_id}/submit",
    "POST alerts/{alert_id}/approve", "POST alerts/{alert_id}/stop",
}  # fmt: skip
NAMING_NOTHING = {
    "GET me/notifications", "POST me/notifications/read", "DELETE me/notifications", "GET me/notification-preferences",
    "PUT me/notification-preferences", "GET me/notification-rhythm", "PUT me/notification-rhythm",
    "GET me", "PATCH me", "GET towns", "GET topics", "GET conversations",
    "GET demo/outbox", "GET tickets", "GET me/devices", "POST me/devices", "GET me/push-key",
    # Everybody may ask something of any town.
    "POST tickets", "GET towns/{slug}/categories", "GET towns/{slug}/themes", "GET towns/{slug}/links",
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
    for endpoint in NAMING.keys() - OF_THE_TOWN:
        assert NAMING[endpoint](caller, ours.names).status_code == 404, endpoint
    assert caller.get("conversations").json() == []
    assert [topic["topic"] for topic in caller.get("topics").json()] == ["inbox.me", "desk.ici", "town.ici"]


@pytest.mark.parametrize("role", Role)
def test_what_is_private_is_no_group(role: str, ours: Place) -> None:
    """Not even the mayor, who takes part in it, treats a private conversation like one."""
    caller, names = by_token(ours.people[role]), {**ours.names, "group": ours.names["conversation"], "seq": "1"}
    endpoints = [one for one in sorted(OF_THE_TOWN) if "{conversation_id}" in one]
    assert len(endpoints) >= 4
    for endpoint in endpoints:
        foreign = NAMING[endpoint](caller, {**names, "group": MISSING["group"]})
        answer = NAMING[endpoint](caller, names)
        assert (answer.status_code, answer.content) == (404, foreign.content), endpoint


def test_one_towns_names_do_not_open_anothers(ours: Place, theirs: Place) -> None:
    """A silence, a person and a conversation are found in their own town only."""
    caller = by_token(ours.people["mayor"])
    for name in ("silence", "person"):
        mixed, missing = {**ours.names, name: theirs.names[name]}, {**ours.names, name: MISSING[name]}
        endpoint = "DELETE towns/{slug}/silences/{silence_id}" if name == "silence" else "POST towns/{slug}/silences"
        answers = [NAMING[endpoint](caller, names) for names in (mixed, missing)]
        assert answers[0].status_code == answers[1].status_code == 404, endpoint
        assert answers[0].content == answers[1].content
    there = {"person": ours.silence.person_id, "for": "day", "reason": "a"}
    path = f"towns/{ours.town.slug}/silences"
    answers = [caller.post(path, {**there, "conversation": int(n)}) for n in (theirs.names["group"], MISSING["group"])]
    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].content == answers[1].content


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
        caller = by_token(ours.people[role])
        told = caller.get("conversations").json()
        assert [conversation["id"] for conversation in told] == [ours.group.pk, ours.conversation.pk]
        assert {found["conversation"] for found in caller.get("search", q="bonjour").json()} == {
            ours.group.pk,
            ours.conversation.pk,
        }
    moderator = by_token(ours.people["moderator"])
    assert [report["conversation"] for report in moderator.get("towns/ici/reports").json()] == [ours.group.pk]
    assert [made["id"] for made in moderator.get("towns/ici/silences").json()] == [ours.silence.pk]
    assert moderator.get("search", q="bonjour").json() == []


def _everything() -> list[int]:
    kept = (Conversation, Message, StoredFile, Participant, Reaction, Report, Silence)
    shown = Message.objects.filter(removal="").count()
    urgent = Ticket.objects.filter(priority=4).count()
    return [*(model.objects.count() for model in kept), shown, urgent, Silence.objects.filter(lifted_at=None).count()]
