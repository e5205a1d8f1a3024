"""What the door for SMTP takes and refuses."""

from inbound_email.models import Door, Status
from tests.inbound_email.conftest import kept
from tests.inbound_email.smtp_client import Client, mail


def test_a_mail_is_kept_byte_for_byte_before_it_is_answered(port: int, ours: str) -> None:
    content = mail(body="Bonjour.\r\n.\r\n..deux points\r\nune fin\nà eux")
    with Client(port) as client:
        assert client.bring(content, ours.upper()).startswith("250 ")
        (email,) = kept()
        line, _, rest = email.raw.data.partition(b"\r\nSubject:")
    assert b"Subject:" + rest == content
    assert line.startswith(b"Received: from client.example ([127.0.0.1])\r\n\tby parvis.test (Parvis) with ESMTP;\r\n")
    assert (email.recipient, email.envelope_from, email.door) == (ours, "alice@citoyen.example", Door.SMTP)
    assert email.status == Status.RECEIVED
