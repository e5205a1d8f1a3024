"""Machines that write to us are noted, and never answered; what they report reaches the delivery that it is about."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from channels_adapters.smtp_email import compose
from hub.conversations.actions import close
from hub.conversations.models import Message, ReplyAddress
from hub.core.clock import standing_at
from hub.deliveries.bounce_addresses import address_for
from hub.deliveries.models import Channel, Delivery, State, Suppression, Why
from hub.deliveries.writing import items_of
from hub.people.models import Person
from hub.tickets import mail as ticket_mail
from hub.tickets.models import Ticket
from hub.towns.models import Town
from inbound_email.models import AutomaticAnswer, Reason, Status
from inbound_email.records import prune
from tests import factories
from tests.inbound_email.coming_in import answer, mail, read, reply_address
from tests.tickets.making import make_service, make_staff, make_ticket
from tests.tickets.outbox import mails

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores, pytest.mark.usefixtures("at_their_word")]

ALICE = "alice@ailleurs.example"


@pytest.fixture
def sent(town: Town) -> Delivery:
    """A mail about a ticket that has left, as a relay took it."""
    ticket_mail.send_receipt(make_ticket(town, email=ALICE))
    (delivery,) = mails("receipt")
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SENT, provider="smtp", provider_id="2.0.0 Ok: queued")
    return delivery


def report(status: str, action: str = "failed", *, who: str = ALICE, about: str = "", why: str = "") -> bytes:
    """What a mail server says of a mail (RFC 3464)."""
    returned = f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n" if about else ""
    return (
        "From: MAILER-DAEMON@ailleurs.example\r\nSubject: Undelivered Mail\r\nMessage-ID: <1@ailleurs.example>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {who}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} {why or 'User unknown'}\r\n{returned}--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("raw", "state", "suppressed"),
    [
        (report("5.1.1"), State.UNDELIVERABLE, Why.BOUNCED),
        (report("5.2.2", why="Mailbox full"), State.UNDELIVERABLE, None),
        (report("5.7.1", why="Spam"), State.UNDELIVERABLE, None),
        (report("5.0.0", why="no such user"), State.UNDELIVERABLE, Why.BOUNCED),
        (report("4.4.1", "delayed"), State.SENT, None),
        (report("2.0.0", "delivered"), State.DELIVERED, None),
    ],
)
def test_a_report_reaches_its_delivery(sent: Delivery, raw: bytes, state: State, suppressed: Why | None) -> None:
    row = read(raw, address_for(sent.pk), envelope_from="")
    sent.refresh_from_db()
    assert (row.status, row.reason, row.town) == (Status.NOTED, Reason.BOUNCE, Ticket.objects.get().town)
    assert row.conversation == Ticket.objects.get().conversation
    assert sent.state == state
    assert list(Suppression.objects.values_list("channel", "address", "why")) == (
        [(Channel.EMAIL, ALICE, suppressed)] if suppressed else []
    )


def test_a_complaint_stops_what_is_sent_to_them(sent: Delivery) -> None:
    raw = (
        b"From: fbl@ailleurs.example\r\nSubject: complaint\r\n"
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
        b"--b\r\n\r\nSpam.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        b"Feedback-Type: abuse\r\nOriginal-Rcpt-To: " + ALICE.encode() + b"\r\n--b--\r\n"
    )
    row = read(raw, address_for(sent.pk))
    assert row.reason == Reason.COMPLAINT
    assert Suppression.objects.get().why == Why.COMPLAINED


def test_a_report_that_anybody_may_have_written_closes_no_address(sent: Delivery) -> None:
    """By the name of the mail alone, to an address of ours that is no bounce address."""
    to = reply_address(Ticket.objects.get(), ALICE)
    read(report("5.1.1", about=sent.headers["Message-ID"]), to)
    sent.refresh_from_db()
    assert (sent.state, Suppression.objects.exists()) == (State.UNDELIVERABLE, False)
    other = read(report("5.1.1", who="eve@ailleurs.example", about=sent.headers["Message-ID"]), f"{to}x")
    assert (other.status, other.conversation) == (Status.NOTED, None)


def test_an_absence_is_noted_and_never_answered(client: Client, town: Town) -> None:
    ticket = make_ticket(town, email=ALICE)
    words = "Je suis absente jusqu’au 12 décembre."
    row = answer(ticket, words, sender=ALICE, subject="Absence", Auto_Submitted="auto-replied")
    assert (row.status, row.reason, row.conversation) == (Status.NOTED, Reason.AUTOMATIC, ticket.conversation)
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()
    client.force_login(make_staff(town, make_service(town)))
    for path in (f"requetes/{ticket.number}/", "courriels/?onglet=automatiques"):
        shown = client.get(f"/mairie/{town.slug}/{path}").content.decode()
        assert "Réponse automatique" in shown
        assert words in shown


def test_machines_answer_to_where_mails_come_back_to(sent: Delivery) -> None:
    raw = mail("Absent.", sender=ALICE, subject="Absence", Auto_Submitted="auto-replied")
    row = read(raw, address_for(sent.pk))
    assert (row.status, row.conversation) == (Status.NOTED, Ticket.objects.get().conversation)


def test_our_own_mail_that_went_round_is_noted(town: Town) -> None:
    ticket = make_ticket(town, email="parvis@parvis.test")
    row = answer(ticket, "En boucle.", sender="parvis@parvis.test")
    assert (row.status, Message.objects.exists()) == (Status.NOTED, False)


def test_two_machines_on_one_day_get_one_answer(town: Town, mayor: Person, citizen: Person) -> None:
    """Whatever they say, and however often: one says so itself, the other is a program that says nothing of itself."""
    group = factories.make_group(mayor, town, citizen)
    to = reply_address(group, citizen.email, citizen)
    close(actor=mayor, conversation_id=group.pk)
    morning = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo(town.time_zone))
    for step in range(20):
        with standing_at(morning + timedelta(minutes=30 * step)):
            honest = {"Auto_Submitted": "auto-replied"} if step % 2 else {}
            read(mail(f"Merci de votre message {step}.", sender=citizen.email, **honest), to)
    (told,) = Delivery.objects.filter(dispatch__cause="mail_answer")
    assert (told.address, told.headers["Auto-Submitted"]) == (citizen.email, "auto-replied")
    assert AutomaticAnswer.objects.count() == 1
    # With an empty return path: what can't be delivered comes back to nobody.
    item = items_of([told])[told.pk].item
    assert compose(item).sender == ""
    with standing_at(morning + timedelta(days=1)):
        read(mail("Encore moi.", sender=citizen.email), to)
    assert Delivery.objects.filter(dispatch__cause="mail_answer").count() == 2


def test_what_became_nothing_is_forgotten_after_some_weeks(town: Town) -> None:
    ticket = make_ticket(town, email=ALICE)
    automatic = answer(ticket, "Absente.", sender=ALICE, Auto_Submitted="auto-replied")
    placed = answer(ticket, "Merci.", sender=ALICE)
    assert prune() == 0
    with standing_at(automatic.received_at + timedelta(days=91)):
        assert prune() == 1
    assert not type(automatic).objects.filter(pk=automatic.pk).exists()
    waiting = answer(ticket, "C’est Alice.", sender="autre@ailleurs.example")
    assert waiting.status == Status.WAITING
    with standing_at(waiting.received_at + timedelta(days=364)):
        assert prune() == 0
    assert ReplyAddress.objects.exists()
    with standing_at(waiting.received_at + timedelta(days=366)):
        assert prune() == 1
    assert not ReplyAddress.objects.exists()
    placed.refresh_from_db()
    assert placed.raw.data
