"""Email against a real SMTP server that misbehaves."""

import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels_adapters.base import ConfigurationError, Item, Result
from channels_adapters.registry import build
from channels_adapters.smtp_email import SmtpEmail
from tests.channels_adapters.conftest import MAIL
from tests.channels_adapters.relay import Relay
from tests.channels_adapters.test_contract import send


def _to(relay: Relay, **options: Any) -> SmtpEmail:
    return SmtpEmail(**{"host": "127.0.0.1", "port": relay.port, "security": "none", "timeout_s": 5.0} | options)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ("451 4.7.1 greylisted", Result.TEMPORARY),
        ("550 5.1.1 nobody here", Result.REFUSED),
        ("552 full", Result.REFUSED),
    ],
)
def test_the_reply_code_decides(command: str, reply: str, result: Result) -> None:
    with Relay({command: reply}) as relay:
        (outcome,) = send(_to(relay), MAIL)
    assert (outcome.result, outcome.reason) == (result, reply)


@pytest.mark.parametrize("fault", ["hang", "drop"])
def test_silence_after_the_content_is_unknown(fault: str) -> None:
    with Relay({"DATA": fault}) as relay:
        (outcome,) = send(_to(relay, timeout_s=0.3), MAIL)
        assert relay.commands == ["MAIL", "RCPT", "DATA"]
    assert outcome.result is Result.UNKNOWN


def test_a_recipient_is_refused_before_the_words_are_handed_over() -> None:
    asked: list[bool] = []

    async def asking() -> bool:
        return not asked.append(True)

    with Relay({"RCPT": "550 no"}) as relay:
        send(_to(relay), MAIL, hand_over=asking)
    assert asked == []


@pytest.mark.parametrize(
    "bad", ["alice", "alice@", "@citoyen.example", "alice@citoyen.example, b@c.example", "a b@c.d", ""]
)
def test_what_is_no_address_is_refused(bad: str) -> None:
    with Relay() as relay:
        assert send(_to(relay), replace(MAIL, to=bad))[0].result is Result.REFUSED
        assert relay.commands == []


def test_a_domain_with_accents_goes_as_ascii() -> None:
    with Relay() as relay:
        assert send(_to(relay), replace(MAIL, to="alice@été.example"))[0].result is Result.ACCEPTED
        assert relay.taken[0].recipients == ["alice@xn--t-9fab.example"]


def test_the_mail_is_plain_ascii_with_a_text_and_an_html_part() -> None:
    with Relay() as relay:
        send(_to(relay), MAIL)
        (taken,) = relay.taken
    assert taken.raw.isascii()
    assert max(map(len, taken.raw.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1
    assert [part.get_content_type() for part in taken.mail.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert taken.sender == "parvis@saint-aurele.example"
    assert taken.mail["From"].addresses[0].display_name == "Mairie de Saint-Aurèle, Québec"


@pytest.mark.parametrize(
    "subject",
    [
        "Re: La mairie vous répond\u202f: «\u00a0Le banc du parc est cassé\u00a0» [#SA26-00287]",
        "Re: La mairie vous répond : « Le banc du parc est cassé » [#SA26-00287]",
        "eau du cassé\xa0» cassé\xa0» un élève eau été un mairie élève parc été très banc à",
        "Un mot en ASCII, et =?d’autres?= qui n’en sont pas",
        "Plain words, and long enough for two lines of a header that may hold no more than that",
        " ".join(["très"] * 40),
        "日本語の" * 30,
    ],
)
def test_no_space_of_a_long_subject_is_lost(subject: str) -> None:
    with Relay() as relay:
        send(_to(relay), replace(MAIL, subject=subject))
    (taken,) = relay.taken
    assert taken.mail["Subject"] == subject
    assert max(map(len, taken.raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78  # RFC 5322, 2.1.1


def test_without_html_the_mail_is_text_alone() -> None:
    with Relay() as relay:
        send(_to(relay), replace(MAIL, html=""))
        assert relay.taken[0].mail.get_content_type() == "text/plain"


def test_an_item_without_a_sender_is_refused() -> None:
    with Relay() as relay:
        assert send(_to(relay), Item(channel="email", to=MAIL.to, text="Bonjour"))[0].result is Result.REFUSED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the town's own for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relais de la mairie")])
    day = timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "relay.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture(scope="module")
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(params=["tls", "starttls"])
def secured(request: pytest.FixtureRequest, server_tls: ssl.SSLContext) -> Iterator[tuple[Relay, str]]:
    """A relay that wants TLS and a name with a password, and how to speak to it."""
    with Relay(**{request.param: server_tls}, asks_login=True) as relay:
        yield relay, request.param


def test_it_signs_in_over_tls(secured: tuple[Relay, str], certificate: Path) -> None:
    relay, security = secured
    adapter = _to(relay, security=security, ca_file=str(certificate), username="mairie", password="secret")
    assert send(adapter, MAIL)[0].result is Result.ACCEPTED
    assert relay.taken[0].over_tls


def test_a_wrong_password_is_our_fault_not_the_mails(secured: tuple[Relay, str], certificate: Path) -> None:
    relay, security = secured
    adapter = _to(
        relay, security=security, ca_file=str(certificate), username="mairie", password="wrong", timeout_s=1.0
    )
    assert send(adapter, MAIL)[0].result is Result.TEMPORARY
    assert relay.commands == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(secured: tuple[Relay, str]) -> None:
    relay, security = secured
    (outcome,) = send(_to(relay, security=security, username="mairie", password="secret"), MAIL)
    assert outcome.result is Result.TEMPORARY
    assert relay.commands == []


def test_starttls_never_goes_on_in_clear() -> None:
    with Relay() as relay:
        assert send(_to(relay, security="starttls"), MAIL)[0].result is Result.TEMPORARY
        assert relay.commands == []


def test_an_unknown_kind_of_security_is_said_at_once() -> None:
    with pytest.raises(ConfigurationError, match="starttls"):
        build("email", ["smtp"], {"smtp": {"host": "127.0.0.1", "port": 25, "security": "ssl"}})
