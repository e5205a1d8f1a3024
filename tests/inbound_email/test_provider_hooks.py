"""Providers that bring a mail by calling: proved, kept, and only then answered 200."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from hub.towns.mail_addresses import general_address
from hub.towns.models import Town
from inbound_email import provider_hooks, store
from inbound_email.models import Door, InboundEmail, Reason, Status
from inbound_email.taking import take
from tests.inbound_email.conftest import kept
from tests.inbound_email.smtp_client import mail

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n\xff"
KEY = "key-of-ours"
SECRET = "parvis:open sesame"
CONTENT = mail(headers=["Message-ID: <1@x>", "To: someone@else.example"]).replace(b"Bonjour.", b"\xe9t\xe9.")
BASIC = {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(SECRET.encode()).decode()}"}
Call = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _in_use(settings: Settings) -> None:
    settings.INBOUND_HOOKS = {"mailgun": KEY, "postmark": SECRET, "sendgrid": SECRET, "brevo": SECRET}


@pytest.fixture
def to(town: Town) -> str:
    return general_address(town)


def _signed(key: str = KEY, at_s: float | None = None) -> dict[str, str]:
    timestamp = str(int(time.time() if at_s is None else at_s))
    signature = hmac.new(key.encode(), f"{timestamp}token".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": timestamp, "token": "token", "signature": signature}


def _multipart(fields: dict[str, str | bytes]) -> tuple[bytes, str]:
    body = b""
    for name, value in fields.items():
        content = value if isinstance(value, bytes) else value.encode()
        body += f'--b-1\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content + b"\r\n"
    return body + b"--b-1--\r\n", "multipart/form-data; boundary=b-1"


def _post(provider: str, body: bytes, kind: str, **more: str) -> int:
    return (
        Client()
        .generic("POST", f"/hooks/inbound/{provider}{'' if '/' in provider else '/'}", body, kind, **more)
        .status_code
    )  # type: ignore[arg-type]


def _mailgun(to: str, *, content: bytes = CONTENT, **signed: str) -> int:
    fields = {"recipient": to, "sender": "alice@citoyen.example", "body-mime": content, **(signed or _signed())}
    return _post("mailgun", *_multipart(fields))


def _postmark(to: str, **more: str) -> int:
    said = {
        "OriginalRecipient": to, "From": "alice@citoyen.example", "RawEmail": CONTENT.decode("latin-1"),
        "Headers": [{"Name": "Return-Path", "Value": "<bounces@citoyen.example>"}],
    }  # fmt: skip
    return _post("postmark", json.dumps(said).encode(), "application/json", **(more or BASIC))


def _sendgrid(to: str, **more: str) -> int:
    envelope = json.dumps({"to": [to], "from": "alice@citoyen.example"})
    return _post("sendgrid", *_multipart({"envelope": envelope, "email": CONTENT}), **(more or BASIC))


def test_raw_mails_are_kept_as_they_are(to: str) -> None:
    assert _mailgun(to) == 200
    (email,) = kept()
    assert (email.raw.data, email.recipient, email.envelope_from) == (CONTENT, to, "alice@citoyen.example")
    assert (email.door, email.status) == (Door.WEBHOOK, Status.RECEIVED)
    assert _sendgrid(to) == 200  # the same mail by another provider
    assert _mailgun(to) == 200  # and once more
    assert len(kept()) == 1


def test_mailgun_may_post_a_plain_form(to: str) -> None:
    fields = {"recipient": to, "sender": "", "body-mime": CONTENT, **_signed()}
    assert _post("mailgun/mime", urlencode(fields).encode(), "application/x-www-form-urlencoded") == 200
    assert [email.raw.data for email in kept()] == [CONTENT]


def test_postmark_says_where_it_goes_back_to(to: str) -> None:
    assert _postmark(to) == 200
    (email,) = kept()
    assert email.envelope_from == "bounces@citoyen.example"
    assert email.raw.data == CONTENT.decode("latin-1").encode()


@pytest.mark.parametrize("bring", [_postmark, _sendgrid])
def test_without_the_secret_nothing_is_believed(to: str, bring: Callable[..., int]) -> None:
    wrong = base64.b64encode(b"parvis:guess").decode()
    assert [bring(to, HTTP_AUTHORIZATION=f"Basic {wrong}"), bring(to, HTTP_X="")] == [403, 403]
    assert kept() == []


@pytest.mark.parametrize(
    "signed",
    [_signed(key="another"), _signed(at_s=time.time() - 90_000), {"timestamp": "x", "token": "", "signature": ""}],
)
def test_mailgun_signs_with_our_key_and_lately(to: str, signed: dict[str, str]) -> None:
    assert _mailgun(to, **signed) == 403
    assert kept() == []


def test_a_provider_that_is_not_in_use_is_not_there(to: str, settings: Settings) -> None:
    settings.INBOUND_HOOKS = {"mailgun": "", "postmark": SECRET}
    assert [_mailgun(to), _sendgrid(to), _post("another", b"", "text/plain")] == [404] * 3
    assert Client().head("/hooks/inbound/postmark/").status_code == 200  # some look whether somebody is there


def test_the_database_away_has_it_brought_again(to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object, **_more: object) -> int:
        raise OperationalError("no space left on device")

    monkeypatch.setattr(provider_hooks, "take", away)
    assert _mailgun(to) == 503
    monkeypatch.setattr(provider_hooks, "take", take)
    assert _mailgun(to) == 200
    assert len(kept()) == 1


def test_too_large_is_refused(to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", 10)
    assert _mailgun(to) == 413
    monkeypatch.setattr(provider_hooks, "BODY_BYTES", 10)
    assert _postmark(to) == 413
    assert kept() == []


def test_a_mail_for_nobody_is_kept_as_that_since_nobody_can_give_it_back(to: str) -> None:
    assert _mailgun("nobody@parvis.test") == 200
    (email,) = kept()
    assert (email.recipient, email.status, email.reason) == ("nobody@parvis.test", Status.REFUSED, Reason.UNKNOWN)
    named = mail("Sans enveloppe", headers=[f"Cc: Mairie <{to}>"])
    assert _mailgun("", content=named) == 200
    assert InboundEmail.objects.get(recipient=to).status == Status.RECEIVED


@pytest.mark.parametrize(
    ("provider", "body", "kind"),
    [
        ("mailgun", b"--b-1\r\nwithout an end", "multipart/form-data; boundary=b-1"),
        ("mailgun", b"x" * 10, "multipart/form-data"),
        ("postmark", b"[]", "application/json"),
        ("postmark", b"{", "application/json"),
        ("sendgrid", b"--b-1--\r\n", "multipart/form-data; boundary=b-1"),
        ("brevo", b"{}", "application/json"),
    ],
)
def test_what_is_not_understood_is_brought_again(provider: str, body: bytes, kind: str) -> None:
    assert _post(provider, body, kind, **BASIC) == 503
    assert kept() == []


def test_what_a_provider_took_apart_is_put_together_again(to: str, settings: Settings) -> None:
    class Attachments(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["api-key"]))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PICTURE)

        def log_message(self, *_words: object) -> None: ...

    asked: list[tuple[str, str]] = []
    with HTTPServer(("127.0.0.1", 0), Attachments) as there:
        threading.Thread(target=there.handle_request).start()
        settings.BREVO_URL, settings.BREVO_API_KEY = f"http://127.0.0.1:{there.server_port}/v3/", "our-key"
        item = {
            "Uuid": ["1"], "RawTextBody": "Bonjour à tous.", "RawHtmlBody": "<p>Bonjour à tous.</p>",
            "Headers": {"From": "Alice <alice@citoyen.example>", "Subject": "Le banc", "Delivered-To": to,
                        "Return-Path": "<alice@citoyen.example>", "Message-ID": "<1@x>", "Received": ["a", "b"]},
            "Attachments": [{"Name": "banc.png", "ContentType": "image/png", "DownloadToken": "a/b"}],
        }  # fmt: skip
        assert _post("brevo", json.dumps({"items": [item]}).encode(), "application/json", **BASIC) == 200
    assert asked == [("/v3/inbound/attachments/a%2Fb", "our-key")]
    (email,) = kept()
    assert (email.recipient, email.envelope_from) == (to, "alice@citoyen.example")
    assert base64.b64encode(PICTURE) in email.raw.data
    assert b"Subject: Le banc" in email.raw.data
    assert b'filename="banc.png"' in email.raw.data
