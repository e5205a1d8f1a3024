"""What the door for SMTP takes and refuses."""

import ssl
from pathlib import Path

import pytest
from pytest_django import Settings

from hub.deliveries.bounce_addresses import address_for
from hub.towns.mail_addresses import scanner_address
from hub.towns.models import Town
from inbound_email.models import Door, InboundEmail, RawEmail, Status
from inbound_email.places import Place
from inbound_email.process_doors import Doors, Unfit, open_smtp, refuse_root, smtp_places
from inbound_email.trace import Brought, brought_from_outside, read_trace, with_trace
from tests.inbound_email.conftest import SOMEWHERE, Open, kept
from tests.inbound_email.smtp_client import Client, dotted, mail
from tests.tickets.receiver import certificate


def test_a_mail_is_kept_byte_for_byte_before_it_is_answered(port: int, ours: str) -> None:
    content = mail(body="Bonjour.\r\n.\r\n..deux points\r\nune fin\nà eux")
    with Client(port) as client:
        assert client.bring(content, ours.upper()).startswith("250 ")
        (email,) = kept()
        line, _, rest = email.raw.data.partition(b"\r\nSubject:")
    assert b"Subject:" + rest == content
    assert line.startswith(b"Received: from client.example ([127.0.0.1])\r\n\tby parvis.test (Parvis) with ESMTP;\r\n")
    assert read_trace(email.raw.data) == Brought("127.0.0.1", "client.example")
    assert (email.recipient, email.envelope_from, email.door) == (ours, "alice@citoyen.example", Door.SMTP)
    assert email.status == Status.RECEIVED


def test_several_mails_come_over_one_line_all_at_once_and_a_bounce_has_no_sender(port: int, ours: str) -> None:
    told = b""
    for number in range(3):
        told += f"MAIL FROM:<> SIZE=1000 BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<{ours}>\r\nDATA\r\n".encode()
        told += dotted(mail(str(number), body="x" * 5_000)) + b".\r\n"  # lines of any length
    with Client(port) as client:
        assert "PIPELINING" in client.hello
        client.say(told + b"QUIT\r\n")
        assert [client.reply()[:3] for _ in range(13)] == ["250", "250", "354", "250"] * 3 + ["221"]
        assert client.reply() == ""
    assert [email.envelope_from for email in kept()] == ["", "", ""]


def test_one_mail_for_several_is_there_once_for_each(port: int, ours: str, many: list[str]) -> None:
    with Client(port, hello="HELO client.example") as client:
        assert client.bring(mail(), ours, many[0], ours).startswith("250")
        assert client.bring(mail(), ours, many[0]).startswith("250")  # again: a client that was not told
    assert sorted(email.recipient for email in kept()) == sorted([ours, many[0]])
    assert RawEmail.objects.count() == 1


def test_only_addresses_of_ours_exist(port: int, ours: str, doors_town: Town) -> None:
    others = (
        "nobody@parvis.test", f"{doors_town.slug}@else.example", "alice@citoyen.example", "x%else.example@parvis.test",
        f'"{ours}"@else.example', f"reply+{'a' * 26}@parvis.test", address_for(7).replace("7", "8", 1),
        "mairie@saint-courrier.example", "parvis@localhost",
    )  # fmt: skip
    with Client(port) as client:
        client.ask("MAIL FROM:<alice@citoyen.example>")
        assert [client.ask(f"RCPT TO:<{other}>") for other in others] == ["550 5.1.1 Nobody here has that address"] * 9
        assert client.ask("DATA").startswith("503")
        for address in (ours, "postmaster", "Postmaster@parvis.test", address_for(7), scanner_address(doors_town)):
            assert client.ask(f"RCPT TO:<{address}>").startswith("250"), address
        assert client.ask(f"RCPT TO:<@else.example:{ours}>").startswith("250")  # RFC 5321, F.2: the way is ignored


def test_who_runs_the_hub_gets_what_is_for_postmaster(port: int) -> None:
    with Client(port) as client:
        assert client.bring(mail(), "postmaster").startswith("250")
    assert [email.status for email in kept()] == [Status.NOTED]


def test_too_many_recipients_wait_and_the_others_are_taken(port: int, many: list[str]) -> None:
    with Client(port) as client:
        client.ask("MAIL FROM:<alice@citoyen.example>")
        said = [client.ask(f"RCPT TO:<{address}>")[:3] for address in many[:102]]
        assert said == ["250"] * 100 + ["452"] * 2
        client.ask("DATA")
        client.say(mail() + b".\r\n")
        assert client.reply().startswith("250")
    assert InboundEmail.objects.count() == 100


