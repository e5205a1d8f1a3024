"""A mail ends at CR LF . CR LF and nowhere else: what another server takes for an end hides no second mail here.

Each case is what servers were found to take for one (SEC Consult, « SMTP Smuggling », 2023, and what came after).
"""

import contextlib

import pytest

from tests.inbound_email.conftest import kept
from tests.inbound_email.smtp_client import Client, mail

ENDS = {
    "LF . CRLF": b"\n.\r\n",
    "CRLF . LF": b"\r\n.\n",
    "LF . LF": b"\n.\n",
    "CR . CR": b"\r.\r",
    "CR . CRLF": b"\r.\r\n",
    "CRLF . CR": b"\r\n.\r",
    "CR . LF": b"\r.\n",
    "CR CRLF . CR CRLF": b"\r\r\n.\r\r\n",
    "CRLF . CR CRLF": b"\r\n.\r\r\n",
    "NUL after the dot": b"\r\n.\0\r\n",
    "NUL before the dot": b"\r\n\0.\r\n",
    "NUL in the first CRLF": b"\r\0\n.\r\n",
    "NUL in the last CRLF": b"\r\n.\r\0\n",
    "NUL instead of CR": b"\0\n.\0\n",
    "a space after the dot": b"\r\n. \r\n",
    "two dots": b"\r\n..\r\n",
    "another line end": "\r\n.\u0085".encode(),
    "a page": b"\r\n.\x0c\r\n",
    "only dots between LF": b"\n.\n.\n.\n",
}
FORGED = (
    b"MAIL FROM:<maire@ville.example>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: Forged\r\nFrom: maire@ville.example\r\n\r\n"
    b"Votez."
)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_looks_like_an_end_is_more_of_the_same_mail(port: int, ours: str, end: bytes) -> None:
    content = mail("Le banc") + b"Une fin ?" + end + FORGED % ours.encode()
    with Client(port) as client:
        client.envelope(ours)
        client.say(content)
        assert client.quiet()  # it is still being told
        client.say(b"\r\n.\r\n")
        assert client.reply().startswith("250")
        assert client.ask("NOOP").startswith("250")  # and nothing else was answered
    (email,) = kept()
    assert email.envelope_from == "alice@citoyen.example"
    _ours, _line, rest = email.raw.data.partition(b"\r\nSubject: Le banc")
    assert b"Subject: Le banc" + rest == content.replace(b"\r\n.", b"\r\n") + b"\r\n"


def test_the_first_line_may_be_the_last_and_no_other_dot_is(port: int, ours: str) -> None:
    with Client(port) as client:
        client.envelope(ours)
        client.say(b".\r\n")
        assert client.reply().startswith("250")  # an empty mail
        client.envelope(ours)
        client.say(b".\n.\r.\r\r\n" + mail("Le banc"))
        assert client.quiet()
        client.say(b".\r\n")
        assert client.reply().startswith("250")
    assert len(kept()) == 2


def test_an_end_in_pieces_is_an_end(port: int, ours: str) -> None:
    with Client(port) as client:
        client.envelope(ours)
        for byte in mail("Le banc").rstrip() + b"\r\n.\r":
            client.say(bytes([byte]))
        assert client.quiet()
        client.say(b"\nQUIT\r\n")
        assert [client.reply()[:3], client.reply()[:3]] == ["250", "221"]
    assert len(kept()) == 1


@pytest.mark.parametrize("refused", ["too large", "too slow"])
def test_what_follows_half_a_mail_is_never_taken_for_commands(
    port: int, ours: str, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is closed in the middle of a mail; the rest of it holds what an attacker wants to be obeyed."""
    if refused == "too large":
        monkeypatch.setattr("inbound_email.smtp_server.MAX_BYTES", 10_000)
    else:
        monkeypatch.setattr("inbound_email.smtp_session.CONTENT_S", 0.05)
    with Client(port) as client:
        client.envelope(ours)
        with contextlib.suppress(ConnectionError):
            client.say(mail("Le banc") + b"x" * 70_000 + b"\r\n" + FORGED % ours.encode())
        said = [client.reply(), client.reply()]
        assert [one[:3] for one in said if one] == (["552"] if refused == "too large" else ["421"])
    assert kept() == []
