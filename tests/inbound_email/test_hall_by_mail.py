"""What the town hall answers by mail, and what becomes of words about a duplicate."""

import pytest
from django.test import Client

from hub.conversations.models import Side, Via, Visibility
from hub.conversations.reply_addresses import given_as
from hub.core.clock import now
from hub.core.errors import NotFound
from hub.people.models import Person
from hub.streams.models import Event
from hub.tickets.actions import add_follow_up, add_follow_up_of_box, group_under, watch
from hub.tickets.models import Status as TicketStatus
from hub.tickets.models import Ticket
from hub.tickets.queries import access_ticket, files_of, follow_ups_of
from hub.towns.models import Town
from inbound_email.models import Reason, Status
from inbound_email.waiting import accept
from tests.files import samples
from tests.inbound_email.coming_in import answer, machine_answers, said
from tests.tickets.making import make_service, make_staff, make_ticket
from tests.tickets.outbox import mails
from tests.tickets.test_scanned_letters import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores, pytest.mark.usefixtures("at_their_word")]

ALICE = "alice@ailleurs.example"


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, email=ALICE)


@pytest.fixture
def duplicate(ticket: Ticket, town: Town, mayor: Person) -> Ticket:
    """Alice's, of what a neighbour asked for before her."""
    other = make_ticket(town, service=make_service(town, "Voirie"), title="Rue noire", first_name="Paul")
    group_under(actor=mayor, number=ticket.number, parent=other.number, merged=True)
    return Ticket.objects.get(pk=ticket.pk)


def test_on_a_duplicate_they_stand_where_she_reads_and_are_told_where_it_goes_on(
    client: Client, duplicate: Ticket, mayor: Person
) -> None:
    (other,) = Ticket.objects.exclude(pk=duplicate.pk)
    add_follow_up(actor=mayor, number=other.number, visibility=Visibility.EXTERNAL, body="Nous passons lundi.")
    assert other.service is not None
    picture = [("banc.jpg", "image/jpeg", samples.picture())]
    row = answer(duplicate, "C’est aussi éteint au 14.", sender=ALICE, files=picture)
    answered, words = said(duplicate)
    assert (answered.body, words.body, words.side) == (
        "Nous passons lundi.", "C’est aussi éteint au 14.", Side.REQUESTER,
    )  # fmt: skip
    assert (row.status, row.conversation) == (Status.PLACED, duplicate.conversation)
    duplicate.refresh_from_db()
    other.refresh_from_db()
    assert (duplicate.closed, duplicate.merged, Ticket.objects.count()) == (True, True, 2)
    assert other.answered_at == words.at
    # The service of the one that goes on has them, and answers there.
    (told,) = mails("answered")
    assert (told.address, f"[#{other.number}]" in told.subject) == (other.service.email, True)
    assert f"Écrit sur la requête {duplicate.number}, un doublon de celle-ci." in told.text
    assert "Alice" in told.text
    given = given_as(told.headers["Reply-To"])
    assert given is not None
    assert given.conversation_id == other.conversation_id
    heard = set(Event.objects.filter(name="ticket.changed").values_list("topic", flat=True))
    assert {other.topic, f"desk.{other.town.slug}"} <= heard
    agent = make_staff(other.town, other.service)
    client.force_login(agent)
    panel = client.get(f"/mairie/{other.town.slug}/requetes/{other.number}/?onglet=suivis").content.decode()
    assert "C’est aussi éteint au 14." in panel
    assert f'href="/mairie/{other.town.slug}/requetes/{duplicate.number}/"' in panel
    (file,) = words.ticket_files.all()
    mine = f"/mairie/{other.town.slug}/requetes/{other.number}/fichiers/{file.file_id}/"
    assert mine in panel
    assert client.get(mine).status_code == 200
    # Who asked before her reads none of it.
    neighbour = access_ticket(other.requester, other.number)
    assert [one.message.body for one in follow_ups_of(neighbour)] == ["Nous passons lundi."]
    assert files_of(neighbour) == []


def test_once_it_is_closed_a_duplicate_has_its_sequel(duplicate: Ticket) -> None:
    Ticket.objects.exclude(pk=duplicate.pk).update(status=TicketStatus.CLOSED_DONE, closed_at=now())
    row = answer(duplicate, "Chez moi toujours.", sender=ALICE)
    assert row.conversation == Ticket.objects.get(split_from=duplicate).conversation
    assert said(duplicate) == []


def test_of_one_incident_each_neighbour_answers_on_their_own(ticket: Ticket, town: Town, mayor: Person) -> None:
    incident = make_ticket(town, anonymous=True)
    group_under(actor=mayor, number=ticket.number, parent=incident.number)
    add_follow_up(actor=mayor, number=incident.number, visibility=Visibility.EXTERNAL, body="Nous passons lundi.")
    answer(ticket, "Merci.", sender=ALICE)
    assert [message.body for message in said(ticket)] == ["Nous passons lundi.", "Merci."]
    ticket.refresh_from_db()
    incident.refresh_from_db()
    assert ticket.answered_at is not None
    assert incident.answered_at is None


