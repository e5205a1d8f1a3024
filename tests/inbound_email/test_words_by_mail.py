"""What people write by mail enters the conversation that it answers, by the same doors as a click."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from hub.conversations.actions import close, leave, silence
from hub.conversations.models import Message, Side, Via, Visibility
from hub.conversations.reply_addresses import given_as
from hub.core.clock import now
from hub.core.errors import NotFound
from hub.deliveries.models import Channel, Delivery
from hub.people.models import Person
from hub.streams.models import Event
from hub.tickets import mail as ticket_mail
from hub.tickets.actions import add_follow_up, add_follow_up_of_box, group_under, watch
from hub.tickets.models import Change, Source, Ticket
from hub.tickets.models import Status as TicketStatus
from hub.tickets.queries import access_ticket, desk_settings, files_of, follow_ups_of
from hub.towns.mail_addresses import general_address
from hub.towns.models import Town
from inbound_email.models import Reason, Status
from inbound_email.waiting import accept
from tests import factories
from tests.files import samples
from tests.inbound_email.coming_in import answer, mail, read, reply_address
from tests.tickets.making import make_category, make_service, make_staff, make_ticket
from tests.tickets.outbox import mails
from tests.tickets.test_scanned_letters import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

ALICE = "alice@ailleurs.example"


@pytest.fixture(autouse=True)
def _at_their_word(settings: Settings) -> None:
    settings.INBOUND_AUTH = "address"


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, email=ALICE)


def said(ticket: Ticket) -> list[Message]:
    """The words on it, in order."""
    return list(Message.objects.filter(conversation=ticket.conversation_id).order_by("seq"))


def machine_answers() -> list[Delivery]:
    return list(Delivery.objects.filter(channel=Channel.EMAIL, dispatch__cause="mail_answer").order_by("pk"))


# A ticket's requester.


def test_the_requester_answers(ticket: Ticket) -> None:
    words = (
        "C’est au 14, pas au 12.\n\nLe 25 novembre 2026 à 10:12, Saint-Test <parvis@parvis.test> a écrit :\n> Où ?\n"
    )
    row = answer(ticket, words, sender=f"Alice M <{ALICE.upper()}>")
    (message,) = said(ticket)
    assert (message.body, message.via, message.side) == ("C’est au 14, pas au 12.", Via.EMAIL, Side.REQUESTER)
    assert (message.author, message.visibility) == (ticket.requester, Visibility.EXTERNAL)
    assert (row.status, row.message, row.conversation, row.town) == (
        Status.PLACED, message, ticket.conversation, ticket.town,
    )  # fmt: skip
    assert (row.from_name, row.words) == ("Alice M", "C’est au 14, pas au 12.")
    assert ticket.service is not None
    assert [one.address for one in mails("answered")] == [ticket.service.email]
    ticket.refresh_from_db()
    assert ticket.answered_at is not None


def test_the_mail_itself_leads_there_and_back(ticket: Ticket) -> None:
    """What left tells where to answer, and under which names; all three ways lead to the same place."""
    ticket_mail.send_receipt(ticket)
    (sent,) = mails("receipt")
    by_address = read(mail("Un.", sender=ALICE, subject=f"RE : {sent.subject}"), sent.headers["Reply-To"])
    general = general_address(ticket.town)
    references = mail("Deux.", sender=ALICE, subject=f"Re: {sent.subject}", References=sent.headers["References"])
    by_root = read(references, general)
    own_name = mail("Trois.", sender=ALICE, subject=f"Re: {sent.subject}", In_Reply_To=sent.headers["Message-ID"])
    by_name = read(own_name, general)
    by_tag = read(mail("Quatre.", sender=ALICE, subject=f"Une précision [#{ticket.number}]"), general)
    assert [message.body for message in said(ticket)] == ["Un.", "Deux.", "Trois.", "Quatre."]
    assert {row.conversation_id for row in (by_address, by_root, by_name, by_tag)} == {ticket.conversation_id}


def test_an_unknown_sender_is_not_let_in_by_a_number_or_a_name(ticket: Ticket, town: Town) -> None:
    make_category(town, "Autre")
    root = f"<ticket.{ticket.number}@parvis.test>"
    for headers in ({"subject": f"Re: [#{ticket.number}]"}, {"In_Reply_To": root}, {"References": root}):
        row = read(mail("Je suis Alice.", sender="eve@ailleurs.example", **headers), general_address(town))
        assert row.conversation_id != ticket.conversation_id
    assert said(ticket) == []


def test_a_closed_ticket_is_taken_up_again_within_the_delay(ticket: Ticket) -> None:
    closed = {"status": TicketStatus.CLOSED_DONE, "closed_at": now() - timedelta(days=13)}
    Ticket.objects.filter(pk=ticket.pk).update(**closed)
    answer(ticket, "Il est de nouveau éteint.", sender=ALICE)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == (TicketStatus.IN_PROGRESS, None)
    assert [message.body for message in said(ticket)] == ["Il est de nouveau éteint."]
    assert Change.objects.get(ticket=ticket, field="status").after == TicketStatus.IN_PROGRESS


def test_later_its_sequel_is_opened(ticket: Ticket) -> None:
    closed = {"status": TicketStatus.CLOSED_REFUSED, "closed_at": now() - timedelta(days=15)}
    Ticket.objects.filter(pk=ticket.pk).update(**closed)
    row = answer(ticket, "Il est de nouveau éteint.", sender=ALICE)
    sequel = Ticket.objects.get(split_from=ticket)
    assert (sequel.description, sequel.category, sequel.address) == (
        "Il est de nouveau éteint.", ticket.category, ticket.address,
    )  # fmt: skip
    assert (sequel.source, sequel.requester, sequel.email) == (Source.EMAIL, ticket.requester, ALICE)
    assert (row.status, row.conversation) == (Status.PLACED, sequel.conversation)
    assert [one.address for one in mails("receipt")] == [ALICE]
    ticket.refresh_from_db()
    assert (ticket.closed, said(ticket)) == (True, [])
    assert {change.field for change in ticket.changes.all()} == {"sequel"}


def test_a_new_subject_asks_which_demand_it_is(ticket: Ticket) -> None:
    for subject in ("Autre chose : mon compteur d’eau", "Re: [#SA26-00001] la piscine"):
        row = answer(ticket, "Il fuit.", sender=ALICE, subject=subject)
        assert (row.status, row.reason, row.person) == (Status.WAITING, Reason.NEW_SUBJECT, ticket.requester)
    for subject in (
        "",
        "RE : ",
        f"Fwd: Re: {ticket.title}",
        f"[#{ticket.number.lower()}]",
        "TR: Réf : lampadaire éteint",
    ):
        assert answer(ticket, f"Suite : {subject}", sender=ALICE, subject=subject).status == Status.PLACED
    assert len(said(ticket)) == 5


def test_no_new_word_waits_for_somebody_to_look(ticket: Ticket) -> None:
    row = answer(ticket, "\nLe 25 novembre 2026 à 10:12, Saint-Test <a@b.fr> a écrit :\n> Où ?\n", sender=ALICE)
    assert (row.status, row.reason) == (Status.WAITING, Reason.EMPTY)
    assert said(ticket) == []


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


# Conversations and groups.


def test_private_messages_and_groups_are_answered(town: Town, mayor: Person, citizen: Person) -> None:
    talk = factories.make_conversation(town, citizen, "Bonjour")
    group = factories.make_group(mayor, town, citizen)
    answer(talk, "Merci, je passe demain.", sender=mayor.email, person=mayor)
    answer(group, "Je viens samedi.", sender=citizen.email, person=citizen)
    for thread, body, author in ((talk, "Merci, je passe demain.", mayor), (group, "Je viens samedi.", citizen)):
        last = thread.messages.order_by("-seq").filter(author__isnull=False)[0]
        assert (last.body, last.author, last.via) == (body, author, Via.EMAIL)


def test_who_may_no_longer_write_is_told_so_once(town: Town, mayor: Person, citizen: Person) -> None:
    factories.settled(citizen)
    group = factories.make_group(mayor, town, citizen)
    to = reply_address(group, citizen.email, citizen)
    silence(actor=mayor, town=town, person=citizen, conversation_id=group.pk, for_name="day", reason="Insultes")
    silent = read(mail("Encore.", sender=citizen.email), to)
    close(actor=mayor, conversation_id=group.pk)
    closed = read(mail("Et encore.", sender=citizen.email), to)
    leave(actor=citizen, conversation_id=group.pk)
    left = read(mail("Toujours.", sender=citizen.email), to)
    assert [row.reason for row in (silent, closed, left)] == [Reason.NOT_ALLOWED] * 3
    assert not group.messages.filter(author=citizen).exists()
    (told,) = machine_answers()
    assert "ne plus écrire dans les discussions" in told.text


# To the town itself.


def test_a_mail_to_the_town_opens_a_ticket(town: Town) -> None:
    waste = make_category(town, "Déchets")
    make_category(town, "Éclairage")
    words = "Bonjour,\nla poubelle de la place déborde, et rien n’a été ramassé.\n\n-- \nAlice Moreau\n06 00 00 00 00"
    row = read(mail(words, sender=f"Alice Moreau <{ALICE}>", subject="Place du marché"), general_address(town))
    ticket = Ticket.objects.get()
    assert (ticket.category, ticket.source, ticket.title) == (waste, Source.EMAIL, "Place du marché")
    assert ticket.description == "Bonjour,\nla poubelle de la place déborde, et rien n’a été ramassé."
    assert (ticket.first_name, ticket.last_name, ticket.email) == ("Alice", "Moreau", ALICE)
    assert (row.status, row.conversation, ticket.wants_follow_ups) == (Status.PLACED, ticket.conversation, True)
    (receipt,) = mails("receipt")
    # Who goes on from their own mail goes on there.
    more = mail("J’ajoute : depuis lundi.", sender=ALICE, subject="Re: Place du marché", In_Reply_To=row.mail_id)
    assert read(more, general_address(town)).conversation == ticket.conversation
    assert [message.body for message in said(ticket)] == ["J’ajoute : depuis lundi."]
    assert receipt.address == ALICE


def test_who_has_an_account_asks_under_it_and_operators_come_first(town: Town, citizen: Person) -> None:
    make_category(town, "Éclairage")
    desk = desk_settings(town)
    desk.operator_first = True
    desk.save()
    read(mail("Lampadaire éteint rue du Four.", sender=citizen.email, subject="Panne"), general_address(town))
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.status) == (citizen, TicketStatus.NOT_TRANSFERRED)
    assert (ticket.first_name, ticket.last_name) == ("Alice", "Moreau")


def test_who_works_there_asks_under_their_own_name_too(town: Town) -> None:
    make_category(town, "Éclairage")
    agent = make_staff(town, email="agent@mairie.example", first_name="Sophie", last_name="Roy")
    raw = mail("Lampadaire éteint rue du Four.", sender="S. R. <agent@mairie.example>", subject="Panne")
    read(raw, general_address(town))
    ticket = Ticket.objects.get()
    assert (ticket.first_name, ticket.last_name, ticket.source) == ("Sophie", "Roy", Source.EMAIL)
    assert ticket.created_by == agent


def test_without_categories_it_is_kept_until_there_are_some(town: Town) -> None:
    row = read(mail("Bonjour", sender=ALICE, subject="Panne"), general_address(town))
    assert (row.status, row.reason) == (Status.QUARANTINED, Reason.FAILED)
    assert "catégories" in row.detail


def test_one_mail_to_two_of_our_addresses_is_said_once(ticket: Ticket) -> None:
    make_category(ticket.town, "Autre")
    raw = mail("Une fois.", sender=ALICE, subject="Re: lampadaire éteint")
    first = read(raw, reply_address(ticket, ALICE))
    second = read(raw, general_address(ticket.town))
    assert [message.body for message in said(ticket)] == ["Une fois."]
    assert first.message == second.message
    assert Ticket.objects.count() == 1


def test_nobodys_address_is_told_nothing(town: Town) -> None:
    row = read(mail("Bonjour", sender=ALICE), "reply+aaaaaaaaaaaaaaaaaaaaaaaaaa@parvis.test")
    assert (row.status, row.reason) == (Status.REFUSED, Reason.UNKNOWN)
    assert machine_answers() == []


def test_very_long_words_are_cut_and_the_mail_keeps_them_all(ticket: Ticket) -> None:
    words = "\n".join(f"Ligne numéro {number} de ce long récit." for number in range(500))
    row = answer(ticket, words, sender=ALICE)
    (message,) = said(ticket)
    assert re.search(r"\n\[…\]$", message.body)
    assert row.words.endswith("Ligne numéro 499 de ce long récit.")
