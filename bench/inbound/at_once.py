"""The way of most: who takes a mail reads it, before it says 250. `python -m bench.inbound.at_once PORT`

As much as ours does, by our own rules and without the bounded process beside: the words are found, the author is
proved, the answer stands on its ticket; then the door says 250. Four threads, as many as lines are worked on at once.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from inbound_email import ledger
from inbound_email.deciding import decide
from inbound_email.models import Door
from inbound_email.opening import open_mail
from inbound_email.reading import arrived
from inbound_email.store import keep
from inbound_email.telling import tell
from inbound_email.trace import Brought, with_trace

_threads = ThreadPoolExecutor(4)


def _take(raw: bytes, recipient: str) -> None:
    whole = with_trace(raw, Brought("127.0.0.1", "mx"), host="in.example")
    row, _new = keep(whole, recipient=recipient, door=Door.SMTP)
    row.attempts = 1
    type(row).objects.filter(pk=row.pk).update(attempts=1)
    opened = open_mail(whole)
    outcome = decide(arrived(row, whole, opened))
    ledger.record(row, outcome, opened)
    tell(outcome)


class AtOnce:
    """aiosmtpd's handler."""

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Read it, then say so."""
        assert isinstance(envelope.content, bytes)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(_threads, _take, envelope.content, envelope.rcpt_tos[0])
        return "250 2.0.0 taken"


if __name__ == "__main__":
    controller = Controller(AtOnce(), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    controller._thread.join()  # type: ignore[union-attr]
