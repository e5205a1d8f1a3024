"""A mail that is not beyond doubt waits for somebody of the town hall, and nobody else sees its words."""

import json
import re

import pytest
from django.test import Client
from pytest_django import Settings

from hub.audit.models import Entry
from hub.conversations.actions import close
from hub.conversations.models import Message, Side, Via, Visibility
from hub.deliveries.models import Delivery
from hub.notifications.models import Notification
from hub.people.models import Person, Role
from hub.streams.models import Event
from hub.tickets.models import Source, Ticket
from hub.tickets.queries import access_ticket, follow_ups_of
from hub.towns.mail_addresses import general_address, scanner_address
from hub.towns.models import Town
from inbound_email.models import InboundEmail, Reason, Status
from inbound_email.trace import Brought
from tests import factories
from tests.inbound_email.coming_in import answer, mail, read, reply_address, waiting_mail
from tests.inbound_email.dns_server import DnsServer
from tests.tickets.making import make_category, make_service, make_staff, make_ticket
from tests.tickets.test_scanned_letters import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

ALICE, EVE = "alice@ailleurs.example", "eve@ailleurs.example"
SECRET = "Je retire ma demande."


@pytest.fixture(autouse=True)
def _by_the_towns_server(settings: Settings) -> None:
    settings.INBOUND_AUTH, settings.INBOUND_AUTHSERV_ID = "header", "mx.mairie.example"


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, email=ALICE)


@pytest.fixture
def agent(town: Town, ticket: Ticket) -> Person:
    return make_staff(town, make_service(town), email="agent@mairie.example", first_name="Sophie", last_name="Roy")


PASSED = "mx.mairie.example; dmarc=pass header.from=ailleurs.example"


def decide(client: Client, row: InboundEmail, decision: str, **more: str) -> object:
    assert row.town is not None
    return client.post(f"/mairie/{row.town.slug}/courriels/{row.pk}/decider/", {"decision": decision, **more})


def test_a_spoofed_sender_waits_and_a_real_one_does_not(ticket: Ticket) -> None:
    spoofed = answer(ticket, SECRET, sender=ALICE)
    assert (spoofed.status, spoofed.reason, spoofed.person) == (Status.WAITING, Reason.UNVERIFIED, ticket.requester)
    forged = {"Authentication_Results": "mx.mairie.example; dmarc=fail header.from=ailleurs.example"}
    assert answer(ticket, SECRET, sender=ALICE, **forged).status == Status.WAITING
    real = answer(ticket, "C’est moi.", sender=ALICE, Authentication_Results=PASSED)
    assert real.status == Status.PLACED
    assert [message.body for message in Message.objects.filter(conversation=ticket.conversation)] == ["C’est moi."]


def test_at_our_own_door_nobody_speaks_for_the_towns_server(ticket: Ticket) -> None:
    """Who brings a mail there themselves may write anything above it."""
    raw = mail(SECRET, sender=ALICE, subject=f"[#{ticket.number}]", Authentication_Results=PASSED)
    row = read(raw, reply_address(ticket, ALICE), Brought("203.0.113.9", "mx.mairie.example"))
    assert (row.status, row.reason) == (Status.WAITING, Reason.UNVERIFIED)


def test_dns_tells_who_may_send_for_an_address(ticket: Ticket, settings: Settings) -> None:
    zone = {("ailleurs.example", "TXT"): ["v=spf1 ip4:192.0.2.5 -all"]}
    settings.INBOUND_AUTH = "dns"
    with DnsServer(zone) as server:
        settings.INBOUND_NAMESERVER = server.place
        to, about = reply_address(ticket, ALICE), {"sender": ALICE, "subject": f"[#{ticket.number}]"}
        good = read(mail("De chez moi.", **about), to, Brought("192.0.2.5", "mx"), envelope_from=ALICE)
        bad = read(mail(SECRET, **about), to, Brought("192.0.2.6", "mx"), envelope_from=ALICE)
        unsaid = read(mail(SECRET, **about), to, Brought("127.0.0.1", "mx"), envelope_from=ALICE)
    assert [row.status for row in (good, bad, unsaid)] == [Status.PLACED, Status.WAITING, Status.WAITING]
    assert "spf=fail ailleurs.example" in bad.detail


