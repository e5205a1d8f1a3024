"""Identity goes, the ticket stays (S98): by closing an account, or by who answers for the town."""

from typing import Any

import pytest
from django.test import Client

from hub.audit.models import Entry
from hub.conversations.actions import open_conversation
from hub.conversations.models import Message, Via, Visibility
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.core.jsons import encode_text
from hub.deliveries.actions import queue_sms
from hub.deliveries.models import Delivery
from hub.notifications.models import Notification
from hub.people.actions import close_account, issue_token, register_citizen, set_phones
from hub.people.models import Person, Role
from hub.streams.models import Event
from hub.tickets import queries
from hub.tickets.actions import add_answer, add_follow_up, erase_requester, note_words, settle, star, ticket_of_talk
from hub.tickets.actions.trail import note_seen
from hub.tickets.board import Board
from hub.tickets.drafts import Draft
from hub.tickets.filters import Filters
from hub.tickets.models import Favourite, Follower, Source, Status, Ticket
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_follower, make_service, make_staff, make_ticket
from tests.tickets.outbox import mails

pytestmark = pytest.mark.django_db

IDENTITY = ("Ondine", "Vasseur", "ondine@citoyen.example", "33611223344", "0611223344")


@pytest.fixture
def ondine(town: Town) -> Person:
    return factories.make_person("ondine@citoyen.example", town=town, first_name="Ondine", last_name="Vasseur")


@pytest.fixture
def manager(town: Town) -> Person:
    return factories.make_person("gestion@saint-test.example", town=town, roles=[Role.MANAGER])


CONTACT = {
    "first_name": "Ondine", "last_name": "Vasseur", "email": "ondine@citoyen.example", "phone": "+33611223344",
    "phone2": "+33144556677",
}  # fmt: skip


def told_everywhere(ticket: Ticket, *people: Person) -> str:
    """All that pages, programs and streams say of the ticket to these people, and to who has its secret."""
    said = []
    for person in people:
        client = Client()
        client.force_login(person)
        desk = f"/mairie/{ticket.town.slug}/requetes/"
        pages = [desk, *(f"{desk}{ticket.number}/?onglet={tab}" for tab in ("informations", "suivis", "fichiers"))]
        pages += [f"{desk}{ticket.number}/informations/", "/notifications/"]
        token = issue_token(person=person, name="programme")
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        programs = [f"/api/v1/tickets/{ticket.number}", f"/api/v1/tickets/{ticket.number}/follow-ups"]
        answers = [*(client.get(page) for page in pages), *(Client().get(path, **bearer) for path in programs)]
        assert [answer.status_code for answer in answers] == [200] * len(answers)
        said += [answer.content.decode() for answer in answers]
    stranger = Client()
    tracked = stranger.get(f"/suivi/{ticket.number}/?c={ticket.secret}", follow=True)
    assert tracked.status_code == 200
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    events = Event.objects.filter(topic__in=[ticket.topic, ticket.staff_topic]).values_list("payload", flat=True)
    return "\n".join([*said, tracked.content.decode(), str(row), *events])


def left(words: str) -> list[str]:
    return [part for part in IDENTITY if part in words]


def live(ticket: Ticket, requester: Person, agent: Person) -> None:
    """Both sides write, somebody sees it, it is closed and answered about."""
    add_answer(actor=requester, number=ticket.number, body="C’est pire ce matin.")
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="Nous passons mardi.")
    note_words(actor=agent, number=ticket.number, body="A rappelé.", via=Via.PHONE)
    note_seen(ticket, agent)


def search(agent: Person, town: Town, *words: str) -> list[str]:
    found = Board(agent, town).matching(Filters(words=words))
    return [ticket.number for ticket in found]


# Closing an account.


