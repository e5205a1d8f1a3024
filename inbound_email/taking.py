"""What every door does with a mail: it is kept for all whom it is for, at once, and a worker is called."""

import threading
from collections.abc import Iterable

import structlog
from django.db import transaction

from inbound_email.models import Door, InboundEmail, RawEmail, Reason, Status
from inbound_email.recipients import is_operators
from inbound_email.store import keep_bytes, keep_for
from inbound_email.tasks import nudge

log = structlog.get_logger(__name__)


def take(
    raw: bytes, recipients: Iterable[str], *, door: Door, envelope_from: str = "", unknown: Iterable[str] = ()
) -> int:
    """Keep a mail for each of its recipients; all of it is committed when this returns, or none. Returns how many of
    them are new: the same mail again, by whatever door, is not.

    `unknown`: addresses where nobody is, of a mail that can't be given back; it is kept as set aside.
    Raises as `inbound_email.store.keep` does. Call `Bell.ring` afterwards.
    """
    stands = {address: Status.NOTED if is_operators(address) else Status.RECEIVED for address in recipients}
    stands |= {address: Status.REFUSED for address in unknown if address not in stands}
    with transaction.atomic():
        kept = keep_bytes(raw)
        return sum(
            _keep_for(kept, address, status, door, storable(envelope_from)) for address, status in stands.items()
        )


def _keep_for(kept: RawEmail, address: str, status: Status, door: Door, envelope_from: str) -> bool:
    email, new = keep_for(kept, recipient=storable(address), door=door, envelope_from=envelope_from)
    if new and status is not Status.RECEIVED:
        reason = Reason.UNKNOWN if status is Status.REFUSED else Reason.NONE
        InboundEmail.objects.filter(pk=email.pk).update(status=status, reason=reason)
    return new


def storable(address: str) -> str:
    """What a database can hold of what somebody typed: no half characters, no zero bytes."""
    return address.encode("utf-8", "replace").decode().replace("\0", "")


class Bell:
    """Calls a worker, and keeps nobody waiting: all who ring while it is being called are heard by that one call."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="inbound-bell", daemon=True)
        self._thread.start()

    def ring(self) -> None:
        """Soon."""
        self._wanted.set()

    def stop(self, timeout_s: float = 3.0) -> None:
        """What was rung is heard before this returns, unless the broker is away; then the clock rings."""
        self._stopping = True
        self._wanted.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping:
            self._wanted.wait()
            self._wanted.clear()
            try:
                nudge()
            except Exception:  # whatever it is, the clock rings too
                log.exception("inbound_email.not_rung")
