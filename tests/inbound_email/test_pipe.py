"""`hub receive < mail.eml`: the exit code tells the caller whether the mail is kept, to be given back, or to be brought
again (sysexits.h)."""

import io
import types
from collections.abc import Callable

import pytest
from django.db import OperationalError

from hub.towns.models import Town
from inbound_email import commands
from inbound_email.commands import receive
from inbound_email.models import Door
from tests.engines import wait_until
from tests.inbound_email.conftest import Open, kept
from tests.inbound_email.dovecot import PASSWORD, USERNAME, Dovecot
from tests.inbound_email.smtp_client import Client, mail
from tests.processes import Fleet

Give = Callable[[bytes], None]


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Give:
    """`give(raw)`: what stands on standard input."""
    monkeypatch.setattr(commands, "_connect_plainly", lambda: None)  # of a process of its own

    def on_standard_input(raw: bytes) -> None:
        monkeypatch.setattr("sys.stdin", types.SimpleNamespace(buffer=io.BytesIO(raw)))

    return on_standard_input


def test_it_is_kept_for_whom_the_caller_names_or_the_mail_does(give: Give, ours: str, doors_town: Town) -> None:
    doors_town.email = "mairie@ville.example"
    doors_town.save()
    named = mail("1", headers=["To: Mairie <mairie@ville.example>", "Return-Path: <list@else.example>"])
    give(named)
    assert receive([]) == 0
    give(mail("2"))
    assert receive([ours, "postmaster"], sender="") == 0
    first, *others = kept()
    assert (first.recipient, first.envelope_from, first.door) == (
        "mairie@ville.example",
        "list@else.example",
        Door.PIPE,
    )
    assert [(one.recipient, one.envelope_from) for one in others] == [(ours, ""), ("postmaster", "")]
    assert first.raw.data == named


def test_what_can_not_be_taken_is_given_back(
    give: Give, ours: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for raw, recipients, code in (
        (mail(), [], 67), (mail(), [ours, "nobody@parvis.test"], 67), (mail(), ["nobody@parvis.test"], 67),
        (b" \n", [ours], 65),
    ):  # fmt: skip
        give(raw)
        assert receive(recipients) == code
    monkeypatch.setattr(commands, "MAX_BYTES", 20)
    give(mail())
    assert receive([ours]) == 65
    assert capsys.readouterr().err.count("hub: ") == 5
    assert kept() == []


def test_the_same_mail_by_three_doors_is_one(standing_fleet: Fleet, open_door: Open, ours: str) -> None:
    content = mail(headers=["Message-ID: <1@x>", f"To: {ours}"])
    server = Dovecot()
    try:
        server.start()
        server.deliver(b"Return-Path: <alice@citoyen.example>\r\nReceived: from there\r\n" + content)
        env = {
            "PARVIS_IMAP_HOST": "127.0.0.1", "PARVIS_IMAP_PORT": str(server.port), "PARVIS_IMAP_USERNAME": USERNAME,
            "PARVIS_IMAP_PASSWORD": PASSWORD, "PARVIS_IMAP_SECURITY": "none",
        }  # fmt: skip
        poller = standing_fleet.door("receive-imap", env)
        with Client(open_door()) as client:
            assert client.bring(content, ours).startswith("250")
        told = standing_fleet.run("receive", given=content.replace(b"\r\n", b"\n"))
        assert (told.returncode, told.stderr) == (0, "")
        wait_until(lambda: r"\Seen" in server.flags()[0], "the mailbox is looked through")
        assert poller.terminate() == 0
    finally:
        server.end()
    assert len(kept()) == 1


def test_what_can_not_be_kept_now_is_to_be_brought_again(
    give: Give, ours: str, monkeypatch: pytest.MonkeyPatch, standing_fleet: Fleet
) -> None:
    def away(*_arguments: object, **_more: object) -> int:
        raise OperationalError("connection refused")

    monkeypatch.setattr(commands, "take", away)
    give(mail())
    assert receive([ours]) == 75
    # Not even its settings can be read: any other code would have a mail server give the mail back.
    told = standing_fleet.run("receive", ours, given=mail(), env={"DATABASE_URL": "nonsense"})
    assert (told.returncode, "try again later" in told.stderr) == (75, True)