@pytest.mark.both_stores
def test_a_closed_account_leaves_its_tickets_without_it(
    town: Town, agent: Person, manager: Person, ondine: Person
) -> None:
    ticket = make_ticket(town, requester=ondine, created_by=ondine, public=True, **CONTACT)
    theirs = make_ticket(town, public=True, first_name="Basile", last_name="Autre")
    live(ticket, ondine, agent)
    before = told_everywhere(ticket, agent)
    assert set(left(before)) >= {"Ondine", "Vasseur", "ondine@citoyen.example"}
    assert search(agent, town, "vasseur") == search(agent, town, "0611223344") == [ticket.number]

    assert Event.objects.filter(topic=ticket.topic, payload__contains="Ondine Vasseur").count() == 2

    close_account(person=ondine)

    assert left(told_everywhere(ticket, agent, manager)) == []
    assert search(agent, town, "vasseur") == search(agent, town, "0611223344") == []
    assert set(search(agent, town, "lampadaire")) == {theirs.number, ticket.number}
    ticket.refresh_from_db()
    assert (ticket.email, ticket.phone, ticket.phone2, ticket.wants_follow_ups) == ("", "", "", False)
    assert ticket.description == "Le lampadaire devant le 12 est éteint depuis lundi."
    assert (ticket.requester.name, ticket.created_by_id) == ("—", ticket.requester_id)
    assert ticket.requester_id != ondine.pk
    said = [
        (one.message.body, one.by_requester, one.name)
        for one in queries.follow_ups_of(queries.access_work(agent, ticket.number))
    ]
    assert said == [
        ("C’est pire ce matin.", True, ""), ("Nous passons mardi.", False, agent.name), ("A rappelé.", True, ""),
    ]  # fmt: skip
    theirs.refresh_from_db()
    assert theirs.requester_name == "Basile Autre"
    ondine.refresh_from_db()
    assert ondine.name == "Ondine Vasseur"  # on what they said to the mayor, as the page says


def test_who_closes_an_account_follows_and_is_told_nothing_more(town: Town, agent: Person, ondine: Person) -> None:
    followed = make_ticket(town, public=True, follower_count=3)
    by_address = make_ticket(town, public=True, follower_count=1)
    make_follower(followed, person=ondine)
    make_follower(followed, "autre@citoyen.example")
    make_follower(by_address, "ondine@citoyen.example")
    ticket = make_ticket(town, requester=ondine)
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="C’est noté.")
    assert Notification.objects.filter(person=ondine).exists()

    close_account(person=ondine)

    assert list(Follower.objects.values_list("email", flat=True)) == ["autre@citoyen.example"]
    followed.refresh_from_db()
    by_address.refresh_from_db()
    assert (followed.follower_count, by_address.follower_count) == (2, 0)
    assert not Notification.objects.filter(person=ondine).exists()


def test_staff_keep_their_name_on_their_work(town: Town, agent: Person, citizen: Person) -> None:
    ticket = make_ticket(town, requester=citizen, assignee=agent)
    task = make_ticket(town, requester=agent, internal=True, source=Source.INTERNAL, created_by=agent)
    add_follow_up(actor=agent, number=ticket.number, visibility=Visibility.EXTERNAL, body="C’est noté.")
    star(actor=agent, number=ticket.number, on=True)
    close_account(person=agent)
    task.refresh_from_db()
    ticket.refresh_from_db()
    assert (task.requester_id, task.created_by_id) == (agent.pk, agent.pk)
    assert ticket.requester_name == citizen.name
    assert ticket.conversation.messages.get().author_id == agent.pk
    assert not Favourite.objects.filter(person=agent).exists()


def test_each_town_tells_it_in_its_own_trail_by_number(town: Town, ondine: Person) -> None:
    elsewhere = factories.make_town("ailleurs")
    tickets = [make_ticket(place, requester=ondine) for place in (town, elsewhere)]
    close_account(person=ondine)
    for ticket in tickets:
        entry = Entry.objects.get(act="ticket.erased", subject=f"ticket.{ticket.number}")
        assert (entry.town_id, entry.actor_name, entry.what) == (ticket.town_id, "", {"field": "erased"})
        ticket.refresh_from_db()
        assert entry.actor_id == ticket.requester_id
    assert len({ticket.requester_id for ticket in tickets}) == 1


