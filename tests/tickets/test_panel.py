"""The desk's panel: what it shows to whom, what it takes, what it gives back when it refuses."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from hub.conversations.models import Message, Visibility
from hub.people.models import Person, Role
from hub.tickets.actions import Changes, add_answer, add_follow_up, change_ticket
from hub.tickets.models import CannedReply, Status, Ticket, TicketFile, Watcher
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_service, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]


@pytest.fixture
def agent(town: Town) -> Person:
    person = factories.make_agent(town, "agente@saint-test.example", first_name="Maude", last_name="Lavoie")
    make_service(town, "Travaux publics", person)
    return person


@pytest.fixture
def desk(agent: Person) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def ticket(town: Town, citizen: Person) -> Ticket:
    return make_ticket(town, requester=citizen, public=True)


def path(ticket: Ticket, more: str = "") -> str:
    return f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/{more}"


def page(client: Client, ticket: Ticket, more: str = "") -> str:
    answer = client.get(path(ticket, more))
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_words_details_and_tools(desk: Client, ticket: Ticket, citizen: Person) -> None:
    talk = page(desk, ticket)
    assert "Le lampadaire devant le 12 est éteint" in talk
    assert "Publique" in talk
    assert 'name="mode" value="external"' in talk
    assert "Tableau des requêtes" in talk
    facts = page(desk, ticket, "?onglet=informations")
    assert citizen.email in facts
    for tab in ("photos", "fichiers", "nulle-part"):
        page(desk, ticket, f"?onglet={tab}")
    fragment = page(desk, ticket, "?fragment=1")
    assert "Tableau des requêtes" not in fragment
    assert 'data-part="panel-head"' in fragment


def test_who_sees_it(ticket: Ticket, town: Town, citizen: Person) -> None:
    private = make_ticket(town, service=make_service(town, "Médiathèque"))
    internal = make_ticket(town, internal=True)
    roads = factories.make_agent(town)
    make_service(town, "Voirie", roads)
    operator = factories.make_person(town=town, roles=[Role.OPERATOR])
    elsewhere = factories.make_mayor(factories.make_town())
    expected = {
        roads: (200, 404, 404), operator: (200, 200, 404), elsewhere: (404, 404, 404), citizen: (404, 404, 404),
    }  # fmt: skip
    for person, codes in expected.items():
        client = Client()
        client.force_login(person)
        assert tuple(client.get(path(one)).status_code for one in (ticket, private, internal)) == codes, person


def test_words_to_colleagues_and_to_the_requester(desk: Client, ticket: Ticket) -> None:
    desk.post(path(ticket, "suivi/"), {"mode": "internal", "body": "Ampoule commandée.", "key": "a"})
    desk.post(path(ticket, "suivi/"), {"mode": "internal", "body": "Ampoule commandée.", "key": "a"})
    desk.post(path(ticket, "suivi/"), {"mode": "external", "body": "Nous passons demain.", "key": "b"})
    desk.post(path(ticket, "suivi/"), {"mode": "requester", "body": "Elle rappelle.", "via": "phone", "key": "c"})
    said = Message.objects.order_by("seq").values_list("body", "visibility", "side", "via")
    assert list(said) == [
        ("Ampoule commandée.", "internal", "town", "desk"), ("Nous passons demain.", "external", "town", "desk"),
        ("Elle rappelle.", "external", "requester", "phone"),
    ]  # fmt: skip
    shown = page(desk, ticket)
    assert "Externe, public" in shown
    assert "noté par Maude Lavoie" in shown
    ticket.refresh_from_db()
    assert ticket.status == Status.IN_PROGRESS


def test_what_is_refused_comes_back_with_its_text(desk: Client, ticket: Ticket) -> None:
    empty = desk.post(path(ticket, "suivi/"), {"mode": "external", "body": " "})
    assert empty.status_code == 400
    long = desk.post(path(ticket, "suivi/"), {"mode": "external", "body": "mot " * 3000, "key": "k"})
    assert (long.status_code, "mot mot" in long.content.decode()) == (400, True)
    assert "Votre texte est gardé" in long.content.decode()
    assert not Message.objects.exists()


def test_no_two_answer_unawares(desk: Client, ticket: Ticket, town: Town, citizen: Person) -> None:
    colleague = factories.make_mayor(town, first_name="Luc", last_name="Tremblay")
    add_answer(actor=citizen, number=ticket.number, body="Alors ?")
    add_follow_up(actor=colleague, number=ticket.number, visibility=Visibility.EXTERNAL, body="C’est fait.")
    asked = {"mode": "external", "body": "Nous passons demain.", "read": "1"}
    refused = desk.post(path(ticket, "suivi/"), asked)
    told = refused.content.decode()
    assert (refused.status_code, "Luc Tremblay a répondu entre-temps" in told) == (400, True)
    assert "Nous passons demain." in told
    assert 'name="read" value="2"' in told
    desk.post(path(ticket, "suivi/"), {**asked, "read": "2"})
    assert Message.objects.filter(body="Nous passons demain.").count() == 1


def test_files_that_were_sent_are_marked(desk: Client, ticket: Ticket) -> None:
    picture = BytesIO()
    Image.new("RGB", (90, 60), "green").save(picture, "JPEG")
    for mode, name in (("internal", "devis.jpg"), ("external", "plan.jpg")):
        file = BytesIO(picture.getvalue())
        file.name = name
        desk.post(path(ticket, "suivi/"), {"mode": mode, "body": "Voir.", "files": [file]})
    files = page(desk, ticket, "?onglet=fichiers")
    assert files.count("Envoyé au demandeur") == 1
    for one in TicketFile.objects.all():
        assert desk.get(path(ticket, f"fichiers/{one.file_id}/")).status_code == 200
        assert desk.get(path(ticket, f"fichiers/{one.file_id}/?apercu")).status_code == 200
    other = make_ticket(ticket.town)
    assert desk.get(path(other, f"fichiers/{one.file_id}/")).status_code == 404
    bad = BytesIO(b"MZ")
    bad.name = "virus.exe"
    refused = desk.post(path(ticket, "suivi/"), {"mode": "external", "body": "Voir ci-joint.", "files": [bad]})
    assert (refused.status_code, "Voir ci-joint." in refused.content.decode()) == (400, True)


def test_fields_are_changed_one_by_one(desk: Client, ticket: Ticket, agent: Person, town: Town) -> None:
    library = make_service(town, "Médiathèque")
    for given in (
        {"priority": "urgent"}, {"service": library.pk}, {"assignee": agent.pk}, {"due_on": "2030-02-03"},
        {"public": "no"}, {"title": "Lampadaire"},
    ):  # fmt: skip
        assert desk.post(path(ticket, "changer/?onglet=informations"), given).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.priority_name, ticket.service, ticket.assignee) == ("urgent", library, agent)
    assert (str(ticket.due_on), ticket.public, ticket.title) == ("2030-02-03", False, "Lampadaire")
    history = page(desk, ticket, "?onglet=informations")
    for sentence in ("Important → Urgent", "Médiathèque", "a rendu la requête privée"):
        assert sentence in history
    for wrong in (
        {"priority": "now"}, {"service": "x"}, {"assignee": "987654"}, {"due_on": "demain"}, {"status": "gone"},
        {"category": "987654"},
    ):  # fmt: skip
        assert desk.post(path(ticket, "changer/"), wrong).status_code == 400, wrong


def test_what_goes_to_another_service_leaves_this_desk(town: Town) -> None:
    roads, library = make_service(town, "Voirie"), make_service(town, "Médiathèque")
    client, ticket = Client(), make_ticket(town, service=roads)
    client.force_login(factories.make_person(town=town, roles=[Role.AGENT], services=[roads]))
    moved = client.post(path(ticket, "changer/"), {"service": library.pk}, follow=True)
    assert moved.redirect_chain == [(f"/mairie/{town.slug}/requetes/", 302)]
    assert "est confiée à un autre service" in moved.content.decode()
    assert client.get(path(ticket)).status_code == 404


def test_closing_asks_and_warns(desk: Client, ticket: Ticket) -> None:
    task = make_ticket(ticket.town, internal=True, task_of=ticket, title="Commander l’ampoule")
    asked = page(desk, ticket, "fermeture/")
    assert "1 tâche interne n’est pas terminée" in asked
    assert task.title in asked
    refused = desk.post(path(ticket, "fermer/"), {"status": "closed_refused", "reason": ""})
    assert refused.status_code == 400
    assert desk.post(path(ticket, "fermer/"), {"status": "closed_done", "body": "C’est réparé."}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, Message.objects.get().body) == (Status.CLOSED_DONE, "C’est réparé.")
    assert desk.post(path(ticket, "changer/"), {"status": "in_progress"}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == (Status.IN_PROGRESS, None)


def test_details_are_corrected_or_come_back(desk: Client, ticket: Ticket) -> None:
    given = {
        "title": "Lampadaire", "category": ticket.category_id, "address": "3, rue du Four", "lat": "48,5", "lon": "2.1",
        "first_name": "Alice", "last_name": "Moreau", "email": "a@b.example", "phone": "01 99 00 01 10", "phone2": "",
    }  # fmt: skip
    page(desk, ticket, "informations/")
    assert desk.post(path(ticket, "informations/changer/"), given).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.address, ticket.lat, ticket.phone) == ("3, rue du Four", 48.5, "+33199000110")
    for wrong in ({"email": "nulle part"}, {"lat": "x"}, {"phone": "12"}, {"title": ""}, {"category": "9"}):
        refused = desk.post(path(ticket, "informations/changer/"), {**given, **wrong})
        assert (refused.status_code, "3, rue du Four" in refused.content.decode()) == (400, True), wrong


def test_together_and_apart(desk: Client, ticket: Ticket, town: Town) -> None:
    other = make_ticket(town, title="Encore ce lampadaire")
    elsewhere = make_ticket(factories.make_town())
    page(desk, other, "reunion/")
    for typed in ("rien", "ZZ26-99999", elsewhere.number, other.number):
        assert desk.post(path(other, "reunir/"), {"parent": typed, "how": "group"}).status_code == 400, typed
    desk.post(path(other, "reunir/"), {"parent": ticket.number.lower(), "how": "merge"})
    other.refresh_from_db()
    assert (other.parent, other.merged) == (ticket, True)
    assert "est un doublon" in page(desk, other)
    assert other.title in page(desk, ticket, "?onglet=informations")
    assert desk.post(path(other, "suivi/"), {"mode": "internal", "body": "x"}).status_code == 403
    desk.post(path(other, "separer/"))
    other.refresh_from_db()
    assert (other.parent, other.status) == (None, Status.IN_PROGRESS)
    page(desk, ticket, "scission/")
    assert desk.post(path(ticket, "scinder/"), {"category": "", "description": "Et un banc."}).status_code == 400
    bench = make_category(town, "Mobilier")
    desk.post(path(ticket, "scinder/"), {"category": bench.pk, "description": "Et un banc cassé."})
    assert Ticket.objects.get(split_from=ticket).title == "Et un banc cassé"


def test_the_call_centre_reads_and_does_not_treat(ticket: Ticket, town: Town) -> None:
    client = Client()
    client.force_login(factories.make_person(town=town, roles=[Role.OPERATOR]))
    shown = page(client, ticket)
    assert 'name="status"' not in shown
    assert client.post(path(ticket, "changer/"), {"status": "closed_done"}).status_code == 403
    assert client.post(path(ticket, "suivi/"), {"mode": "internal", "body": "Elle rappelle."}).status_code == 302


def test_the_call_centre_corrects_place_and_contact_after_the_transfer_and_nothing_else(
    ticket: Ticket, town: Town
) -> None:
    top = make_ticket(town)
    Ticket.objects.filter(pk=ticket.pk).update(parent=top)
    client = Client()
    client.force_login(factories.make_person(town=town, roles=[Role.OPERATOR]))
    shown = page(client, ticket, "?onglet=informations")
    assert shown.count(path(ticket, "informations/")) == 2  # « Modifier », and in the options
    for more in ("changer/", "reunion/", "scission/", "separer/", "fermeture/", "effacer/"):
        assert path(ticket, more) not in shown, more
    asked = page(client, ticket, "informations/")
    for name, there in {
        "address": True,
        "phone": True,
        "title": False,
        "category": False,
        "wants_follow_ups": False,
    }.items():
        assert (f'name="{name}"' in asked) is there, name
    given = {
        "address": "3, rue du Four", "first_name": "Alice", "last_name": "Morel", "email": ticket.email,
        "phone": "01 99 00 01 10", "title": "Autre", "category": str(make_category(town, "Mobilier").pk),
    }  # fmt: skip
    assert client.post(path(ticket, "informations/changer/"), given).status_code == 302
    before, after = ticket, Ticket.objects.get(pk=ticket.pk)
    assert (after.address, after.last_name, after.phone) == ("3, rue du Four", "Morel", "+33199000110")
    kept = ("title", "category_id", "wants_follow_ups", "status", "service_id", "priority", "public")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    anonymous, held = make_ticket(town, anonymous=True), make_ticket(town, status=Status.NOT_TRANSFERRED)
    assert client.post(path(anonymous, "informations/changer/"), {"address": "5, rue du Four"}).status_code == 302
    assert Ticket.objects.get(pk=anonymous.pk).address == "5, rue du Four"
    assert 'name="title"' in page(client, held, "informations/")


def test_canned_replies_watching_and_anonymity(desk: Client, ticket: Ticket, agent: Person, town: Town) -> None:
    reply = CannedReply.objects.create(town=town, title="Reçu", body="Bonjour {prenom}, c’est noté ({numero}).")
    Ticket.objects.update(public=False)
    assert f"Bonjour Alice, c’est noté ({ticket.number})." in page(desk, ticket, f"?reponse={reply.pk}")
    desk.post(path(ticket, "prevenez-moi/"), {"on": "1"})
    assert Watcher.objects.filter(person=agent, ticket=ticket).exists()
    anonymous = make_ticket(town, anonymous=True)
    shown = page(desk, anonymous)
    assert 'value="external"' not in shown
    change_ticket(actor=agent, number=anonymous.number, changes=Changes(priority="urgent"))
    assert "Demandeur anonyme" in page(desk, anonymous)
