"""Nobody takes the whole door: not by many lines, many mails, slowness, errors or sheer size."""

import contextlib
import threading

import pytest

from inbound_email.doorkeeper import Doorkeeper, networks
from inbound_email.smtp_thread import SmtpThread
from tests.engines import wait_until
from tests.inbound_email.conftest import Open, kept
from tests.inbound_email.smtp_client import Client, mail

STRANGER = "127.0.0.2"


def test_a_stranger_has_so_many_lines_and_all_together_so_many(open_door: Open) -> None:
    port = open_door(INBOUND_CONNECTIONS=4, INBOUND_CONNECTIONS_EACH=2)
    with contextlib.ExitStack() as lines:
        for source in (STRANGER, STRANGER, "127.0.0.1"):
            assert lines.enter_context(Client(port, source=source)).greeting.startswith("220")
        with Client(port, source=STRANGER) as third:
            assert third.greeting.startswith("421 4.7.0 Too many connections from your address")
            assert third.reply() == ""
        last = lines.enter_context(Client(port))  # our own relay speaks for all the world
        with Client(port, source="127.0.0.3") as fifth:
            assert fifth.greeting.startswith("421 4.3.2")
        assert last.ask("QUIT").startswith("221")

        def room_again() -> bool:
            with Client(port, source="127.0.0.3") as again:
                return again.greeting.startswith("220")

        wait_until(room_again, "room for one more")


def test_a_stranger_has_so_many_mails_a_minute(open_door: Open, ours: str) -> None:
    port = open_door(INBOUND_MAILS_PER_MINUTE=2)
    with Client(port, source=STRANGER) as client:
        said = [client.bring(mail(str(number)), ours)[:3] for number in range(3)]
    assert said == ["250", "250", "450"]
    with Client(port) as relay:
        assert {relay.bring(mail(f"relay {number}"), ours)[:3] for number in range(4)} == {"250"}
    assert len(kept()) == 6


def test_a_household_of_many_addresses_is_one_and_its_minute_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Doorkeeper(10, 1, 1, networks(["192.0.2.0/24", "::1"]))
    assert keeper.admit("2001:db8::1") == ""
    assert keeper.admit("2001:db8::2").startswith("421")
    assert keeper.admit("2001:db8:0:1::2") == ""
    assert [keeper.admit(relay) for relay in ("192.0.2.7", "::ffff:192.0.2.7", "")] == ["", "", ""]
    keeper.leave("2001:db8::1")
    assert keeper.admit("2001:db8::2") == ""
    assert [keeper.may_send("2001:db8::1"), keeper.may_send("2001:db8::2")] == [True, False]
    moment_s = 1_000_000.0
    monkeypatch.setattr("time.monotonic", lambda: moment_s)
    assert keeper.may_send("2001:db8::2")
    assert not keeper.may_send("2001:db8::2")
    with pytest.raises(ValueError, match="does not appear to be"):
        networks(["the relay"])


def test_who_falls_silent_is_left(open_door: Open, ours: str) -> None:
    port = open_door(INBOUND_TIMEOUT_S=2.0)
    with Client(port) as bringing, Client(port) as asking, Client(port, hello="") as greeted:
        bringing.envelope(ours)
        bringing.say(mail())
        asking.say(b"MAIL FROM:<alice")
        for client in (bringing, asking, greeted):
            assert client.reply().startswith("421 4.4.2")
            assert client.reply() == ""
    assert kept() == []


def test_a_slow_one_hinders_no_other_and_is_left_in_the_end(
    open_door: Open, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbound_email.smtp_session.CONTENT_S", 3.0)
    port = open_door(INBOUND_TIMEOUT_S=20.0)
    left = threading.Event()
    with Client(port) as slow, Client(port) as quick:
        slow.envelope(ours)

        def drip() -> None:
            with contextlib.suppress(OSError):
                while not left.wait(0.05):
                    slow.say(b"x\r\n")

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert quick.bring(mail(), ours).startswith("250")
        assert slow.reply().startswith("421 4.4.2")
        left.set()
        dripping.join()
    assert len(kept()) == 1


def test_who_errs_on_and_on_is_guessing(port: int, ours: str) -> None:
    with Client(port) as client:
        client.ask("MAIL FROM:<alice@citoyen.example>")
        client.say("".join(f"RCPT TO:<guess{number}@parvis.test>\r\n" for number in range(30)).encode())
        said = [client.reply()[:3] for _ in range(22)]
    assert said == ["550"] * 20 + ["421", ""]
    with Client(port) as client:
        assert [client.ask("NOOP")[:3] for _ in range(21)] == ["250"] * 20 + ["421"]
    with Client(port) as client:
        assert [client.ask("HACK")[:3] for _ in range(5)] == ["500"] * 4 + ["502"]
        assert client.reply() == ""


def test_many_large_mails_at_a_time_wait_at_their_senders(
    port: int, opened: list[SmtpThread], ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = opened[0]._house
    assert house is not None
    monkeypatch.setattr("inbound_email.doorkeeper.IN_HAND_BYTES", 200_000)
    with Client(port) as first, Client(port) as second:
        first.envelope(ours)
        first.say(mail() + b"x\r\n" * 45_000)
        wait_until(lambda: house.keeper._in_hand > 100_000, "half a mail is there")
        second.envelope(ours)
        second.say(mail() + b"x\r\n" * 45_000 + b".\r\n")
        assert second.reply().startswith("452")
        first.say(b".\r\n")
        assert first.reply().startswith("250")
        assert second.bring(mail() + b"x\r\n" * 45_000, ours).startswith("250")
    assert house.keeper._in_hand == 0