def test_the_closing_page_says_what_stays(client: Client, ondine: Person) -> None:
    client.force_login(ondine)
    page = client.get("/compte/fermer/").content.decode()
    assert "sous «\u00a0Demandeur\u00a0»" in page
    assert "/compte/donnees/" in page


def test_the_secret_still_opens_what_nobody_is_named_on(town: Town, ondine: Person, client: Client) -> None:
    ticket = make_ticket(town, requester=ondine, status=Status.CLOSED_DONE, public=False)
    close_account(person=ondine)
    page = client.get(f"/suivi/{ticket.number}/?c={ticket.secret}", follow=True)
    assert page.status_code == 200
    assert left(page.content.decode()) == []
    with pytest.raises(NotFound):
        settle(actor=ondine, number=ticket.number, settled=True)


# By who answers for the town.


@pytest.fixture
def unknown(town: Town) -> Ticket:
    """Of somebody without an account, known by this ticket and one split from it."""
    return make_ticket(town, source=Source.PHONE, **CONTACT)


@pytest.mark.both_stores
def test_a_manager_erases_a_requester_without_an_account(
    town: Town, agent: Person, manager: Person, unknown: Ticket
) -> None:
    part = make_ticket(town, requester=unknown.requester, split_from=unknown, public=True, **CONTACT)
    other = make_ticket(town, **{**CONTACT, "first_name": "Basile", "email": "basile@citoyen.example"})
    make_follower(other, "ondine@citoyen.example")
    live(unknown, unknown.requester, agent)

    assert erase_requester(actor=manager, number=unknown.number) == 2
    assert erase_requester(actor=manager, number=unknown.number) == 0

    for ticket in (unknown, part):
        assert left(told_everywhere(ticket, agent, manager)) == []
        entry = Entry.objects.get(act="ticket.erased", subject=f"ticket.{ticket.number}")
        assert (entry.actor_id, entry.actor_name) == (manager.pk, manager.name)
    other.refresh_from_db()
    assert (other.first_name, other.email, other.follower_count) == ("Basile", "basile@citoyen.example", 0)
    assert not Follower.objects.exists()
    assert search(agent, town, "ondine") == []
    trail = encode_text(list(Entry.objects.values("what", "actor_name")))
    assert left(trail) == []


def test_a_citizen_on_file_keeps_the_file_and_another_towns_tickets(town: Town, agent: Person, manager: Person) -> None:
    person = register_citizen(
        actor=agent, town=town, fields={"first_name": "Ondine", "last_name": "Vasseur", "email": ""},
        phones=["+33611223344"],
    )  # fmt: skip
    elsewhere = make_ticket(factories.make_town("ailleurs"), requester=person, **CONTACT)
    ticket = make_ticket(town, requester=person, **CONTACT)
    assert erase_requester(actor=manager, number=ticket.number) == 1
    ticket.refresh_from_db()
    elsewhere.refresh_from_db()
    person.refresh_from_db()
    assert (ticket.requester_name, ticket.requester.name) == ("", "—")
    assert (elsewhere.requester_id, elsewhere.first_name, person.name) == (person.pk, "Ondine", "Ondine Vasseur")


@pytest.mark.parametrize(
    ("role", "error"),
    [(Role.AGENT, Forbidden), (Role.OPERATOR, Forbidden), (Role.CITIZEN, NotFound), (Role.MODERATOR, NotFound)],
)
def test_it_is_for_who_answers_for_the_town(town: Town, unknown: Ticket, role: Role, error: Any) -> None:
    with pytest.raises(error):
        erase_requester(actor=factories.make_person(town=town, roles=[role]), number=unknown.number)
    unknown.refresh_from_db()
    assert unknown.first_name == "Ondine"


def test_who_has_an_account_closes_it_themselves(town: Town, manager: Person, ondine: Person) -> None:
    ticket = make_ticket(town, requester=ondine, **CONTACT)
    with pytest.raises(Conflict, match="Cette personne a un compte"):
        erase_requester(actor=manager, number=ticket.number)
    for fields in ({"anonymous": True}, {"internal": True, "source": Source.INTERNAL}):
        with pytest.raises(Invalid):
            erase_requester(actor=manager, number=make_ticket(town, **fields).number)


