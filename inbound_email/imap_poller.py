"""The door for a mailbox elsewhere (IMAP, RFC 9051): told by the server when mail comes (IDLE, RFC 2177), and looking
for itself now and then.

A mail is kept and committed here before anything is changed there, and nothing is ever deleted. What is not for us
stays as it is, unread: people may share the box.
"""

import random
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from imaplib import IMAP4
from typing import Literal

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from inbound_email.models import Door
from inbound_email.recipients import found_in, sender_in
from inbound_email.store import MAX_BYTES
from inbound_email.taking import Bell, take

log = structlog.get_logger(__name__)

# Of a mail that was looked at; others leave such words alone (RFC 9051, 2.3.2).
KEYWORD = "Parvis"
TIMEOUT_S = 60.0
# RFC 2177 wants less than 29 minutes; routers in between forget a silent line sooner.
IDLE_S = 5 * 60.0
LOOK_S = 60.0  # where the server can't tell
GLANCE_S = 1.0
_EMPTY = 3
AGAIN_S, AGAIN_AT_MOST_S = 1.0, 300.0

LOST = (ImapToolsError, IMAP4.error, OSError, DatabaseError)


@dataclass(frozen=True)
class Box:
    """Where it is, and who we are there. `done_folder`: where mails go that were kept; empty: they stay, as seen."""

    host: str
    port: int
    username: str
    password: str
    security: Literal["none", "starttls", "tls"] = "tls"
    ca_file: str = ""
    folder: str = "INBOX"
    done_folder: str = ""

    @classmethod
    def configured(cls) -> "Box | None":
        """`PARVIS_IMAP_…`; None without a host. Raises `ValueError` for a security that there is not."""
        if not settings.IMAP_HOST:
            return None
        if settings.IMAP_SECURITY not in ("none", "starttls", "tls"):
            raise ValueError(f"PARVIS_IMAP_SECURITY is none, starttls or tls, not {settings.IMAP_SECURITY!r}")
        return cls(
            settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_USERNAME, settings.IMAP_PASSWORD,
            settings.IMAP_SECURITY, settings.IMAP_CA_FILE, settings.IMAP_FOLDER, settings.IMAP_DONE_FOLDER,
        )  # fmt: skip


def open_box(box: Box) -> BaseMailBox:
    """Signed in, its folder chosen. Raises what `LOST` names."""
    if box.security == "none":
        mailbox: BaseMailBox = MailBoxUnencrypted(box.host, box.port, TIMEOUT_S)
    else:
        trust = ssl.create_default_context(cafile=box.ca_file or None)
        kind = MailBox if box.security == "tls" else MailBoxStartTls
        mailbox = kind(box.host, box.port, timeout=TIMEOUT_S, ssl_context=trust)
    sign_in = mailbox.login if (box.username + box.password).isascii() else mailbox.login_utf8
    sign_in(box.username, box.password, initial_folder=box.folder)
    # What it can do is told anew to who has signed in (RFC 9051, 6.2).
    said = mailbox.client.capability()[1][-1]
    mailbox.client.capabilities = tuple(said.decode("ascii", "replace").upper().split())
    return mailbox


