"""The database away, the disk full, a process that is to end: what was not kept stays with who brought it, and what was
answered 250 is there."""

import contextlib
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from inbound_email.commands import receive_imap, receive_smtp
from inbound_email.models import Door
from inbound_email.smtp_thread import SmtpThread
from tests import servers
from tests.engines import free_port, wait_until
from tests.inbound_email.conftest import Open, kept
from tests.inbound_email.smtp_client import Client, mail
from tests.processes import Fleet, HubProcess


@pytest.fixture(scope="module")
def standing_fleet(fleet: Fleet) -> Fleet:
    """A database of its own: who else stands on the shared one is not to be thrown out."""
    return fleet


@contextlib.contextmanager
def _database_away() -> Iterator[None]:
    """Nobody gets into it, and who was there is thrown out."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(servers.database_url("postgres"), autocommit=True) as session:
        session.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false".encode())
        session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            session.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true".encode())


@contextlib.contextmanager
def _disk_full() -> Iterator[None]:
    """PostgreSQL says of each new mail what it says when its disk is full (`could not extend file`, 53100)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER disk_full AFTER INSERT ON inbound_email_inboundemail"
            " FOR EACH ROW EXECUTE FUNCTION disk_full()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION disk_full CASCADE")


@pytest.fixture(scope="module")
def _process(fleet: Fleet) -> tuple[HubProcess, int]:
    port = free_port()
    return fleet.door("receive-smtp", {"PARVIS_INBOUND_SMTP": f"127.0.0.1:{port}"}), port


@pytest.fixture
def process(_process: tuple[HubProcess, int]) -> tuple[HubProcess, int]:
    """`hub receive-smtp`, which listens, and its port."""
    door, port = _process
    if not door.runs:
        door.restart()

    def answers() -> bool:
        with contextlib.suppress(OSError), Client(port) as client:
            return client.greeting.startswith("220")
        return False

    wait_until(answers, "the door listens")
    return door, port


def test_with_the_database_away_a_mail_stays_its_senders_and_comes_later(
    process: tuple[HubProcess, int], ours: str
) -> None:
    _door, port = process
    with Client(port) as client:
        assert client.bring(mail("1"), ours).startswith("250")
        client.envelope(ours)
        with _database_away():
            client.say(mail("2") + b".\r\n")
            assert client.reply().startswith("451")
            assert client.bring(mail("3"), ours).startswith("451")  # who exists is not known now
        assert client.bring(mail("2"), ours).startswith("250")
        assert client.bring(mail("3"), ours).startswith("250")
    assert [b"Subject: %d" % number in one.raw.data for number, one in enumerate(kept(), 1)] == [True] * 3


def test_with_the_disk_full_too_and_nothing_is_half_there(open_door: Open, ours: str, many: list[str]) -> None:
    port, local = open_door(), open_door(Door.LMTP)
    with Client(port) as client, Client(local, hello="LHLO server.example") as server:
        with _disk_full():
            assert client.bring(mail(), ours, many[0]).startswith("451")
            server.envelope(ours, many[0])
            server.say(mail() + b".\r\n")
            assert [server.reply()[:3], server.reply()[:3]] == ["451", "451"]
        assert kept() == []
        assert client.bring(mail(), ours, many[0]).startswith("250")
    assert len(kept()) == 2


def test_a_process_that_is_told_to_end_keeps_the_mail_in_hand(process: tuple[HubProcess, int], ours: str) -> None:
    door, port = process
    with Client(port) as bringing, Client(port) as idle:
        bringing.envelope(ours)
        bringing.say(mail("Le banc"))
        ended = threading.Thread(target=door.terminate)
        ended.start()
        assert idle.reply().startswith("421 4.3.2")
        with pytest.raises(ConnectionRefusedError):
            Client(port)
        assert door.runs
        bringing.say(b"une fin\r\n.\r\n")
        assert bringing.reply().startswith("250")
        assert bringing.reply().startswith("421 4.3.2")
        ended.join()
    assert door.terminate() == 0
    assert [b"une fin" in one.raw.data for one in kept()] == [True]
    assert "Traceback" not in door.text()


def test_a_client_that_never_comes_to_its_end_is_not_waited_for(
    open_door: Open, opened: list[SmtpThread], ours: str
) -> None:
    with Client(open_door(grace_s=0.2)) as client:
        client.envelope(ours)
        client.say(mail("Le banc"))
        opened.pop().stop()
        assert client.reply().startswith("421 4.3.2")
    assert kept() == []


def test_a_process_without_a_domain_or_a_mailbox_says_that_there_is_nobody(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.INBOUND_DOMAIN = ""
    assert [receive_smtp(), receive_imap()] == [78, 78]
    settings.IMAP_HOST, settings.IMAP_SECURITY = "imap.ville.example", "ssl"
    settings.INBOUND_DOMAIN, settings.INBOUND_SMTP = "parvis.test", "nowhere"
    assert [receive_smtp(), receive_imap()] == [78, 78]
    said = capsys.readouterr().err
    assert [said.count(name) for name in ("INBOUND_DOMAIN", "IMAP_HOST", "INBOUND_SMTP", "IMAP_SECURITY")] == [1] * 4


def test_a_client_that_hangs_up_halfway_leaves_nothing(port: int, ours: str) -> None:
    with Client(port) as client:
        client.envelope(ours)
        client.say(mail("Le banc"))
    with Client(port) as client:
        assert client.bring(mail("2"), ours).startswith("250")
    assert [b"Subject: 2" in one.raw.data for one in kept()] == [True]
