"""`hub doctor` says what is wrong and what to do, one line each."""

import socket
from pathlib import Path
from typing import Any

import pytest

from hub import doctor
from hub.celery import QUEUES
from tests.channels_adapters.relay import Relay
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN
from tests.engines import free_port, wait_until
from tests.processes import Fleet

OPTIONS = {"smtp": {"host": "127.0.0.1", "port": 0, "username": "", "password": "", "security": "none"}}


def test_a_hub_that_runs_well_has_no_fault_and_one_without_workers_says_so(fleet: Fleet) -> None:
    alone = fleet.run("doctor")
    assert alone.returncode == 1
    idle = ", ".join(sorted(QUEUES))
    assert f"✗ Ouvriers : personne ne travaille pour {idle}. Lancez : hub worker" in alone.stdout
    assert alone.stdout.count("✗") == 1, alone.stdout
    assert "✓ Base de données : PostgreSQL 18." in alone.stdout
    assert "✓ Porte du courrier : SMTP sur 127.0.0.1:0." in alone.stdout

    fleet.worker()
    wait_until(lambda: fleet.run("doctor").returncode == 0, "a worker that the doctor finds", timeout_s=40)


def test_servers_that_are_away_are_named(fleet: Fleet) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    told = fleet.run("doctor", env={"DATABASE_URL": f"postgres://p:p@{nobody}/p", "REDIS_URL": f"redis://{nobody}/0"})
    assert told.returncode == 1
    assert "✗ Base de données : PostgreSQL injoignable (" in told.stdout
    assert "Connection refused). Vérifiez DATABASE_URL" in told.stdout
    assert "✗ Redis : injoignable" in told.stdout
    assert "Traceback" not in told.stdout + told.stderr


def test_a_home_that_was_never_migrated_is_told_to(fleet: Fleet, tmp_path: Path) -> None:
    told = fleet.run("doctor", env={"PARVIS_HOME": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""})
    assert told.returncode == 1
    assert "✓ Base de données : SQLite 3." in told.stdout
    assert "Faites : hub migrate" in told.stdout
    assert "✗ Fichiers des pages" in told.stdout


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("http://mairie.example", "en https"),
        ("mairie.example", "PARVIS_PUBLIC_URL=https://"),
        ("https://mairie.example/hub", "s’arrête avant la barre"),
    ],
)
def test_a_public_address_that_can_not_work_is_refused(settings: Any, address: str, remedy: str) -> None:
    settings.PUBLIC_URL = address
    with pytest.raises(doctor.Fault, match=remedy):
        doctor._address()


def test_public_addresses_that_work(settings: Any) -> None:
    for address in ("https://mairie.example", "http://127.0.0.1:8000", "http://localhost:8000"):
        settings.PUBLIC_URL = address
        assert doctor._address() == address


def test_a_secret_key_that_others_can_read_is_a_fault(settings: Any, tmp_path: Path) -> None:
    settings.PARVIS_HOME = tmp_path
    key = tmp_path / "secret-key"
    key.write_text("x" * 50)
    key.chmod(0o644)
    with pytest.raises(doctor.Fault, match="chmod 600"):
        doctor._secret_key()
    key.chmod(0o600)
    assert doctor._secret_key()


def test_a_relay_that_is_away_is_named(settings: Any) -> None:
    settings.ADAPTERS = {"email": ["smtp"]}
    settings.ADAPTER_OPTIONS = {"smtp": {**OPTIONS["smtp"], "port": free_port()}}
    with pytest.raises(doctor.Fault, match="Connection refused"):
        doctor._email()


def test_a_relay_that_hangs_is_given_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PATIENCE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.ADAPTERS = {"email": ["smtp"]}
        settings.ADAPTER_OPTIONS = {"smtp": {**OPTIONS["smtp"], "port": silent.getsockname()[1]}}
        with pytest.raises(doctor.Fault, match="ne répond pas comme il faut"):
            doctor._email()


def test_an_adapter_that_does_not_exist_is_named(settings: Any) -> None:
    settings.ADAPTERS = {"email": ["pigeon"]}
    with pytest.raises(doctor.Fault, match="pigeon"):
        doctor._email()


def test_sms_that_do_not_leave_are_no_fault_and_an_adapter_that_is_not_one_is_named(settings: Any) -> None:
    settings.ADAPTERS = {"sms": []}
    assert "aucun ne part" in doctor._sms()
    settings.ADAPTERS = {"sms": ["smtp"]}
    settings.ADAPTER_OPTIONS = OPTIONS
    with pytest.raises(doctor.Fault, match="PARVIS_SMS_ADAPTER"):
        doctor._sms()


def test_the_ways_of_notifications_are_looked_at(settings: Any) -> None:
    assert doctor._push() == "web-push."
    settings.ADAPTERS = {"push": ["web-push", "fcm"]}
    with pytest.raises(doctor.Fault, match=r"service account.*PARVIS_FCM_CREDENTIALS"):
        doctor._push()
    settings.ADAPTERS = {"push": []}
    assert "aucune ne part" in doctor._push()


def test_what_leaves_is_looked_at_as_it_is_set_up(fleet: Fleet) -> None:
    """Adapters with commas, a second relay, Twilio with a slip in its account."""
    with Relay() as first, Relay() as second:
        told = fleet.run("doctor", env={
            "PARVIS_EMAIL_ADAPTER": "smtp, smtp2", "PARVIS_SMTP_PORT": str(first.port), "PARVIS_SMTP_SECURITY": "none",
            "PARVIS_SMTP2_PORT": str(second.port), "PARVIS_SMTP2_SECURITY": "none",
            "PARVIS_SMS_ADAPTER": "twilio", "PARVIS_VOICE_ADAPTER": "twilio-voice",
            "PARVIS_TWILIO_ACCOUNT_SID": ACCOUNT, "PARVIS_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "PARVIS_TWILIO_SENDER": "Mairie", "PARVIS_TWILIO_CALLER": "0639980012",
        }).stdout  # fmt: skip
    assert f"✓ Courriel : le relais 127.0.0.1:{first.port} répond, le relais 127.0.0.1:{second.port} répond." in told
    assert "✓ SMS : twilio." in told
    assert "✗ Appels : the options of adapter 'twilio-voice' are wrong: caller is a number as +33…" in told
    assert "Vérifiez PARVIS_VOICE_ADAPTER et les PARVIS_TWILIO_…" in told


def test_a_full_disk_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_AT_LEAST", 10**18)
    with pytest.raises(doctor.Fault, match="Faites de la place"):
        doctor._disk()
