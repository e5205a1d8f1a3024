"""Each mail is read once, whatever dies on the way; one that can't be read keeps no other back."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from hub.audit.models import Entry
from hub.conversations.models import Message
from hub.core import limits
from hub.core.clock import now
from hub.core.limits import Limit
from hub.streams.models import Event
from hub.tickets.models import Ticket
from hub.towns.models import Town
from inbound_email import deciding, ledger, reading
from inbound_email.models import InboundEmail, Reason, Status
from inbound_email.outcomes import Arrived, Outcome
from inbound_email.reading import read_waiting
from tests import factories
from tests.inbound_email.coming_in import answer, kept, mail, reply_address
from tests.tickets.making import make_service, make_staff, make_ticket

ALICE = "alice@ailleurs.example"
BOMB = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 1_000


pytestmark = pytest.mark.usefixtures("at_their_word")


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return make_ticket(town, email=ALICE)


def come_in(ticket: Ticket, words: str = "C’est au 14.") -> InboundEmail:
    raw = mail(words, sender=ALICE, subject=f"Re: [#{ticket.number}]")
    return kept(raw, reply_address(ticket, ALICE))


def said(ticket: Ticket) -> list[str]:
    return list(
        Message.objects.filter(conversation=ticket.conversation_id).order_by("seq").values_list("body", flat=True)
    )


class Killed(BaseException):
    """The worker is no more."""


def later(row: InboundEmail) -> None:
    """Its lease is over."""
    InboundEmail.objects.filter(pk=row.pk).update(lease_until=now() - timedelta(seconds=1), next_at=now())


@pytest.mark.django_db
@pytest.mark.both_stores
def test_killed_between_posting_and_writing_it_down(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    row = come_in(ticket)

    def die(*_given: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record", die)
        with pytest.raises(Killed):
            read_waiting()
    assert said(ticket) == ["C’est au 14."]
    assert read_waiting() == 0  # its lease holds
    Ticket.objects.filter(pk=ticket.pk).update(status="closed_done", closed_at=now() - timedelta(days=30))
    later(row)
    assert read_waiting() == 1
    row.refresh_from_db()
    assert said(ticket) == ["C’est au 14."]
    assert (row.status, row.attempts, row.message) == (Status.PLACED, 2, Message.objects.get())
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.both_stores
def test_who_comes_back_too_late_writes_nothing_down(ticket: Ticket) -> None:
    row = come_in(ticket)
    slow = ledger.claim()
    assert slow is not None
    later(row)
    other = ledger.claim()
    assert other is not None
    assert not ledger.record(slow, Outcome(Status.REFUSED, Reason.UNKNOWN))
    row.refresh_from_db()
    assert row.status == Status.RECEIVED
    assert ledger.record(other, Outcome(Status.NOTED, Reason.AUTOMATIC))
    assert not ledger.record(other, Outcome(Status.REFUSED, Reason.UNKNOWN))
    row.refresh_from_db()
    assert row.status == Status.NOTED


@pytest.mark.django_db
@pytest.mark.both_stores
def test_an_error_of_ours_is_tried_again_then_shown(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = come_in(ticket, "Un."), come_in(ticket, "Deux.")
    decide = deciding.decide

    def fail(arrived: Arrived) -> Outcome:
        if arrived.row.pk == bad.pk:
            raise RuntimeError("a fault of ours")
        return decide(arrived)

    monkeypatch.setattr(reading, "decide", fail)
    read_waiting()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (good.status, bad.status, bad.attempts) == (Status.PLACED, Status.RECEIVED, 1)
    assert bad.next_at > now()
    for _attempt in range(ledger.ATTEMPTS - 1):
        later(bad)
        read_waiting()
    bad.refresh_from_db()
    assert (bad.status, bad.reason, bad.conversation) == (Status.QUARANTINED, Reason.FAILED, ticket.conversation)
    assert "a fault of ours" in bad.detail


@pytest.mark.django_db
def test_a_mail_that_kills_workers_is_given_up(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    row = come_in(ticket)
    monkeypatch.setattr(ledger, "ATTEMPTS", 2)
    for _worker in range(2):
        assert ledger.claim() is not None
        later(row)
    assert read_waiting() == 1
    row.refresh_from_db()
    assert (row.status, row.reason) == (Status.QUARANTINED, Reason.FAILED)


@pytest.mark.django_db
@pytest.mark.both_stores
def test_what_cannot_be_read_is_aside_and_read_again_by_a_click(client: Client, ticket: Ticket, town: Town) -> None:
    agent = make_staff(town, make_service(town))
    bomb, good = kept(BOMB, reply_address(ticket, ALICE)), come_in(ticket)
    assert read_waiting() == 2
    bomb.refresh_from_db()
    good.refresh_from_db()
    assert (bomb.status, bomb.reason, good.status) == (Status.QUARANTINED, Reason.TOO_MUCH, Status.PLACED)
    assert "TooManyParts" in bomb.detail
    client.force_login(agent)
    lists = f"/mairie/{town.slug}/courriels/?onglet=en-quarantaine"
    assert "Trop gros ou trop compliqué" in client.get(lists).content.decode()
    original = client.get(f"/mairie/{town.slug}/courriels/{bomb.pk}/").content.decode()
    assert "boundary=b" in original
    assert client.post(f"/mairie/{town.slug}/courriels/{bomb.pk}/relire/").url == lists
    bomb.refresh_from_db()
    assert (bomb.status, bomb.attempts) == (Status.RECEIVED, 1)
    assert Entry.objects.filter(act="mail.retry", subject=f"ticket.{ticket.number}").exists()
    assert Event.objects.filter(topic=f"desk.{town.slug}", name="mails.changed").count() == 2  # put aside, taken out
    assert client.post(f"/mairie/{town.slug}/courriels/{bomb.pk}/relire/").status_code == 409
    read_waiting()
    bomb.refresh_from_db()
    assert bomb.status == Status.QUARANTINED


@pytest.mark.django_db
def test_who_writes_too_much_is_read_later(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TICKET_ACTS", Limit("few_acts", 1, 600))
    first, second = come_in(ticket, "Un."), come_in(ticket, "Deux.")
    read_waiting()
    second.refresh_from_db()
    assert said(ticket) == ["Un."]
    assert (second.status, second.attempts) == (Status.RECEIVED, 0)
    assert second.next_at > now() + timedelta(minutes=5)
    assert first.pk < second.pk


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_read_each_mail_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    ticket = make_ticket(factories.make_town(), email=ALICE)
    for number in range(12):
        come_in(ticket, f"Mot {number}.")
    counts: list[int] = []

    def work() -> None:
        counts.append(read_waiting())
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 12
    assert sorted(said(ticket)) == sorted(f"Mot {number}." for number in range(12))
    assert not InboundEmail.objects.exclude(status=Status.PLACED).exists()


@pytest.mark.django_db(transaction=True)
def test_what_one_worker_has_is_passed_over_by_the_next(ticket: Ticket) -> None:
    first, second = come_in(ticket, "Un."), come_in(ticket, "Deux.")
    claimed: list[InboundEmail | None] = []

    def claim() -> None:
        claimed.append(ledger.claim())
        connections.close_all()

    with transaction.atomic():
        claimed.append(ledger.claim())
        others = [threading.Thread(target=claim) for _time in range(2)]
        for other in others:
            other.start()
            other.join(10)  # nobody waits for whoever has the first one
        assert not any(other.is_alive() for other in others)
    assert claimed == [first, second, None]


@pytest.mark.django_db
def test_the_same_mail_again_says_nothing_new(ticket: Ticket) -> None:
    raw = mail("Une fois.", sender=ALICE, subject=f"Re: [#{ticket.number}]")
    for _time in range(3):
        kept(raw, reply_address(ticket, ALICE))
        read_waiting()
    assert said(ticket) == ["Une fois."]
    # The same words in another mail are said again.
    answer(ticket, "Une fois.", sender=ALICE)
    assert said(ticket) == ["Une fois.", "Une fois."]


@pytest.mark.django_db
def test_one_mail_is_some_thirty_statements(
    ticket: Ticket, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    """Each costs as much as reading the mail itself: twenty a second are to be on their tickets at once."""
    make_staff(ticket.town)
    answer(ticket, "D’abord.", sender=ALICE)
    come_in(ticket)
    with django_assert_max_num_queries(33):
        read_waiting()
    assert said(ticket) == ["D’abord.", "C’est au 14."]
