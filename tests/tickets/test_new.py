"""« Nouvelle requête »: what staff type in becomes a ticket, or comes back with what is wrong."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from hub.audit.models import Entry
from hub.conversations.actions import post_message
from hub.core.ids import new_key
from hub.people.actions import set_phones
from hub.people.models import Person, Role
from hub.tickets.models import Answering, Category, DeskSettings, Question, Status, Ticket
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_service, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def lamps(town: Town) -> Category:
    roads = make_category(town, "Voirie", service=make_service(town))
    make_category(town, "Trottoirs", parent=roads)
    return make_category(town, "Éclairage", parent=roads)


@pytest.fixture
def agent(town: Town) -> Person:
    return factories.make_agent(town, "agente@saint-test.example")


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def path(town: Town, more: str = "") -> str:
    return f"/mairie/{town.slug}/requetes/nouvelle/{more}"


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "key": new_key(), "source": "phone", "category": "eclairage", "description": "Lampadaire éteint.",
        "last_name": "Roy", "phone": "01 99 00 01 10", "priority": "urgent", "kind": "request", **fields,
    }  # fmt: skip


def test_a_call_is_typed_in(agent: Person, town: Town, lamps: Category) -> None:
    client = client_of(agent)
    page = client.get(path(town)).content.decode()
    assert "Voirie &gt; Éclairage" in page
    named = dict(re.findall(r'<label class="label" for="id_(\w+)">(.*?)</label>', page))
    optional = {name for name, label in named.items() if "(facultatif)" in label}
    assert named.keys() >= {"kind", "priority", "category", "description"}  # these say something in any case
    assert optional == {"attached", "first_name", "last_name", "phone", "email"}
    said = typed(address="12, rue du Four", wants_follow_ups="", public="on")
    for _ in range(2):  # pressed twice
        answer = client.post(path(town), said)
    made = Ticket.objects.get()
    assert answer["Location"] == f"/mairie/{town.slug}/requetes/{made.number}/"
    assert (made.category, made.source, made.priority_name, made.public) == (lamps, "phone", "urgent", True)
    assert (made.last_name, made.phone, made.address) == ("Roy", "+33199000110", "12, rue du Four")
    assert (made.created_by, made.requester.email) == (agent, "")
    assert Entry.objects.filter(subject=f"ticket.{made.number}", act="ticket.created", actor_id=agent.pk).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"category": "rien"}, {"category": "o"}, {"category": ""}, {"description": " "}, {"phone": "12"},
        {"wants_follow_ups": "on"}, {"anonymous": "on"}, {"requester": "987654"}, {"lat": "x"}, {"kind": "wish"},
        {"internal": "on", "task_of": "ZZ26-00001"},
    ],
)  # fmt: skip
def test_what_is_wrong_comes_back(agent: Person, town: Town, lamps: Category, wrong: dict[str, str]) -> None:
    answer = client_of(agent).post(path(town), typed(address="12, rue du Four", **wrong))
    page = answer.content.decode()
    assert (answer.status_code, "votre texte est gardé" in page) == (400, True)
    assert "12, rue du Four" in page
    assert not Ticket.objects.exists()


def test_a_letter_with_its_scan(agent: Person, town: Town, lamps: Category) -> None:
    scan = BytesIO(b"%PDF-1.4 lettre")
    scan.name = "lettre.pdf"
    client_of(agent).post(path(town), typed(source="letter", attached=[scan]))
    made = Ticket.objects.get()
    assert (made.source, made.files.get().by_town) == ("letter", False)
    bad = BytesIO(b"MZ")
    bad.name = "virus.exe"
    refused = client_of(agent).post(path(town), typed(attached=[bad]))
    assert (refused.status_code, "Choisissez de nouveau les fichiers" in refused.content.decode()) == (400, True)


def test_questions_come_with_the_category(agent: Person, town: Town, lamps: Category) -> None:
    Question.objects.create(category=lamps, text="Clignote-t-il ?", answering=Answering.YES_NO, required=True)
    client = client_of(agent)
    assert "Clignote-t-il" in client.get(path(town, "questions/"), {"category": "Voirie > Éclairage"}).content.decode()
    assert "Clignote-t-il" not in client.get(path(town, "questions/"), {"category": "trottoirs"}).content.decode()
    refused = client.post(path(town), typed())
    assert (refused.status_code, "Clignote-t-il" in refused.content.decode()) == (400, True)
    client.post(path(town), typed(**{f"question_{Question.objects.get().pk}": "oui"}))
    assert Ticket.objects.get().answers[0]["answer"] == "oui"


def test_an_internal_task_for_a_ticket(agent: Person, town: Town, lamps: Category) -> None:
    of = make_ticket(town, category=lamps)
    page = client_of(agent).get(path(town), {"tache": of.number}).content.decode()
    assert f"Tâche interne pour {of.number}" in page
    said = {
        "key": "k",
        "internal": "on",
        "source": "",
        "category": "eclairage",
        "description": "Commander.",
        "task_of": of.number,
    }
    client_of(agent).post(path(town) + f"?tache={of.number}", said)
    task = Ticket.objects.get(internal=True)
    assert (task.task_of, task.requester, task.source) == (of, agent, "internal")
    assert client_of(agent).get(path(town), {"tache": make_ticket(factories.make_town()).number}).status_code == 404


def test_the_call_centre_keeps_it_and_sets_no_priority(town: Town, lamps: Category) -> None:
    operator = factories.make_person(town=town, roles=[Role.OPERATOR])
    other = factories.make_town()
    operator.memberships.create(town=other, role=Role.OPERATOR)
    client = client_of(operator)
    page = client.get(path(town)).content.decode()
    assert other.name in page
    assert 'name="priority"' not in page
    client.post(path(town), typed(hold="on", priority=""))
    assert Ticket.objects.get().status == Status.NOT_TRANSFERRED


def test_who_is_on_the_phone_is_found(agent: Person, town: Town, citizen: Person, lamps: Category) -> None:
    set_phones(person=citizen, numbers=["+33199000111"])
    make_ticket(town, first_name="Ève", last_name="Roy", email="roy@example.org", phone="+33199000122")
    make_ticket(factories.make_town(), first_name="Alice", last_name="Ailleurs")
    make_ticket(town, first_name="Paul", last_name="Autre", description="C’est Alice qui me l’a dit.")
    client = client_of(agent)

    def names(text: str) -> list[str]:
        found = client.get(path(town, "demandeurs/"), {"q": text}).json()["people"]
        return [one["name"] for one in found]

    assert names("alice") == ["Alice Moreau"]
    assert names("0199000111") == ["Alice Moreau"]
    assert names("roy@example") == ["Ève Roy"]
    assert names("01 99 00 01 22") == ["Ève Roy"]
    assert names("a") == names("personne") == []
    client.post(path(town), typed(requester=citizen.pk, last_name="", phone=""))
    assert Ticket.objects.latest("pk").requester == citizen


def test_a_talk_with_the_mayor_becomes_a_ticket(town: Town, mayor: Person, citizen: Person, lamps: Category) -> None:
    talk = factories.make_conversation(town, citizen, "Le lampadaire de ma rue est éteint.")
    client = client_of(mayor)
    assert "Le lampadaire de ma rue" in client.get(path(town), {"conversation": talk.pk}).content.decode()
    client.post(
        path(town) + f"?conversation={talk.pk}", typed(last_name="", phone="", description="Lampadaire éteint.")
    )
    made = Ticket.objects.get()
    assert (made.talk, made.requester, made.wants_follow_ups) == (talk, citizen, True)
    post_message(actor=citizen, conversation_id=talk.pk, key="z", body="Merci")
    other = factories.make_agent(town)
    for person, asked in ((other, talk.pk), (mayor, 987_654), (mayor, "x")):
        assert client_of(person).get(path(town), {"conversation": asked}).status_code == 404


def test_anonymous_where_the_town_allows_it(agent: Person, town: Town, lamps: Category) -> None:
    DeskSettings.objects.create(town=town, code="ST", anonymous_allowed=True)
    client_of(agent).post(path(town), typed(anonymous="on"))
    assert (Ticket.objects.get().anonymous, Ticket.objects.get().last_name) == (True, "")