def test_a_stranger_to_whom_the_mail_was_forwarded_waits(ticket: Ticket) -> None:
    row = answer(ticket, SECRET, sender=f"Eve <{EVE}>", about=ALICE, Authentication_Results=PASSED)
    assert (row.status, row.reason, row.person) == (Status.WAITING, Reason.UNVERIFIED, ticket.requester)


def test_nobody_but_the_town_hall_hears_of_it(client: Client, ticket: Ticket, agent: Person, citizen: Person) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(public=True, requester=citizen)
    row = answer(ticket, SECRET, sender=EVE, about=ALICE)
    seen = access_ticket(citizen, ticket.number)
    assert follow_ups_of(seen) == []
    assert not Message.objects.filter(body__contains=SECRET).exists()
    assert not Delivery.objects.filter(text__contains=SECRET).exists()
    told = Event.objects.exclude(topic__in=[f"ticket.{ticket.number}.staff", f"desk.{ticket.town.slug}"])
    assert [json.loads(event.payload) for event in told if SECRET in event.payload or "courriel" in event.payload] == []
    # The desk lights up, the panel renews, the service's bell rings.
    topics = Event.objects.filter(name="ticket.changed").values_list("topic", flat=True)
    assert {f"ticket.{ticket.number}.staff", f"desk.{ticket.town.slug}"} <= set(topics)
    assert Notification.objects.get(code="ticket_mail").person == agent
    for person in (citizen, factories.make_agent(factories.make_town("ailleurs"))):
        client.force_login(person)
        address = f"/mairie/{ticket.town.slug}/courriels/"
        for path in (address, f"{address}{row.pk}/", f"{address}{row.pk}/source/", f"{address}{row.pk}/mise-en-page/"):
            assert client.get(path).status_code == 404
        assert getattr(decide(client, row, "accept"), "status_code", 0) == 404
    client.force_login(citizen)
    assert SECRET not in client.get(f"/suivi/{ticket.number}/").content.decode()


def lists_told(town: Town) -> int:
    """How often open lists of mails were told to look again."""
    return Event.objects.filter(topic=f"desk.{town.slug}", name="mails.changed").count()


def test_the_desk_lights_up_for_what_comes_and_for_what_is_decided(
    client: Client, town: Town, ticket: Ticket, agent: Person
) -> None:
    client.force_login(agent)
    board = f"/mairie/{town.slug}/requetes/"
    assert "Courriel à décider" not in client.get(board).content.decode()
    rows = [
        read(mail("La lampe clignote.", sender=EVE, subject="Rue du Four"), general_address(town)),
        answer(ticket, SECRET, sender=EVE, about=ALICE),
    ]
    assert [row.status for row in rows] == [Status.WAITING] * 2
    assert lists_told(town) == 2
    shown = client.get(board).content.decode()
    assert "Courriel à décider" in shown
    assert re.search(r'data-received="mail">2<span class="sr"> à décider', shown)
    for row in rows:
        decide(client, row, "new" if row.conversation is None else "dismiss")
    assert lists_told(town) == 4
    shown = client.get(board).content.decode()
    assert "Courriel à décider" not in shown
    assert 'data-received="mail" hidden' in shown
    answer(ticket, "C’est moi.", sender=ALICE, Authentication_Results=PASSED)
    assert lists_told(town) == 4