def test_staff_who_answer_about_a_duplicate_speak_where_it_goes_on(duplicate: Ticket, town: Town) -> None:
    (other,) = Ticket.objects.exclude(pk=duplicate.pk)
    agent = make_staff(town, email="agent@mairie.example")
    answer(duplicate, "Vu sur place.", sender=agent.email, person=agent)
    row = answer(duplicate, "#public\nC’est réparé, Alice.", sender=agent.email, person=agent)
    assert [(one.body, one.visibility) for one in said(other)] == [
        ("Vu sur place.", Visibility.INTERNAL), ("C’est réparé, Alice.", Visibility.INTERNAL),
    ]  # fmt: skip
    assert (said(duplicate), row.conversation) == ([], other.conversation)
    (told,) = machine_answers()
    assert f"elle continue dans {other.number}" in told.text


# The town hall.


def test_staff_answer_for_colleagues_unless_they_say_public(ticket: Ticket, town: Town) -> None:
    agent = make_staff(town, ticket.service, email="agent@mairie.example")
    answer(ticket, "Vu sur place.\n#public plus tard", sender=agent.email, person=agent)
    answer(ticket, "#Public\n\nL’ampoule est changée.", sender=agent.email, person=agent)
    inside, outside = said(ticket)
    assert (inside.visibility, inside.body) == (Visibility.INTERNAL, "Vu sur place.\n#public plus tard")
    assert (outside.visibility, outside.body) == (Visibility.EXTERNAL, "L’ampoule est changée.")
    assert {one.author for one in (inside, outside)} == {agent}
    assert {one.via for one in (inside, outside)} == {Via.EMAIL}
    (to_requester,) = mails("follow_up")
    assert to_requester.address == ALICE
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.IN_PROGRESS


def test_what_would_name_the_requester_to_all_stays_inside(town: Town) -> None:
    ticket = make_ticket(town, public=True, first_name="Alizée", last_name="Vautrin", email=ALICE)
    agent = make_staff(town, ticket.service, email="agent@mairie.example")
    answer(ticket, "#public\nMadame Vautrin, c’est réparé.", sender=agent.email, person=agent)
    (message,) = said(ticket)
    assert (message.visibility, message.body) == (Visibility.INTERNAL, "Madame Vautrin, c’est réparé.")
    (told,) = machine_answers()
    assert told.address == agent.email
    assert f"la requête {ticket.number} est gardée comme suivi interne" in told.text


def test_who_works_elsewhere_now_may_not(ticket: Ticket, town: Town) -> None:
    agent = make_staff(town, make_service(town, "Greffe"), email="agent@mairie.example")
    row = answer(ticket, "Vu.", sender=agent.email, person=agent)
    assert (row.status, row.reason) == (Status.WAITING, Reason.UNVERIFIED)
    assert said(ticket) == []


def test_a_box_that_many_read_speaks_in_its_services_name(client: Client, ticket: Ticket, town: Town) -> None:
    box = "Travaux Publics <TRAVAUX@mairie.example>"
    service = make_service(town)
    service.email = "travaux@mairie.example"
    service.save()
    watcher = make_staff(town, service, email="chef@mairie.example")
    watch(actor=watcher, number=ticket.number, on=True)
    files = [("plan.pdf", "application/pdf", pdf("Plan"))]
    row = answer(ticket, "C’est prévu jeudi.", sender=box, files=files)
    (inside,) = said(ticket)
    assert (row.status, row.message, inside.visibility, inside.side) == (
        Status.PLACED, inside, Visibility.INTERNAL, Side.TOWN,
    )  # fmt: skip
    assert inside.author is not None
    assert (inside.author.name, inside.author.memberships.exists()) == ("Travaux publics", False)
    assert [one.file.name for one in inside.ticket_files.all()] == ["plan.pdf"]
    (told,) = mails("internal")  # nobody is told of what they say themselves
    assert (told.address, "Travaux publics · " in told.text) == (watcher.email, False)
    client.force_login(watcher)
    assert "<b>Travaux publics</b>" in client.get(f"/mairie/{town.slug}/requetes/{ticket.number}/").content.decode()
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.IN_PROGRESS
    answer(ticket, "#public\nC’est réparé.", sender=box)
    (to_requester,) = mails("follow_up")
    assert (to_requester.address, "C’est réparé." in to_requester.text) == (ALICE, True)
    assert [one.author for one in said(ticket)] == [inside.author] * 2
    # The town hall's own box speaks in its name; another service's is a stranger, to the action too.
    other = make_service(town, "Greffe")
    assert answer(ticket, "Nous aussi.", sender=other.email).reason == Reason.UNVERIFIED
    inward = {"actor": inside.author, "number": ticket.number, "visibility": Visibility.INTERNAL, "body": "Vu."}
    with pytest.raises(NotFound):
        add_follow_up_of_box(box=other.email, **inward)
    Town.objects.filter(pk=town.pk).update(email="mairie@mairie.example")
    assert answer(ticket, "Vu.", sender="mairie@mairie.example").status == Status.PLACED
    last = said(ticket)[-1].author
    assert last is not None
    assert last.name == f"Mairie de {town.name}"


def test_of_a_duplicate_a_box_waits_for_who_knows_where_it_goes_on(duplicate: Ticket, mayor: Person) -> None:
    assert duplicate.service is not None
    row = answer(duplicate, "Vu.", sender=duplicate.service.email)
    (other,) = Ticket.objects.exclude(pk=duplicate.pk)
    assert (row.status, other.number in row.detail) == (Status.WAITING, True)
    accept(actor=mayor, town=duplicate.town, mail_id=row.pk)
    assert [(one.author, one.visibility) for one in said(other)] == [(mayor, Visibility.INTERNAL)]
