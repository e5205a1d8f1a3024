"""What people write by mail enters the conversation that it answers, by the same doors as a click."""

import re
from datetime import timedelta

import pytest

from hub.conversations.actions import close, leave, silence
from hub.conversations.models import Side, Via, Visibility
from hub.core.clock import now
from hub.people.models import Person
from hub.tickets import mail as ticket_mail
from hub.tickets.models import Change, Source, Ticket
from hub.tickets.models import Status as TicketStatus
from hub.tickets.queries import desk_settings
from hub.towns.mail_addresses import general_address
from hub.towns.models import Town
from inbound_email.models import Reason, Status
from tests import factories
from tests.inbound_email.coming_in import answer, machine_answers, mail, read, reply_address, said
from tests.tickets.making import make_category, make_staff, make_ticket
from tests.tickets.outbox import mails

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores, pytest.mark.usefixtures("at_their_word")]

ALICE = "alice@ailleurs.example"


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, email=ALICE)


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
    rows = [read(raw, to) for to in (general_address(ticket.town), reply_address(ticket, "autre@ailleurs.example"))]
    assert [message.body for message in said(ticket)] == ["Une fois."]
    assert [row.message for row in rows] == [first.message] * 2
    assert Ticket.objects.count() == 1


def test_at_another_town_a_number_of_this_one_says_nothing(ticket: Ticket) -> None:
    other = factories.make_town()
    make_category(other, "Autre")
    row = read(mail("Ici aussi.", sender=ALICE, subject=f"Comme [#{ticket.number}]"), general_address(other))
    assert (row.town, said(ticket)) == (other, [])
    assert Ticket.objects.get(town=other).description == "Ici aussi."


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
