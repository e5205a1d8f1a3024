"""A mail is kept once for each address of ours, through whatever doors it comes."""

import threading

import pytest
from django.db import connection, connections

from inbound_email import store
from inbound_email.models import Door, InboundEmail, RawEmail
from inbound_email.store import digest_of, keep

MAIL = b"Received: from a\r\nMessage-ID: <1@x>\r\nFrom: a@x\r\nSubject: Le\r\n banc\r\n\r\nBonjour.\r\n\r\nMerci.\r\n"


@pytest.mark.django_db
@pytest.mark.both_stores
def test_the_same_mail_through_three_doors_is_one() -> None:
    first, new = keep(MAIL, recipient="Reply+A@parvis.test", door=Door.SMTP, envelope_from="a@x")
    assert new
    ways = (MAIL.replace(b"from a", b"from b"), MAIL.replace(b"\r\n", b"\n"), b"Delivered-To: x\r\n" + MAIL)
    for door, raw in zip((Door.IMAP, Door.PIPE, Door.WEBHOOK), ways, strict=True):
        assert keep(raw, recipient="reply+a@parvis.test", door=door) == (first, False)
    assert (first.door, first.recipient, first.raw.data) == (Door.SMTP, "reply+a@parvis.test", MAIL)


@pytest.mark.django_db
@pytest.mark.both_stores
def test_each_address_has_its_own_and_the_bytes_are_there_once() -> None:
    for name in ("a", "b"):
        _row, new = keep(MAIL, recipient=f"reply+{name}@parvis.test", door=Door.SMTP)
        assert new
    assert (InboundEmail.objects.count(), RawEmail.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"Bonjour", b"Bonsoir"),  # a name that somebody took from another's mail hides nothing
        MAIL.replace(b"<1@x>", b"<2@x>"),
        MAIL.replace(b"a@x\r\nS", b"b@x\r\nS"),
        MAIL.replace(b" banc", b" lampadaire"),
        b"",
        b"Bonjour.",
    ],
)
def test_another_mail_is_another(other: bytes) -> None:
    assert digest_of(other) != digest_of(MAIL)


@pytest.mark.django_db
def test_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", len(MAIL))
    keep(MAIL, recipient="a@parvis.test", door=Door.SMTP)
    with pytest.raises(ValueError, match="at most"):
        keep(MAIL + b"x", recipient="a@parvis.test", door=Door.SMTP)
    assert InboundEmail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_doors_at_the_same_moment_keep_it_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    found: list[bool] = []

    def bring(door: Door) -> None:
        found.append(keep(MAIL, recipient="a@parvis.test", door=door)[1])
        connections.close_all()

    threads = [threading.Thread(target=bring, args=(door,)) for door in Door]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] * 4 + [True]
    assert InboundEmail.objects.count() == 1