def test_accepted_in_the_panel_the_words_are_the_requesters(client: Client, ticket: Ticket, agent: Person) -> None:
    row = answer(ticket, SECRET, sender=f"Alice Moreau <{ALICE}>")
    client.force_login(agent)
    panel = f"/mairie/{ticket.town.slug}/requetes/{ticket.number}/?onglet=suivis"
    shown = client.get(panel).content.decode()
    assert "Expéditeur non vérifié" in shown
    assert SECRET in shown
    assert "Seule la mairie voit ce courriel" in shown
    answered = decide(client, row, "accept", requete=ticket.number)
    assert getattr(answered, "url", "") == panel
    message = Message.objects.get(conversation=ticket.conversation)
    assert (message.body, message.side, message.via, message.author) == (SECRET, Side.REQUESTER, Via.EMAIL, agent)
    assert message.visibility == Visibility.EXTERNAL
    row.refresh_from_db()
    assert (row.status, row.message, row.handled_by) == (Status.PLACED, message, agent)
    shown = client.get(panel).content.decode()
    assert "noté par Sophie Roy" in shown
    assert "Expéditeur non vérifié" not in shown
    assert f"/courriels/{row.pk}/" in shown
    acts = Entry.objects.filter(subject=f"ticket.{ticket.number}").values_list("act", flat=True)
    assert "mail.accept" in acts
    # Twice, or by two at once: done once.
    assert getattr(decide(client, row, "accept"), "status_code", 0) == 409
    assert Message.objects.filter(conversation=ticket.conversation).count() == 1


def test_set_aside_it_is_gone_from_the_lists(client: Client, ticket: Ticket, agent: Person) -> None:
    row = waiting_mail(ticket, SECRET)
    client.force_login(agent)
    lists = f"/mairie/{ticket.town.slug}/courriels/"
    assert SECRET in client.get(lists).content.decode()
    assert getattr(decide(client, row, "dismiss"), "url", "") == f"{lists}?onglet=a-decider"
    row.refresh_from_db()
    assert (row.status, row.reason, row.handled_by) == (Status.REFUSED, Reason.DISMISSED, agent)
    assert SECRET not in client.get(lists, {"onglet": "a-decider"}).content.decode().replace("écarté", "")
    assert not Message.objects.filter(conversation=ticket.conversation).exists()
    assert getattr(decide(client, row, "nothing"), "status_code", 0) == 404


def test_same_demand_or_a_new_one(client: Client, ticket: Ticket, agent: Person) -> None:
    about = {"sender": ALICE, "subject": "Ma poubelle", "Authentication_Results": PASSED}
    same, new = answer(ticket, "Un.", **about), answer(ticket, "Elle est cassée.", **about)
    assert {same.reason, new.reason} == {Reason.NEW_SUBJECT}
    client.force_login(agent)
    decide(client, same, "accept")
    message = Message.objects.get(conversation=ticket.conversation)
    assert (message.body, message.author) == ("Un.", ticket.requester)  # it is theirs beyond doubt
    answered = decide(client, new, "new")
    made = Ticket.objects.exclude(pk=ticket.pk).get()
    assert getattr(answered, "url", "") == f"/mairie/{ticket.town.slug}/requetes/{made.number}/"
    assert (made.title, made.description, made.source) == ("Ma poubelle", "Elle est cassée.", Source.EMAIL)
    assert (made.email, made.last_name, made.created_by) == (ALICE, ticket.last_name, agent)


def test_a_box_that_may_be_anybody_speaks_through_who_accepts(client: Client, ticket: Ticket, agent: Person) -> None:
    assert ticket.service is not None
    row = answer(ticket, "Prévu jeudi.", sender=f"Travaux <{ticket.service.email}>")
    assert (row.status, Message.objects.filter(conversation=ticket.conversation).exists()) == (Status.WAITING, False)
    client.force_login(agent)
    decide(client, row, "accept")
    message = Message.objects.get(conversation=ticket.conversation)
    assert (message.visibility, message.author) == (Visibility.INTERNAL, agent)
    assert message.body == "Courriel de Travaux\N{NO-BREAK SPACE}:\n\nPrévu jeudi."


def test_to_the_town_it_becomes_a_ticket_by_one_click(client: Client, town: Town, agent: Person) -> None:
    before = Ticket.objects.count()
    row = read(mail("La lampe clignote.", sender=f"Eve Roy <{EVE}>", subject="Rue du Four"), general_address(town))
    assert (row.status, row.reason, Ticket.objects.count()) == (Status.WAITING, Reason.UNVERIFIED, before)
    client.force_login(factories.make_person(town=town, roles=[Role.MODERATOR]))  # who sees nobody's details
    assert "clignote" not in client.get(f"/mairie/{town.slug}/courriels/").content.decode()
    assert getattr(decide(client, row, "new"), "status_code", 0) == 404
    client.force_login(agent)
    assert getattr(decide(client, row, "accept"), "status_code", 0) == 400
    decide(client, row, "new")
    made = Ticket.objects.latest("pk")
    assert (made.title, made.email, made.last_name, made.created_by) == ("Rue du Four", EVE, "Roy", agent)