class ImapPoller:
    """Looks after one box until it is told to stop. What goes wrong there is tried again, later and later."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._stopping = threading.Event()
        self._bell = Bell()
        self._failures = 0
        self._left_alone: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="inbound-imap", daemon=True)

    def start(self) -> None:
        """In a thread of its own."""
        self._thread.start()

    def stop(self, timeout_s: float = TIMEOUT_S) -> None:
        """After the mail in hand."""
        self._stopping.set()
        self._thread.join(timeout_s)
        self._bell.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._visit()
            except LOST as error:
                log.warning("inbound_email.imap_lost", host=self._box.host, error=repr(error), failures=self._failures)
            finally:
                close_old_connections()
            most_s = min(AGAIN_S * 2**self._failures, AGAIN_AT_MOST_S)
            self._failures = min(self._failures + 1, 16)
            self._stopping.wait(random.uniform(most_s / 2, most_s))  # noqa: S311

    def _visit(self) -> None:
        """One connection, for as long as it holds."""
        mailbox = open_box(self._box)
        self._left_alone.clear()
        log.info("inbound_email.imap_open", host=self._box.host, folder=self._box.folder)
        try:
            while not self._stopping.is_set():
                _came(mailbox)  # is looked for now
                self._bring_all(mailbox)
                self._failures = 0
                if not _came(mailbox):
                    self._wait(mailbox)
        finally:
            _let_go(mailbox)

    def _wait(self, mailbox: BaseMailBox) -> None:
        """Until the server says that something has changed, or it is time to look."""
        if "IDLE" not in mailbox.client.capabilities:
            self._stopping.wait(LOOK_S)
            mailbox.client.noop()
            return
        mailbox.idle.start()  # type: ignore[no-untyped-call]
        if any(line.upper().startswith(b"* BYE") for line in self._told(mailbox)):
            raise IMAP4.abort("the server says goodbye")
        mailbox.idle.stop()  # type: ignore[no-untyped-call]

    def _told(self, mailbox: BaseMailBox) -> list[bytes]:
        """What the server says, once it does. Raises `IMAP4.abort` when it has gone."""
        if told := _there_already(mailbox):
            return told
        end, empty = time.monotonic() + IDLE_S, 0
        while not self._stopping.is_set() and time.monotonic() < end:
            began = time.monotonic()
            told = mailbox.idle.poll(timeout=GLANCE_S)
            if told:
                return told
            # A closed line can be read at any time, and says nothing.
            empty = empty + 1 if time.monotonic() - began < GLANCE_S / 2 else 0
            if empty > _EMPTY:
                raise IMAP4.abort("the server has gone")
        return []

    def _bring_all(self, mailbox: BaseMailBox) -> None:
        for uid in mailbox.uids(f"UNSEEN UNKEYWORD {KEYWORD}"):
            if self._stopping.is_set():
                return
            if uid not in self._left_alone:
                self._bring(mailbox, uid)

    def _bring(self, mailbox: BaseMailBox, uid: str) -> None:
        close_old_connections()
        try:
            raw = _fetch(mailbox, uid)
            recipient = found_in(raw) if raw else ""
            if recipient:
                new = take(raw, [recipient], door=Door.IMAP, envelope_from=sender_in(raw))
                self._bell.ring()
                log.info("inbound_email.kept", door=Door.IMAP.value, bytes=len(raw), new=bool(new))
        except LOST:
            raise
        except Exception:  # whatever is wrong with this one, the next one comes in; it is tried again another time
            log.exception("inbound_email.imap_mail_failed", uid=uid)
            self._left_alone.add(uid)
            return
        if recipient:
            self._done(mailbox, uid)
        else:
            self._left_alone.add(uid)
            _store(mailbox, uid, KEYWORD)

    def _done(self, mailbox: BaseMailBox, uid: str) -> None:
        """It is kept here: out of the way there. Not by `BaseMailBox.move`, which would also do away with what people
        have marked as deleted."""
        if not self._box.done_folder:
            _store(mailbox, uid, rf"\Seen {KEYWORD}")
        elif "MOVE" in mailbox.client.capabilities:
            mailbox.move(uid, self._box.done_folder)
        else:
            mailbox.copy(uid, self._box.done_folder)
            _store(mailbox, uid, rf"\Seen \Deleted {KEYWORD}")


def _came(mailbox: BaseMailBox) -> bool:
    """Whether the server has told of more mails, since this was asked, beside its answers to other commands: what was
    told like that is not told again in IDLE."""
    return mailbox.client.response("EXISTS")[1] != [None]


def _there_already(mailbox: BaseMailBox) -> list[bytes]:
    """Lines that came together with the answer to IDLE, and were read from the socket with it: waiting for the socket
    would never show them."""
    patience_s = mailbox.client.sock.gettimeout()
    mailbox.client.sock.settimeout(0)
    lines: list[bytes] = []
    try:
        while True:
            lines.append(mailbox.client._get_line())
    except (OSError, IMAP4.abort):  # nothing more for now; imaplib takes that for an end
        return lines
    finally:
        mailbox.client.sock.settimeout(patience_s)


def _fetch(mailbox: BaseMailBox, uid: str) -> bytes:
    """Its bytes, which stay unseen; none when it is too large, or gone meanwhile."""
    size = _fetched(mailbox, uid, "(RFC822.SIZE)", lambda data: data if isinstance(data, bytes) else None)
    if int(size.rpartition(b"RFC822.SIZE ")[2].strip(b" )") or 0) > MAX_BYTES:
        log.error("inbound_email.imap_too_large", uid=uid)
        return b""
    return _fetched(mailbox, uid, "(BODY.PEEK[])", lambda data: data[1] if isinstance(data, tuple) else None)


def _fetched(mailbox: BaseMailBox, uid: str, what: str, pick: Callable[[object], bytes | None]) -> bytes:
    status, found = mailbox.client.uid("FETCH", uid, what)
    if status != "OK":
        raise IMAP4.error(f"FETCH: {status}")
    return next((picked for data in found if (picked := pick(data)) is not None), b"")


def _store(mailbox: BaseMailBox, uid: str, flags: str) -> None:
    """Where the box takes no words of ours, they are known for as long as the connection holds."""
    status, said = mailbox.client.uid("STORE", uid, "+FLAGS.SILENT", f"({flags})")
    if status != "OK":
        log.warning("inbound_email.imap_not_flagged", uid=uid, said=repr(said))


def _let_go(mailbox: BaseMailBox) -> None:
    try:
        mailbox.logout()
    except LOST:
        mailbox.client.shutdown()
