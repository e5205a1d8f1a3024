"""Whose turn it is: mails are claimed one by one, under a lease, and what came of each is written down while it holds.

As in the outbox (`hub.deliveries.ledger`), the row is the truth. A worker that dies leaves its mail to the next one
when the lease is over; a mail that kills workers is given up after so many of them.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from hub.core.clock import shared_now
from hub.core.tables import rows_of
from inbound_email.addresses import normal_email
from inbound_email.models import InboundEmail, Reason, Status
from inbound_email.opened import Opened
from inbound_email.outcomes import Outcome

LEASE = timedelta(minutes=2)
ATTEMPTS = 6
_FIRST_DELAY = timedelta(seconds=20)
_LONGEST_DELAY = timedelta(hours=1)


# Not read yet, and in nobody's hands. In one statement: who looks meanwhile sees the next one; where rows can't be
# skipped, writers come one by one.
_CLAIM = """
UPDATE inbound_email_inboundemail SET lease_until = %s, attempts = attempts + 1 WHERE id = (
SELECT id FROM inbound_email_inboundemail
WHERE status = 'received' AND next_at <= %s AND (lease_until IS NULL OR lease_until < %s)
ORDER BY next_at, id LIMIT 1 {skipping}
) RETURNING id
"""


def claim() -> InboundEmail | None:
    """Take the one that waits longest; its lease begins. None: nothing waits."""
    skips = connection.features.has_select_for_update_skip_locked
    moment, at = connection.ops.adapt_datetimefield_value, shared_now()
    statement = _CLAIM.format(skipping="FOR UPDATE SKIP LOCKED" if skips else "")
    taken = rows_of(statement, [moment(at + LEASE), moment(at), moment(at)])
    return InboundEmail.objects.select_related("raw").get(pk=taken[0][0]) if taken else None


def _ours(row: InboundEmail) -> QuerySet[InboundEmail]:
    """The row, as long as the claim holds: nobody has taken it since, and it was decided by nobody else."""
    return InboundEmail.objects.filter(pk=row.pk, status=Status.RECEIVED, attempts=row.attempts)


def record(row: InboundEmail, outcome: Outcome, mail: Opened | None = None) -> bool:
    """Write down what came of it, and what is in it. False: the claim no longer holds."""
    found = found_in(mail) if mail is not None else {}
    return bool(_ours(row).update(lease_until=None, **found, **stands(outcome)))


def stands(outcome: Outcome) -> dict[str, Any]:
    """An outcome as a row's fields."""
    return {
        "status": outcome.status, "reason": outcome.reason, "detail": outcome.detail[:500], "town": outcome.town,
        "conversation": outcome.conversation, "person": outcome.person, "message": outcome.message,
    }  # fmt: skip


def found_in(mail: Opened) -> dict[str, Any]:
    """What is in a mail as a row's fields."""
    return {
        "mail_id": mail.mail_id, "subject": mail.subject, "from_address": normal_email(mail.from_address)[:254],
        "from_name": mail.from_name, "words": mail.words, "files": [one.name for one in mail.files],
    }  # fmt: skip


def postpone(row: InboundEmail, wait: timedelta) -> None:
    """Not now, by nobody's fault: it was no attempt."""
    _ours(row).update(lease_until=None, next_at=shared_now() + wait, attempts=F("attempts") - 1)


def try_again(row: InboundEmail) -> None:
    """Something of ours went wrong: later."""
    wait = min(_FIRST_DELAY * 4 ** (row.attempts - 1), _LONGEST_DELAY)
    _ours(row).update(lease_until=None, next_at=shared_now() + wait)


def read_anew(aside: QuerySet[InboundEmail]) -> int:
    """From the beginning, now: somebody asks for it. Returns how many there were.

    They were begun once: what was said of them then is looked for.
    """
    return aside.update(status=Status.RECEIVED, reason=Reason.NONE, detail="", attempts=1, next_at=shared_now())
