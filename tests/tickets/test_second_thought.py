"""Before what tells who asked is read by everybody (S100), the desk and the API say so and ask again."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.conversations.models import Message, Visibility
from hub.people.models import Person
from hub.tickets.actions import add_follow_up, group_under
from hub.tickets.models import Status, Ticket
from hub.tickets.revealing import NamesRequester
from hub.towns.models import Town
from tests.api.conftest import by_token, problem
from tests.tickets.making import add_message, make_service, make_staff, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

NAME = "Le nom du demandeur, «\u00a0Moreau\u00a0», serait lu par tout le monde."


@pytest.fixture
def desk(agent: Person) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, public=True)


def send(desk: Client, ticket: Ticket, act: str, **said: Any) -> tuple[int, str]:
    answer = desk.post(f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/{act}/", said)
    return answer.status_code, unescape(answer.content.decode())


def asks(page: str) -> bool:
    """Whether « Publier quand même » is there, in a form that can be sent, and not what Enter presses."""
    (form,) = re.findall(r"<form(?:(?!</form>).)*Publier quand même.*?</form>", page, re.S)
    buttons = re.findall(r"<button(?![^>]*type=.button)[^>]*>", form)
    return 'name="sure" value="on"' in form and (len(buttons) == 1 or "sure" not in buttons[0])


def test_a_follow_up_on_a_public_ticket(desk: Client, ticket: Ticket) -> None:
    said = {"mode": "external", "body": "Mme MOREAU nous attend.", "key": "k"}
    code, page = send(desk, ticket, "suivi", **said)
    assert (code, NAME in page, said["body"] in page, asks(page)) == (409, True, True, True)
    assert "Choisissez de nouveau les fichiers." not in page
    assert not Message.objects.exists()
    scan = SimpleUploadedFile("moreau.txt", b"rien")
    code, page = send(desk, ticket, "suivi", mode="external", body="Voir ci-joint.", files=[scan])
    assert (code, NAME in page, "Choisissez de nouveau les fichiers." in page) == (409, True, True)
    assert send(desk, ticket, "suivi", **said, sure="on")[0] == 302
    assert send(desk, ticket, "suivi", **said)[0] == 302  # the same key again: it is said already
    assert send(desk, ticket, "suivi", mode="internal", body="Mme Moreau", key="i")[0] == 302
    assert send(desk, ticket, "suivi", mode="requester", body="Je suis Mme Moreau", key="r")[0] == 302
    private = make_ticket(ticket.town)
    assert send(desk, private, "suivi", **said)[0] == 302


def test_a_ticket_becomes_public(desk: Client, town: Town, agent: Person) -> None:
    ticket = make_ticket(town, title="Trou devant chez Moreau", address="12, rue du Four")
    assert send(desk, ticket, "changer", public="yes")[0] == 302  # a title made of their words is not shown
    send(desk, ticket, "changer", public="no")
    kept = {name: getattr(ticket, name) for name in ("address", "first_name", "last_name", "email")}
    send(desk, ticket, "informations/changer", **kept, title="Trou chez Moreau")
    code, page = send(desk, ticket, "changer", public="yes")
    assert (code, "Elle n’est pas encore publique." in page, asks(page), "Corriger" in page) == (409, True, True, True)
    send(desk, ticket, "informations/changer", **kept, title="Un trou")
    add_message(ticket, agent, "Chère Alice, nous passons demain.")
    add_message(ticket, agent, "Moreau a payé.", visibility=Visibility.INTERNAL)
    code, page = send(desk, ticket, "changer", public="yes")
    assert (code, "Alice" in page, "déjà envoyé" in page, "La laisser privée" in page) == (409, True, True, True)
    assert NAME not in page
    ticket.refresh_from_db()
    assert not ticket.public
    assert send(desk, ticket, "changer", public="yes", sure="on")[0] == 302
    ticket.refresh_from_db()
    assert ticket.public


def test_a_title_on_a_public_ticket(desk: Client, ticket: Ticket) -> None:
    given = {"title": "Chez Mme Moreau", "address": ticket.address, "first_name": "Alice", "last_name": "Moreau"}
    code, page = send(desk, ticket, "informations/changer", **given)
    assert (code, NAME in page, asks(page), 'value="Chez Mme Moreau"' in page) == (409, True, True, True)
    assert send(desk, ticket, "informations/changer", **given, sure="on")[0] == 302
    assert send(desk, ticket, "informations/changer", **given, phone="0199000110")[0] == 302  # the title is as it was


def test_a_last_word_and_a_refusal(desk: Client, ticket: Ticket) -> None:
    for said in (
        {"status": "closed_done", "body": "Merci à M. Moreau"},
        {"status": "closed_refused", "reason": "M. Moreau est à Valbourg."},
    ):
        code, page = send(desk, ticket, "fermer", **said, key="k")
        assert (code, NAME in page, asks(page), "Moreau" in page) == (409, True, True, True)
        ticket.refresh_from_db()
        assert (ticket.closed, Message.objects.count()) == (False, 0)
    assert send(desk, ticket, "fermer", status="closed_done", body="Merci à M. Moreau", sure="on")[0] == 302
    ticket.refresh_from_db()
    assert (ticket.status, Message.objects.get().body) == (Status.CLOSED_DONE, "Merci à M. Moreau")


def test_who_asked_for_what_stands_under_it(town: Town, agent: Person) -> None:
    """A private incident, a public neighbour: on the neighbour's page everybody reads it."""
    incident, neighbour = make_ticket(town, last_name="Roy"), make_ticket(town, public=True, last_name="Gagnon")
    hidden = make_ticket(town, last_name="Côté", service=make_service(town, "Police"))
    group_under(actor=agent, number=neighbour.number, parent=incident.number)
    Ticket.objects.filter(pk=hidden.pk).update(parent=incident)
    roads = make_staff(town, make_service(town), email="voirie@saint-test.example")
    said: dict[str, Any] = {"actor": roads, "number": incident.number, "visibility": Visibility.EXTERNAL}
    for words, told in (("Merci à M. Gagnon.", "d’une requête réunie"), ("Merci à M. Roy.", "Le nom du demandeur")):
        with pytest.raises(NamesRequester, match=told):
            add_follow_up(**said, body=words)
    add_follow_up(**said, body="Merci à Mme Côté.")  # who that is, they don't know, and are not told


def test_programs_are_asked_too(ticket: Ticket, agent: Person) -> None:
    caller, path = by_token(agent), f"tickets/{ticket.number}"
    said = {"body": "M. Moreau, merci."}
    told = problem(caller.post(f"{path}/follow-ups", said))
    assert (told["status"], told["code"], told["detail"]) == (409, "names_requester", NAME)
    assert caller.post(f"{path}/follow-ups", {**said, "sure": True}).status_code == 201
    for change in ({"title": "Chez Moreau"}, {"status": "closed_refused", "reason": "Voir Moreau."}):
        assert problem(caller.patch(path, change))["code"] == "names_requester"
        assert caller.patch(path, {**change, "sure": True}).status_code == 200
    for more, code in ({}, 409), ({"sure": "true"}, 201):
        given: dict[str, Any] = {"file": SimpleUploadedFile("moreau.txt", b"rien"), **more}
        assert caller.client.post(f"/api/v1/{path}/files", given, headers=caller.headers).status_code == code


def test_a_requester_says_of_themselves_what_they_like(town: Town, citizen: Person) -> None:
    mine = make_ticket(town, requester=citizen, public=True)
    place = {"place": {"address": f"chez {citizen.last_name}"}}
    assert by_token(citizen).patch(f"tickets/{mine.number}", place).status_code == 200
