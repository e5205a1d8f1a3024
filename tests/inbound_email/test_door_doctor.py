"""`hub doctor` says how the doors for mail are, and what to do."""

from pathlib import Path

import pytest
from pytest_django import Settings

from hub.doctor import Fault
from inbound_email import doctor
from tests.channels_adapters.relay import Relay
from tests.engines import free_port
from tests.inbound_email.dovecot import PASSWORD, USERNAME, VERSION, Dovecot
from tests.tickets.receiver import certificate


@pytest.mark.django_db
def test_a_hub_without_mail_has_no_fault(settings: Settings) -> None:
    settings.INBOUND_DOMAIN = ""
    assert [check() for check in doctor.CHECKS.values()] == [
        "on ne peut pas répondre aux courriels : PARVIS_INBOUND_DOMAIN n’est pas réglé.", "fermée.",
        "aucune boîte à relever.", "aucun n’est écouté.", "aucun qu’un bureau ne montre.",
    ]  # fmt: skip


@pytest.mark.parametrize("domain", ["x@ville.example", "localhost", "répondre.example"])
def test_what_is_no_domain_is_said(settings: Settings, domain: str) -> None:
    settings.INBOUND_DOMAIN = domain
    with pytest.raises(Fault, match="PARVIS_INBOUND_DOMAIN"):
        doctor._domain()


def test_a_domain_that_mails_also_come_from_is_pointed_out(settings: Settings) -> None:
    assert doctor._domain() == "parvis.test."
    settings.EMAIL_FROM = "Mairie <mairie@Parvis.test>"
    assert "PARVIS_EMAIL_FROM" in doctor._domain()


def test_the_door_is_knocked_at(port: int, settings: Settings) -> None:
    settings.INBOUND_SMTP = f"127.0.0.1:{port}"
    assert doctor._smtp() == f"SMTP répond sur 127.0.0.1:{port}."
    settings.INBOUND_SMTP = f"127.0.0.1:{free_port()}"
    with pytest.raises(Fault, match="Lancez : hub receive-smtp"):
        doctor._smtp()
    settings.INBOUND_HOOKS = {"mailgun": "key"}
    assert "le courrier arrive par mailgun" in doctor._smtp()
    settings.INBOUND_SMTP = "127.0.0.1"
    with pytest.raises(Fault, match="PARVIS_INBOUND_SMTP"):
        doctor._smtp()


def test_another_server_in_its_place_is_said(settings: Settings) -> None:
    with Relay() as another:
        settings.INBOUND_SMTP = f"127.0.0.1:{another.port}"
        with pytest.raises(Fault, match="un autre serveur"):
            doctor._smtp()


def test_a_certificate_that_ends_soon_or_is_none_is_said(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INBOUND_TLS_CERT = str(certificate(tmp_path / "certificate", "localhost"))  # for a day
    with pytest.raises(Fault, match="Renouvelez-le"):
        doctor._certificate()
    monkeypatch.setattr(doctor, "CERTIFICATE_DAYS", 0)
    doctor._certificate()
    settings.INBOUND_TLS_CERT = str(tmp_path / "missing")
    with pytest.raises(Fault, match="PARVIS_INBOUND_TLS_CERT"):
        doctor._certificate()


def test_the_mailbox_is_opened(settings: Settings) -> None:
    if not VERSION.startswith("2.3"):
        pytest.skip(f"written for Dovecot 2.3, not {VERSION}")
    server = Dovecot()
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_SECURITY = "127.0.0.1", server.port, "none"
    settings.IMAP_USERNAME, settings.IMAP_PASSWORD = USERNAME, PASSWORD
    try:
        server.start()
        assert doctor._imap() == f"{USERNAME} sur 127.0.0.1."
        settings.IMAP_DONE_FOLDER = "Parvis"
        with pytest.raises(Fault, match="« Parvis » n’existe pas"):
            doctor._imap()
    finally:
        server.end()
    with pytest.raises(Fault, match="Vérifiez les PARVIS_IMAP_"):
        doctor._imap()


def test_providers_are_looked_at_as_they_are_set_up(settings: Settings) -> None:
    settings.INBOUND_HOOKS = {"mailgun": "key", "postmark": "parvis:secret"}
    assert doctor._providers() == "mailgun, postmark."
    settings.INBOUND_HOOKS = {"sendgrid": "secret"}
    with pytest.raises(Fault, match="PARVIS_SENDGRID_HOOK_SECRET"):
        doctor._providers()
    settings.INBOUND_HOOKS = {"brevo": "parvis:secret"}
    with pytest.raises(Fault, match="PARVIS_BREVO_API_KEY"):
        doctor._providers()
