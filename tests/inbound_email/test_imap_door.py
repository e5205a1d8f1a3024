"""A mailbox elsewhere, of a real Dovecot: kept here first, changed there afterwards, and nothing of others' touched."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from pytest_django import Settings

from inbound_email import imap_poller
from inbound_email.imap_poller import KEYWORD, LOST, Box, ImapPoller, open_box
from inbound_email.models import Door
from inbound_email.taking import take
from tests.engines import wait_until
from tests.inbound_email.conftest import kept
from tests.inbound_email.dovecot import PASSWORD, USERNAME, Dovecot
from tests.inbound_email.smtp_client import mail
from tests.tickets.receiver import certificate

SEEN = {r"\Seen", KEYWORD}
Start = Callable[..., Dovecot]
Watch = Callable[..., ImapPoller]

pytestmark = pytest.mark.usefixtures("standing_fleet")


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(**options)`: a server that runs."""
    started: list[Dovecot] = []

    def run(**options: object) -> Dovecot:
        started.append(Dovecot(**options))  # type: ignore[arg-type]
        started[-1].start()
        return started[-1]

    yield run
    for server in started:
        server.end()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """`watch(server, **more)`: its box is looked after."""
    monkeypatch.setattr(imap_poller, "GLANCE_S", 0.05)
    monkeypatch.setattr(imap_poller, "AGAIN_S", 0.05)
    pollers: list[ImapPoller] = []

    def run(server: Dovecot, **more: object) -> ImapPoller:
        pollers.append(ImapPoller(_box(server, **more)))
        pollers[-1].start()
        return pollers[-1]

    yield run
    for poller in pollers:
        poller.stop()


def _box(server: Dovecot, **more: object) -> Box:
    fields = {"host": "127.0.0.1", "port": server.port, "security": "none", **more}
    return Box(username=USERNAME, password=PASSWORD, **fields)  # type: ignore[arg-type]


def _wait_for_mails(count: int) -> None:
    wait_until(lambda: len(kept()) == count, f"{count} mails kept")


def _wait_for_flags(server: Dovecot, *flags: set[str], folder: str = "INBOX") -> None:
    wait_until(lambda: server.flags(folder) == list(flags), f"{flags} in {folder}")


def _to(address: str, subject: str = "Le banc") -> bytes:
    return mail(subject, headers=[f"Message-ID: <{subject}@x>", f"To: {address}"])


def test_what_is_there_and_what_comes_is_kept_and_others_mails_stay_as_they_are(
    start: Start, watch: Watch, ours: str
) -> None:
    server = start()
    server.deliver(_to(ours, "1"), _to("else@ville.example", "2"))
    poller = watch(server)
    _wait_for_mails(1)
    _wait_for_flags(server, SEEN, {KEYWORD})
    # Told by the server (IDLE): nothing looks by itself for five minutes.
    back = b"Return-Path: <alice@citoyen.example>\r\nDelivered-To: " + ours.encode() + b"\r\n"
    server.deliver(back + _to("mairie@ville.example", "3"))
    _wait_for_mails(2)
    _wait_for_flags(server, SEEN, {KEYWORD}, SEEN)
    poller.stop()
    first, third = kept()
    assert (first.raw.data, first.door, first.recipient) == (_to(ours, "1"), Door.IMAP, ours)
    assert (third.recipient, third.envelope_from) == (ours, "alice@citoyen.example")
    again = watch(server)  # what was looked at is not looked at again
    server.deliver(_to(ours, "4"))
    _wait_for_mails(3)
    again.stop()
    assert server.flags()[1] == {KEYWORD}


@pytest.mark.parametrize(
    ("capability", "left"), [("", []), ("IMAP4rev1 LITERAL+ IDLE", [SEEN | {r"\Deleted"}])], ids=["MOVE", "no MOVE"]
)
def test_kept_mails_go_to_their_folder_and_what_people_delete_is_theirs(
    start: Start, watch: Watch, ours: str, capability: str, left: list[set[str]]
) -> None:
    server = start(capability=capability)
    server.deliver(_to("else@ville.example", "1"), _to(ours, "2"))
    with server.session() as session:
        assert session.create("Parvis")[0] == "OK"
        assert session.store("1", "+FLAGS", r"(\Seen \Deleted)")[0] == "OK"
    watch(server, done_folder="Parvis")
    _wait_for_mails(1)
    wait_until(lambda: len(server.flags("Parvis")) == 1, "the mail is in its folder")
    _wait_for_flags(server, {r"\Seen", r"\Deleted"}, *left)


def test_a_server_that_goes_away_and_comes_back_is_found_again(start: Start, watch: Watch, ours: str) -> None:
    server = start()
    poller = watch(server)
    server.deliver(_to(ours, "1"))
    _wait_for_mails(1)
    server.drop_sessions()
    server.deliver(_to(ours, "2"))
    _wait_for_mails(2)
    server.kill()
    server.start()
    server.deliver(_to(ours, "3"))
    _wait_for_mails(3)
    poller.stop()
    _wait_for_flags(server, SEEN, SEEN, SEEN)


def test_while_the_database_is_away_mails_stay_there_unread(
    start: Start, watch: Watch, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def away(_raw: bytes, recipients: list[str], **_more: object) -> int:
        tries.extend(recipients)
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(imap_poller, "take", away)
    server = start()
    server.deliver(_to(ours, "1"))
    watch(server)
    wait_until(lambda: len(tries) > 1, "it is tried again")
    assert server.flags() == [set()]
    monkeypatch.setattr(imap_poller, "take", take)
    _wait_for_mails(1)
    _wait_for_flags(server, SEEN)


def test_a_mail_that_makes_us_stumble_holds_up_no_other(
    start: Start, watch: Watch, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbling(raw: bytes, recipients: list[str], **more: object) -> int:
        if b"Subject: 1" in raw:
            raise RuntimeError("a fault of ours")
        return take(raw, recipients, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(imap_poller, "take", stumbling)
    monkeypatch.setattr(imap_poller, "MAX_BYTES", 100_000)
    server = start()
    server.deliver(_to(ours, "1"), _to(ours, "2") + b"x" * 100_000, _to(ours, "3"))
    watch(server)
    _wait_for_mails(1)
    _wait_for_flags(server, set(), {KEYWORD}, SEEN)


def test_by_tls_with_an_authority_of_the_towns_own_and_with_no_other(start: Start, tmp_path: Path) -> None:
    authority = certificate(tmp_path / "certificate", "localhost")
    server = start(certificate=authority)
    for port, security in ((server.tls_port, "tls"), (server.port, "starttls")):
        there = {"host": "localhost", "port": port, "security": security}
        with open_box(_box(server, **there, ca_file=str(authority))) as mailbox:
            assert mailbox.folder.get() == "INBOX"
        with pytest.raises(LOST, match="certificate verify failed"):
            open_box(_box(server, **there))


def test_a_wrong_password_and_a_wrong_setting_are_said(start: Start, settings: Settings) -> None:
    server = start()
    with pytest.raises(LOST, match="AUTHENTICATIONFAILED"):
        open_box(Box("127.0.0.1", server.port, USERNAME, "wrong", security="none"))
    settings.IMAP_HOST, settings.IMAP_SECURITY = "imap.ville.example", "ssl"
    with pytest.raises(ValueError, match="none, starttls or tls"):
        Box.configured()