def test_private_words_are_for_who_takes_part(client: Client, town: Town, mayor: Person, citizen: Person) -> None:
    make_category(town)
    talk = factories.make_conversation(town, citizen, "Bonjour")
    row = answer(talk, SECRET, sender=EVE, about=citizen.email, person=citizen)
    manager = factories.make_person("direction@mairie.example", town=town, roles=[Role.MANAGER])
    client.force_login(manager)
    assert SECRET not in client.get(f"/mairie/{town.slug}/courriels/").content.decode()
    assert getattr(decide(client, row, "accept"), "status_code", 0) == 404
    client.force_login(mayor)
    assert SECRET in client.get(f"/mairie/{town.slug}/courriels/").content.decode()
    decide(client, row, "accept")
    last = talk.messages.filter(author__isnull=False).latest("seq")
    assert (last.body, last.author, last.via) == (SECRET, citizen, Via.EMAIL)


def test_what_can_not_be_accepted_tells_nobody(client: Client, town: Town, mayor: Person, citizen: Person) -> None:
    """The address may be anybody's: no machine writes there."""
    group = factories.make_group(mayor, town, citizen)
    row = answer(group, SECRET, sender=citizen.email, person=citizen)
    assert (row.status, row.person) == (Status.WAITING, citizen)
    close(actor=mayor, conversation_id=group.pk)
    client.force_login(mayor)
    refused = client.post(f"/mairie/{town.slug}/courriels/{row.pk}/decider/", {"decision": "accept"})
    assert refused.status_code == 400
    assert "Cette discussion est fermée" in refused.content.decode()
    row.refresh_from_db()
    assert row.status == Status.WAITING
    assert not Delivery.objects.filter(dispatch__cause="mail_answer").exists()


def test_an_agent_of_another_service_sees_none_of_it(client: Client, town: Town, ticket: Ticket) -> None:
    row = waiting_mail(ticket, SECRET)
    client.force_login(make_staff(town, make_service(town, "Greffe")))
    assert SECRET not in client.get(f"/mairie/{town.slug}/courriels/").content.decode()
    assert client.get(f"/mairie/{town.slug}/courriels/{row.pk}/").status_code == 404


def test_a_letter_from_the_scanner_waits_beside_the_request_that_it_names(
    client: Client, town: Town, ticket: Ticket, agent: Person
) -> None:
    make_category(town, "Autre")
    Ticket.objects.filter(pk=ticket.pk).update(number="TE26-00777")
    client.force_login(agent)

    def scanned(name: str, data: bytes) -> InboundEmail:
        files = [(name, "application/pdf", data)]
        raw = mail("Numérisé par Copieur 2", sender="copieur@mairie.example", subject="Scan", files=files)
        return read(raw, scanner_address(town))

    named = scanned("lettre.pdf", pdf("Votre référence [#TE26-00777]"))
    assert (named.status, named.reason, named.conversation) == (Status.WAITING, Reason.SCANNED, ticket.conversation)
    decide(client, named, "accept")
    message = Message.objects.get(conversation=ticket.conversation)
    assert (message.via, message.side, message.body) == (Via.LETTER, Side.REQUESTER, "")
    assert [one.file.name for one in message.ticket_files.all()] == ["lettre.pdf"]
    unnamed = scanned("autre.pdf", pdf("Bonjour"))
    assert (unnamed.status, unnamed.conversation) == (Status.WAITING, None)
    decide(client, unnamed, "new")
    made = Ticket.objects.latest("pk")
    assert (made.source, made.email, made.description) == (Source.LETTER, "", "Lettre numérisée")
    assert [one.file.name for one in made.files.all()] == ["autre.pdf"]
    assert scanner_address(town) in client.get(f"/mairie/{town.slug}/courriels/").content.decode()