def test_the_page_asks_before_it_does(client: Client, town: Town, manager: Person, unknown: Ticket) -> None:
    part = make_ticket(town, requester=unknown.requester, **CONTACT)
    client.force_login(manager)
    facts = f"/mairie/{town.slug}/requetes/{unknown.number}/"
    address = f"{facts}effacer/"
    assert address in client.get(facts, {"onglet": "informations"}).content.decode()
    page = client.get(address).content.decode()
    assert "Ondine Vasseur" in page
    assert part.number in page
    unsure = client.post(address)
    assert "Cochez la case" in unsure.content.decode()
    unknown.refresh_from_db()
    assert unknown.first_name == "Ondine"
    done = client.post(address, {"sure": "on"}, follow=True).content.decode()
    assert "L’identité est effacée de 2 requêtes." in done
    assert address not in done
    assert left(done) == []
    assert "Plus rien ne dit qui" in client.get(address).content.decode()


def test_the_page_is_for_managers_and_for_that_town(
    client: Client, town: Town, agent: Person, manager: Person, unknown: Ticket, ondine: Person
) -> None:
    client.force_login(agent)
    facts = f"/mairie/{town.slug}/requetes/{unknown.number}/"
    assert client.get(f"{facts}effacer/").status_code == 403
    assert client.post(f"{facts}effacer/", {"sure": "on"}).status_code == 403
    assert "effacer/" not in client.get(facts, {"onglet": "informations"}).content.decode()
    client.force_login(manager)
    foreign = make_ticket(factories.make_town("ailleurs"), **CONTACT)
    assert client.post(f"/mairie/{town.slug}/requetes/{foreign.number}/effacer/", {"sure": "on"}).status_code == 404
    theirs = make_ticket(town, requester=ondine, service=make_service(town))
    page = client.get(f"/mairie/{town.slug}/requetes/{theirs.number}/effacer/", follow=True).content.decode()
    assert "Cette personne a un compte" in page


# What left, and what leads there.


@pytest.mark.both_stores
def test_nothing_that_was_sent_nor_said_elsewhere_names_them(town: Town, mayor: Person, ondine: Person) -> None:
    talk = open_conversation(actor=ondine, town=town)
    agent = make_staff(town, make_service(town))
    draft = Draft(make_category(town, service=make_service(town)).pk, "Lampadaire éteint.")
    ticket = ticket_of_talk(actor=mayor, conversation_id=talk.pk, draft=draft)
    other = make_ticket(town)
    live(ticket, ondine, agent)
    add_follow_up(actor=agent, number=other.number, visibility=Visibility.EXTERNAL, body="Mardi aussi.")
    set_phones(person=ondine, numbers=["+33611223344"])
    queue_sms(cause="ticket_receipt", to="+33611223344", text="Ondine", person=ondine)
    Ticket.objects.filter(pk=ticket.pk).update(phone="+33611223344")
    for cause in ("receipt", "follow_up"):  # these have left, to her; the others still wait
        Delivery.objects.filter(dispatch__cause=f"ticket_{cause}", address=ondine.email).update(state="sent")
    Delivery.objects.filter(dispatch__cause="ticket_answered").update(state="sent")
    assert Message.objects.filter(system__name=ticket.number).exists()
    close_account(person=ondine)
    assert [one.address for one in mails("follow_up")] == [other.email]
    assert not mails("receipt")
    kept = "".join(f"{one.address}{one.subject}{one.text}{one.html}" for one in Delivery.objects.all())
    assert left(kept) == []
    assert ticket.number in kept  # the service is still told that it has it
    assert not Message.objects.filter(system__name=ticket.number).exists()
    said = Event.objects.filter(topic=talk.topic).values_list("payload", flat=True)
    assert ticket.number not in "".join(said)
    assert '"name":"—"' in "".join(said)