def test_too_large_is_told_before_or_after_and_the_line_stays(
    port: int, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbound_email.smtp_server.MAX_BYTES", 100_000)
    with Client(port) as client:
        assert "250-SIZE 98976" in client.hello
        assert client.ask("MAIL FROM:<alice@citoyen.example> SIZE=98977").startswith("552")
        assert client.bring(mail(body="x\r\n" * 33_000), ours).startswith("552")
        assert client.bring(mail(body="x\r\n" * 32_000), ours).startswith("250")
    assert len(kept()) == 1


def test_odd_commands_are_refused_without_a_stumble(port: int, ours: str) -> None:
    with Client(port, hello="") as client:
        assert client.ask("MAIL FROM:<alice@citoyen.example>").startswith("503")
        assert client.ask("EHLO \x00\udcff(x)".encode("utf-8", "surrogateescape").decode("latin-1")).startswith("250")
        for command, code in (
            (f"RCPT TO:<{ours}>", "503"), ("AUTH PLAIN AHg=", "502"), ("VRFY alice", "252"), ("EXPN list", "502"),
            ("MAIL FROM:<a\x00b@x.example>", "55"), ("MAIL FROM:<alice@citoyen.example> SIZE=x", "501"),
            ("MAIL TO:<alice>", "501"), ("DATA", "503"), ("x" * 600, "500"), ("", "500"), ("STARTTLS", "454"),
            ("BDAT 3 LAST", "500"), ("MAIL FROM:<élodie@citoyen.example> SMTPUTF8", "250"),
            ("RCPT TO:<a\x01b@parvis.test>", "55"), (f"RCPT TO:<{ours}>", "250"), ("DATA now", "501"),
        ):  # fmt: skip
            assert client.ask(command).startswith(code), command
        client.ask("DATA")
        client.say(mail() + b".\r\n")
        assert client.reply().startswith("250")
    (email,) = kept()
    assert email.envelope_from == "élodie@citoyen.example"
    brought = read_trace(email.raw.data)
    assert brought is not None
    assert set(brought.helo) <= set("x")


def test_half_characters_in_an_envelope_are_no_reason_to_stumble(port: int, ours: str) -> None:
    with Client(port) as client:
        client.say(b"MAIL FROM:<\xff@citoyen.example>\r\n")
        assert client.reply().startswith("553")
        client.ask("MAIL FROM:<alice@citoyen.example>")
        client.say(b"RCPT TO:<\xff@parvis.test>\r\n")
        assert client.reply().startswith("550")
        assert client.ask(f"RCPT TO:<{ours}>").startswith("250")


def test_tls_begins_anew_and_what_was_said_before_is_forgotten(open_door: Open, ours: str, tmp_path: Path) -> None:
    authority = certificate(tmp_path / "certificate", "localhost")
    port = open_door(INBOUND_TLS_CERT=str(authority), INBOUND_TLS_KEY="")
    with Client(port) as client:
        assert "STARTTLS" in client.hello
        assert "AUTH" not in client.hello
        client.ask("MAIL FROM:<eve@else.example>")
        # In one packet with it: what a man in the middle may have put in (RFC 3207, 5).
        client.say(b"STARTTLS\r\nNOOP\r\n")
        assert client.reply().startswith("220")
        client.wrap(ssl.create_default_context(cafile=str(authority)))
        assert client.ask(f"RCPT TO:<{ours}>").startswith("503")
        hello = client.ask("EHLO client.example")
        assert not {"STARTTLS", "AUTH"} & set(hello.replace("-", "\n").split())
        assert client.bring(mail(), ours).startswith("250")
        assert client.ask("QUIT").startswith("221")
    (email,) = kept()
    assert read_trace(email.raw.data) == Brought("127.0.0.1", "client.example", over_tls=True)


def test_a_trace_is_read_as_it_was_written_and_no_other_is() -> None:
    for brought in (
        Brought("2001:db8::1", "mx.example", over_tls=True),
        Brought("192.0.2.1", "[192.0.2.1]", protocol="SMTP"),
        Brought("", "mx.example", protocol="LMTP"),
    ):
        assert read_trace(with_trace(mail(), brought, host="in.example")) == brought
    assert read_trace(mail()) is None
    evil = Brought("192.0.2.1", "x ([10.0.0.1])\r\n\tby in.example")
    assert read_trace(with_trace(mail(), evil, host="in.example")) == Brought("192.0.2.1", "x[10.0.0.1]byin.example")


def test_our_relay_says_who_brought_each_mail_and_a_stranger_can_not(port: int, ours: str) -> None:
    with Client(port) as relay:
        assert "XFORWARD NAME ADDR" in relay.hello
        for said in ("NAME=mx.else.example ADDR=IPv6:2001:db8::7", "HELO=mx+2Eelse.example PROTO=ESMTP"):
            assert relay.ask(f"XFORWARD {said}").startswith("250")
        relay.bring(mail("1"), ours)
        relay.bring(mail("2"), ours)  # of which it has said nothing
        assert relay.ask("XFORWARD ADDR=[UNAVAILABLE] HELO=x NAME").startswith("250")
        relay.bring(mail("3"), ours)
    with Client(port, source="127.0.0.2") as stranger:
        assert "XFORWARD" not in stranger.hello
        assert stranger.ask("XFORWARD ADDR=192.0.2.1").startswith("550")
        stranger.bring(mail("4"), ours)
    outside = [brought_from_outside(email.raw.data) for email in kept()]
    first, fourth = Brought("2001:db8::7", "mx.else.example"), Brought("127.0.0.2", "client.example")
    assert outside == [first, None, None, fourth]


def test_lmtp_answers_for_each_recipient(open_door: Open, ours: str, many: list[str]) -> None:
    port = open_door(Door.LMTP)
    with Client(port, hello="EHLO server.example") as client:
        assert client.hello.startswith("500")
        assert client.ask("LHLO server.example").startswith("250")
        said = client.envelope(ours, "nobody@parvis.test", many[0])
        assert [one[:3] for one in said] == ["250", "250", "550", "250", "354"]
        client.say(mail() + b".\r\n")
        assert [client.reply()[:3] for _ in range(2)] == ["250", "250"]
        assert client.ask("NOOP").startswith("250")
    assert [email.door for email in kept()] == [Door.LMTP] * 2


def test_lmtp_may_be_a_socket_that_only_our_group_reaches(
    standing_fleet: object, ours: str, tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "lmtp"
    for _time in range(2):  # the one that a killed process left is taken away
        doors = open_smtp({Door.LMTP: Place(path=str(path))})
        assert path.stat().st_mode & 0o777 == 0o660
        doors.stop()
    path.unlink()
    path.write_text("no socket of ours")
    with pytest.raises(Unfit, match="PARVIS_INBOUND_SMTP"):
        open_smtp({Door.LMTP: Place(path=str(path))})
    assert path.read_text() == "no socket of ours"


def test_a_place_that_is_taken_and_a_certificate_that_is_none_are_said(
    port: int, settings: Settings, tmp_path: Path
) -> None:
    taken = Place("127.0.0.1", port)
    with pytest.raises(Unfit, match=rf"can't listen on 127\.0\.0\.1:{port}"):
        open_smtp({Door.SMTP: taken})
    settings.INBOUND_TLS_CERT = str(tmp_path / "missing")
    with pytest.raises(Unfit, match="_TLS_CERT"):
        open_smtp({Door.SMTP: SOMEWHERE})


def test_where_the_port_is_taken_a_demo_takes_another_and_a_hub_goes_on_without(port: int, settings: Settings) -> None:
    settings.INBOUND_SMTP = f"127.0.0.1:{port}"
    demo, hub = Doors(any_port=True), Doors()
    demo.start()
    hub.start()
    assert hub.places == {}
    with Client(demo.places[Door.SMTP].port) as client:
        assert client.greeting.startswith("220 parvis.test")
    demo.stop()
    hub.stop()
    for name, value in (("INBOUND_SMTP", "nowhere"), ("IMAP_HOST", "imap.ville.example"), ("IMAP_SECURITY", "ssl")):
        setattr(settings, name, value)
    hub.start()
    assert hub.places == {}
    settings.INBOUND_DOMAIN = ""
    assert smtp_places() == {}


def test_root_listens_at_home_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = Place("0.0.0.0", 25)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "root" in refuse_root({Door.SMTP: SOMEWHERE, Door.LMTP: Place(path="/run/parvis")})
    with pytest.raises(Unfit, match=r"0\.0\.0\.0:25"):
        refuse_root({Door.SMTP: everywhere})
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert refuse_root({Door.SMTP: everywhere}) == ""
