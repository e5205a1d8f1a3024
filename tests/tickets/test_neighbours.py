"""One incident, a hundred neighbours: what is answered reaches each of them, and never who is anonymous (S99)."""

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.conversations.models import Message, Visibility
from hub.core.errors import Invalid
from hub.people.models import Person
from hub.tickets import queries
from hub.tickets.actions import add_follow_up, ungroup
from hub.tickets.models import Status, Ticket
from hub.towns.models import Town
from tests.tickets.making import make_ticket
from tests.tickets.outbox import mails

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def incident(town: Town) -> Ticket:
    return make_ticket(town, anonymous=True, title="Fuite place du Four")


@pytest.fixture
def neighbours(town: Town, incident: Ticket) -> list[Ticket]:
    return [make_ticket(town, parent=incident, language=language) for language in ("fr", "en", "fr")]


@pytest.fixture
def desk(agent: Person) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def path(ticket: Ticket, more: str = "") -> str:
    return f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/{more}"


def page(desk: Client, ticket: Ticket, more: str = "") -> str:
    return unescape(desk.get(path(ticket, more)).content.decode())


def told(ticket: Ticket) -> list[str]:
    """What its requester reads there."""
    outside = queries.seen_by(ticket.requester, Ticket.objects.get(pk=ticket.pk))
    assert not outside.works
    return [one.message.body for one in queries.follow_ups_of(outside)]


def test_neighbours_of_an_anonymous_one_are_answered_and_it_is_not(
    desk: Client, town: Town, incident: Ticket, neighbours: list[Ticket]
) -> None:
    silent = make_ticket(town, anonymous=True, parent=incident)
    shown = page(desk, incident)
    assert "un suivi externe part aux 3 requêtes réunies, et à personne d’autre." in shown
    assert ('value="external"' in shown, 'value="requester"' in shown) == (True, False)
    said = {"mode": "external", "body": "C’est réparé.", "body_en": "It is fixed.", "key": "k"}
    for _twice in range(2):
        assert desk.post(path(incident, "suivi/"), said).status_code == 302
    assert [told(one) for one in neighbours] == [["C’est réparé."], ["It is fixed."], ["C’est réparé."]]
    assert (told(incident), told(silent)) == ([], [])
    assert sorted(one.address for one in mails()) == sorted(one.email for one in neighbours)
    kept = Message.objects.get(conversation=incident.conversation)
    assert (kept.visibility, Message.objects.count()) == (Visibility.INTERNAL, 4)
    shown = page(desk, incident)
    assert "Externe, aux requêtes réunies" in shown
    assert "Ville et centre d’appels seulement" not in shown
    assert "Rien au demandeur anonyme" in shown
    assert "et rien au demandeur anonyme" in page(desk, incident, "?onglet=informations")
    incident.refresh_from_db()
    assert (incident.status, incident.external_count) == (Status.IN_PROGRESS, 0)


def test_it_is_closed_with_a_last_word_to_them(desk: Client, incident: Ticket, neighbours: list[Ticket]) -> None:
    assert "Un dernier mot aux requêtes réunies" in page(desk, incident, "fermeture/")
    closed = desk.post(path(incident, "fermer/"), {"status": "closed_done", "body": "La conduite est changée."})
    assert closed.status_code == 302
    assert [told(one) for one in neighbours] == [["La conduite est changée."]] * 3
    assert {one.address for one in mails("closed")} == {one.email for one in neighbours}
    assert told(incident) == []


def test_a_colleagues_answer_to_them_is_read_first(
    desk: Client, mayor: Person, incident: Ticket, neighbours: list[Ticket]
) -> None:
    add_follow_up(actor=mayor, number=incident.number, visibility=Visibility.EXTERNAL, body="Nous passons lundi.")
    refused = desk.post(path(incident, "suivi/"), {"mode": "external", "body": "Nous passons mardi.", "read": "0"})
    assert (refused.status_code, "a répondu entre-temps" in refused.content.decode()) == (400, True)
    assert told(neighbours[0]) == ["Nous passons lundi."]


def test_what_would_reach_nobody_is_refused(agent: Person, incident: Ticket, neighbours: list[Ticket]) -> None:
    say: dict[str, Any] = {"actor": agent, "number": incident.number, "visibility": Visibility.EXTERNAL, "body": "Vu."}
    with pytest.raises(Invalid) as files:
        add_follow_up(**say, files=[("plan.txt", SimpleUploadedFile("plan.txt", b"rien"))])
    assert files.value.field == "files"
    for one in neighbours:
        ungroup(actor=agent, number=one.number)
    with pytest.raises(Invalid) as nobody:
        add_follow_up(**say)
    assert nobody.value.field == "visibility"
    assert not Message.objects.exists()
