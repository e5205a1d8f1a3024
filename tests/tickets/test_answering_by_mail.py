"""Mails about tickets say where an answer arrives, each reader at an address of their own, and where none does."""

import pytest
from pytest_django import Settings

from hub.conversations.models import ReplyAddress
from hub.conversations.reply_addresses import given_as
from hub.people.models import Role
from hub.tickets import mail
from hub.tickets.actions.changing import Changes, change_ticket
from hub.tickets.actions.erasing import erase_requester
from hub.tickets.drafts import Contact
from hub.tickets.models import Ticket
from hub.towns.models import Town
from inbound_email.reply_text import MARKERS, extract_reply
from tests import factories
from tests.tickets.making import add_message, make_follower, make_service, make_staff, make_ticket
from tests.tickets.outbox import mails, only

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

MARK = "Répondez au-dessus de cette ligne"


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, email="alice@ailleurs.example", wants_follow_ups=True)


def test_the_requester_answers_to_an_address_of_their_own(ticket: Ticket) -> None:
    mail.send_receipt(ticket)
    mail.send_started(ticket)
    one, two = mails()
    assert one.headers["Reply-To"] == two.headers["Reply-To"]
    row = given_as(one.headers["Reply-To"])
    assert row is not None
    assert (row.conversation_id, row.person, row.address) == (
        ticket.conversation_id, ticket.requester, "alice@ailleurs.example",
    )  # fmt: skip
    for said in (one.text, one.html, two.text, two.html):
        assert MARK in said
        assert "répondez à ce courriel" in said
        assert "n’arriverait à personne" not in said
    assert one.text.startswith(f"—— {MARK} ——\n")


def test_staff_are_told_what_their_answer_becomes(town: Town, ticket: Ticket) -> None:
    service = make_service(town)
    ticket.service = service
    ticket.save()
    mail.send_assigned(ticket)
    sent = only("assigned")
    row = given_as(sent.headers["Reply-To"])
    assert row is not None
    assert (row.person, row.address) == (None, service.email)
    assert "écrivez #public seul sur la première ligne" in " ".join(sent.text.split())


def test_followers_may_not_answer(town: Town, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(public=True)
    ticket.refresh_from_db()
    make_follower(ticket, email="voisin@ailleurs.example")
    agent = make_staff(town)
    message = add_message(ticket, agent)
    mail.send_follow_up(ticket, message)
    to_follower = next(one for one in mails() if one.address == "voisin@ailleurs.example")
    assert "Reply-To" not in to_follower.headers
    assert MARK not in to_follower.text
    mail.send_confirmation(make_follower(ticket, email="autre@ailleurs.example", confirmed_at=None))
    assert "Reply-To" not in only("confirmation").headers


def test_where_nothing_comes_in_mails_say_so(ticket: Ticket, settings: Settings) -> None:
    settings.INBOUND_DOMAIN = ""
    mail.send_receipt(ticket)
    sent = only("receipt")
    assert "Reply-To" not in sent.headers
    assert MARK not in sent.text
    assert "n’arriverait à personne" in sent.text
    assert not ReplyAddress.objects.exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_stands_above_the_line_is_the_answer(ticket: Ticket, language: str) -> None:
    """Also from a program that quotes without a sign, and says nothing of whom it quotes."""
    ticket.language = language
    mail.send_started(ticket)
    assert only().text.startswith(f"{MARKERS[language]}\n")
    head = "From: alice@ailleurs.example\nContent-Type: text/plain; charset=utf-8\n\n"
    for quoted in (only().text, "\n".join(f"> {line}" for line in only().text.splitlines())):
        assert extract_reply(f"{head}Il est devant le 14.\n\n{quoted}".encode()) == "Il est devant le 14."
    head = head.replace("plain", "html")
    raw = f"{head}<div>Il est devant le 14.</div><br>{only().html}".encode()
    assert extract_reply(raw) == "Il est devant le 14."


def test_a_corrected_address_takes_the_former_one_out(town: Town, ticket: Ticket) -> None:
    mail.send_receipt(ticket)
    former = only().headers["Reply-To"]
    agent = factories.make_person(town=town, roles=[Role.MANAGER])
    contact = Contact(first_name="Alice", last_name="Moreau", email="alice@juste.example")
    change_ticket(actor=agent, number=ticket.number, changes=Changes(contact=contact))
    assert given_as(former) is None


def test_of_who_is_erased_no_address_stays(town: Town, ticket: Ticket) -> None:
    mail.send_receipt(ticket)
    erase_requester(actor=factories.make_person(town=town, roles=[Role.MANAGER]), number=ticket.number)
    assert not ReplyAddress.objects.filter(address="alice@ailleurs.example").exists()
