"""`hub receive-smtp`, `hub receive-imap`, `hub receive`, `hub mails`: each returns how the process is to exit
(sysexits.h)."""

import signal
import sys
import threading
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from inbound_email import unseen
from inbound_email.imap_poller import Box, ImapPoller
from inbound_email.models import Door
from inbound_email.process_doors import Unfit, open_smtp, refuse_root, smtp_places
from inbound_email.recipients import found_in, kind_of, sender_in
from inbound_email.store import MAX_BYTES
from inbound_email.taking import take
from inbound_email.tasks import nudge

CONNECT_S = 5
_LISTED = 200
OK, DATA_ERROR, NO_USER, TRY_AGAIN, CONFIGURATION = 0, 65, 67, 75, 78


def receive_smtp() -> int:
    """Until SIGTERM or Ctrl-C, and then to the end of the mails under way."""
    try:
        places = smtp_places()
        if not places:
            missing = "PARVIS_INBOUND_SMTP" if settings.INBOUND_DOMAIN else "PARVIS_INBOUND_DOMAIN"
            raise Unfit(f"{missing} is not set: there is no address to which mail could come")
        if warning := refuse_root(places):
            _say(warning)
        _connect_plainly()
        doors = open_smtp(places)
    except Unfit as fault:
        _say(str(fault))
        return CONFIGURATION
    for door, place in doors.places.items():
        _say(f"{door.label} on {place}")
    _wait()
    doors.stop()
    return OK


def receive_imap() -> int:
    """Until SIGTERM or Ctrl-C, and then to the end of the mail in hand."""
    try:
        box = Box.configured()
    except ValueError as error:
        _say(str(error))
        return CONFIGURATION
    if box is None:
        _say("PARVIS_IMAP_HOST is not set: there is no mailbox to look after")
        return CONFIGURATION
    poller = ImapPoller(box)
    poller.start()
    _say(f"IMAP at {box.host}:{box.port}")
    _wait()
    poller.stop()
    return OK


def receive(recipients: Sequence[str], sender: str | None = None) -> int:
    """One mail on standard input. Without `recipients`, they are looked for in its headers; `sender`: whom it goes back
    to, when that is known. 0 means that it is kept and committed; 75 that the caller is to try again."""
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    if not raw.strip():
        _say("there is no mail on standard input")
        return DATA_ERROR
    if len(raw) > MAX_BYTES:
        _say(f"the mail is over {MAX_BYTES} bytes")
        return DATA_ERROR
    _connect_plainly()
    try:
        ours = list(recipients) or [found_in(raw)]
        if any(kind_of(one, delivered=True) is None for one in ours):
            _say("nobody here has that address")
            return NO_USER
        take(raw, ours, door=Door.PIPE, envelope_from=sender_in(raw) if sender is None else sender)
    except Exception as error:  # away, full, or a fault of ours: the mail stays with who brought it
        _say(f"not kept ({error}): try again later")
        return TRY_AGAIN
    _ring()
    return OK


def mails(*, show: int | None, retry: Sequence[int], dismiss: Sequence[int]) -> int:
    """What no desk shows: a line each, the oldest first. `show`: the bytes of one; `retry`, `dismiss`: of some."""
    if show is not None:
        row = unseen.unseen().select_related("raw").filter(pk=show).first()
        if row is None:
            _say(f"there is no such mail: {show}")
            return DATA_ERROR
        sys.stdout.buffer.write(row.raw.data)
        return OK
    if retry or dismiss:
        done = unseen.retry(list(retry)) + unseen.dismiss(list(dismiss))
        _ring()
        _say(f"{done} of {len(retry) + len(dismiss)}")
        return OK if done == len(retry) + len(dismiss) else DATA_ERROR
    for row in unseen.unseen().defer("words")[:_LISTED]:
        stands = "/".join(filter(None, [row.status, row.reason]))
        told = [f"{row.received_at:%Y-%m-%d %H:%M}", stands, f"{row.from_address or '?'} > {row.recipient}"]
        print(f"{row.pk:>6}  {'  '.join([*told, row.subject, row.detail])}".rstrip())
    return OK


def _ring() -> None:
    """A worker is told, where there is one to tell; else it finds the mail by itself."""
    if settings.REDIS_URL or not settings.CELERY_BROKER_URL.startswith("memory"):
        nudge()


def _connect_plainly() -> None:
    """Each thread keeps a connection of its own: a pool would try for ten seconds to reach a database that is away,
    while the client waits for its 451."""
    connection.settings_dict["CONN_MAX_AGE"] = None
    if connection.settings_dict["OPTIONS"].pop("pool", None):
        connection.settings_dict["OPTIONS"]["connect_timeout"] = CONNECT_S


def _say(words: str) -> None:
    print(f"hub: {words}", file=sys.stderr, flush=True)


def _wait() -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    stop.wait()
