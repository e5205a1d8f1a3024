"""The demo's outbox: shown in a demo only, and its mails run nothing."""

import asyncio
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from channels_adapters.base import Item
from channels_adapters.capture import Capture, captured

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> str:
    """A demo with one mail in its outbox; the mail's name there."""
    settings.DEMO, settings.CAPTURE_DIR = True, tmp_path
    mail = Item(
        channel="email",
        to="alice@citoyen.example",
        subject="Votre code <b>",
        text="Le code est 1234-5678",
        html="<style>p{color:red}</style><p>Le code</p><script>alert(1)</script>",
        headers={"From": "mairie@parvis.test"},
    )
    asyncio.run(Capture(directory=str(tmp_path)).send(mail))
    return captured(tmp_path)[0].id


def test_outside_a_demo_it_is_not_there(client: Client, kept: str, settings: Settings) -> None:
    settings.DEMO = False
    for path in ("", f"/{kept}", f"/{kept}/html"):
        assert client.get(f"/demo/outbox{path}").status_code == 404


def test_mails_are_listed_and_found_by_address(client: Client, kept: str) -> None:
    assert "Votre code &lt;b&gt;" in client.get("/demo/outbox").content.decode()
    assert kept in client.get("/demo/outbox", {"to": "ALICE@citoyen.example"}).content.decode()
    assert kept not in client.get("/demo/outbox", {"to": "bruno@citoyen.example"}).content.decode()


def test_an_sms_is_shown_under_its_words_and_found_by_its_channel(
    client: Client, kept: str, settings: Settings
) -> None:
    sent = Item(channel="sms", to="+33639980012", text="Demande notée <b>")
    asyncio.run(Capture(directory=str(settings.CAPTURE_DIR)).send(sent))
    (sms,) = captured(settings.CAPTURE_DIR, "sms")
    page = client.get("/demo/outbox", {"channel": "sms"}).content.decode()
    assert "Demande notée &lt;b&gt;" in page
    assert kept not in page
    one = client.get(f"/demo/outbox/{sms.id}").content.decode()
    assert "<dd>SMS</dd>" in one
    assert "<dt>Subject</dt>" not in one
    assert "<iframe" not in one
    (told,) = client.get("/api/v1/demo/outbox", {"channel": "sms"}).json()
    assert (told["channel"], told["to"], told["text"]) == ("sms", "+33639980012", "Demande notée <b>")


def test_a_mail_shows_its_words_and_headers_but_never_its_markup(client: Client, kept: str) -> None:
    answer = client.get(f"/demo/outbox/{kept}")
    page = answer.content.decode()
    assert "1234-5678" in page
    assert "mairie@parvis.test" in page
    assert "<script>alert" not in page
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_its_markup_is_framed_where_nothing_runs(client: Client, kept: str) -> None:
    answer = client.get(f"/demo/outbox/{kept}/html")
    assert "<p>Le code</p>" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["inconnu", "..%2f..%2fsecret-key"])
def test_another_name_is_not_there(client: Client, kept: str, name: str) -> None:
    assert client.get(f"/demo/outbox/{name}").status_code == 404
