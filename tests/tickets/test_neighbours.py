"""One incident, a hundred neighbours: what is answered reaches each of them, and never who is anonymous (S99)."""

from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.conversations.models import Message, Visibility
from hub.core.errors import Invalid
from hub.people.models import Person
from hub.streams.models import Event
from hub.tickets import queries
from hub.tickets.actions import Changes, add_follow_up, change_ticket, ungroup
from hub.tickets.models import Status, Ticket, TicketFile
from hub.tickets.revealing import NamesRequester
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


# Files that the town sends along (S123): kept once, for those who got the words.


def test_each_neighbour_gets_the_files_on_their_own_page_and_nobody_else_does(
    desk: Client, town: Town, agent: Person
) -> None:
    incident = make_ticket(town)
    mine, public = make_ticket(town, parent=incident), make_ticket(town, parent=incident, public=True)
    silent = make_ticket(town, anonymous=True, parent=incident)
    elsewhere, later = make_ticket(town), make_ticket(town)
    assert "Votre texte et vos fichiers vont aussi aux 2 requêtes réunies." in page(desk, incident)
    plan = SimpleUploadedFile("plan.txt", b"la rue")
    assert desk.post(path(incident, "suivi/"), {"mode": "external", "body": "Voir.", "key": "k", "files": [plan]})
    secret = SimpleUploadedFile("secret.txt", b"rien")
    desk.post(path(incident, "suivi/"), {"mode": "internal", "body": "Entre nous.", "key": "i", "files": [secret]})
    desk.post(path(elsewhere, "suivi/"), {"mode": "external", "body": "Autre chose.", "key": "k"})
    files = {one.file.name: one for one in TicketFile.objects.select_related("file")}
    assert len(files) == 2
    for one in (mine, public):
        group_and_back(agent, one, incident)  # it stays theirs when they are no longer together

    def code(ticket: Ticket, name: str, reader: Person | None) -> int:
        client = Client()
        if reader is not None:
            client.get(f"/suivi/{ticket.number}/", {"c": ticket.secret})
        return client.get(f"/suivi/{ticket.number}/fichiers/{files[name].file_id}").status_code

    allowed = [(incident, True), (mine, True), (public, True), (public, False)]
    refused = [(incident, False), (mine, False), (silent, True), (elsewhere, True), (later, True)]
    assert [code(one, "plan.txt", one.requester if own else None) for one, own in allowed] == [200] * 4
    assert [code(one, "plan.txt", one.requester if own else None) for one, own in refused] == [404] * 5
    assert {code(one, "secret.txt", one.requester) for one in (incident, mine, public, silent)} == {404}

    for letter in mails("follow_up"):
        assert ("plan.txt" in letter.text) == (letter.address != elsewhere.email)
    told = Event.objects.get(topic=mine.topic, name="follow_up.added")
    assert "plan.txt" in told.payload
    (said,) = queries.follow_ups_of(queries.seen_by(mine.requester, Ticket.objects.get(pk=mine.pk)))
    assert [kept.file.name for kept in said.files] == ["plan.txt"]
    assert "plan.txt" in page(desk, mine, "?onglet=fichiers")
    assert desk.get(path(mine, f"fichiers/{files['plan.txt'].file_id}/")).status_code == 200
    assert desk.get(path(silent, f"fichiers/{files['plan.txt'].file_id}/")).status_code == 404
    assert Ticket.objects.get(pk=mine.pk).town_files == 1


def group_and_back(agent: Person, ticket: Ticket, incident: Ticket) -> None:
    ungroup(actor=agent, number=ticket.number)
    ticket.refresh_from_db()
    assert ticket.parent is None


def test_a_neighbours_ticket_that_becomes_public_shows_their_names_to_whom_it_warns(town: Town, agent: Person) -> None:
    incident = make_ticket(town)
    neighbour = make_ticket(town, parent=incident, last_name="Quatrefages")
    plan = SimpleUploadedFile("quatrefages.txt", b"la rue")
    add_follow_up(
        actor=agent, number=incident.number, visibility=Visibility.EXTERNAL, body="Voir.",
        files=[("quatrefages.txt", plan)],
    )  # fmt: skip
    with pytest.raises(NamesRequester):
        change_ticket(actor=agent, number=neighbour.number, changes=Changes(public=True))
