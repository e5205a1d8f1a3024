"""What is done with mails that were kept: each is opened in the sandbox, and goes where it belongs."""

import time
from datetime import timedelta

import structlog
from django.db import DatabaseError

from hub.core.errors import RateLimited
from inbound_email import ledger, sandbox
from inbound_email.deciding import addressed_to, decide
from inbound_email.models import InboundEmail, Reason, Status
from inbound_email.opened import Asked, Opened, Refused
from inbound_email.outcomes import Arrived, Outcome
from inbound_email.telling import tell

log = structlog.get_logger(__name__)

WORK_S = 20.0  # the clock rings again


def read_waiting(for_s: float = WORK_S) -> int:
    """Read what waits, for so long. Returns how many mails. Safe to call in several threads and processes at once."""
    until, count = time.monotonic() + for_s, 0
    while time.monotonic() < until and (row := ledger.claim()) is not None:
        _try_read(row)
        count += 1
    return count


def _try_read(row: InboundEmail) -> None:
    """One mail that can't be read keeps no other back."""
    try:
        _read(row)
    except RateLimited as limit:
        ledger.postpone(row, timedelta(seconds=limit.retry_after_s))
    except DatabaseError:
        log.exception("inbound_email.database", mail=row.pk)
        raise  # the lease says when it is tried again
    except Exception as error:
        log.exception("inbound_email.failed", mail=row.pk, attempts=row.attempts)
        if row.attempts < ledger.ATTEMPTS:
            ledger.try_again(row)
        else:
            _set_aside(row, Reason.FAILED, repr(error))


def _read(row: InboundEmail) -> None:
    if row.attempts > ledger.ATTEMPTS:  # those who had it before never came back
        _set_aside(row, Reason.FAILED, "workers that read it have died")
        return
    raw = row.raw.data
    answer = sandbox.ask(Asked("read"), raw)
    if isinstance(answer, Refused):
        _set_aside(row, Reason(answer.why), answer.detail)
        return
    assert isinstance(answer, Opened)
    outcome = decide(arrived(row, raw, answer))
    if ledger.record(row, outcome, answer) and outcome.status is not Status.PLACED:
        tell(outcome)
    log.info("inbound_email.read", mail=row.pk, status=outcome.status, reason=outcome.reason)


def arrived(row: InboundEmail, raw: bytes, mail: Opened) -> Arrived:
    """The mail with the key of its words: one for all whom it was sent to."""
    alone = row.attempts == 1 and not InboundEmail.objects.filter(raw=row.raw_id).exclude(pk=row.pk).exists()
    return Arrived(row, raw, mail, f"email-{row.raw_id}", alone=alone)


def _set_aside(row: InboundEmail, reason: Reason, detail: str) -> None:
    """It can't be read: who looks after the place where it was sent sees it, and may try again; of no town's, who runs
    the hub (`inbound_email.unseen`)."""
    thread, town = addressed_to(row.recipient)
    conversation = thread.conversation if thread is not None else None
    outcome = Outcome(Status.QUARANTINED, reason, detail, town, conversation)
    if ledger.record(row, outcome):
        tell(outcome)
    log.warning("inbound_email.set_aside", mail=row.pk, reason=reason, detail=detail)
