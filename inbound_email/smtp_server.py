"""The door for SMTP and LMTP: what is answered 250 is stored and committed; anything else is still its sender's.

The database is asked by threads: however slow it is, the loop listens to all.
"""

import asyncio
import os
import socket
import ssl
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections

from inbound_email.doorkeeper import Doorkeeper
from inbound_email.models import Door
from inbound_email.places import Place
from inbound_email.recipients import kind_of
from inbound_email.smtp_session import STOPPING, Conversation, LocalConversation, bare, is_writable, welcome
from inbound_email.store import MAX_BYTES
from inbound_email.taking import Bell, take
from inbound_email.trace import MAX_BYTES as TRACE_BYTES
from inbound_email.trace import Brought, with_trace

log = structlog.get_logger(__name__)

RECIPIENTS = 100  # RFC 5321, 4.5.3.1.8
THREADS = 8
LATER = "451 4.3.0 Not now, try again later"
GRACE_S = 20.0  # for mails under way, when the door closes

AnswerT = TypeVar("AnswerT")


def tls_context(cert: str, key: str) -> ssl.SSLContext | None:
    """For STARTTLS; None without a certificate. Raises `OSError` (`ssl.SSLError` is one) when it can't be used."""
    if not cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key or None)
    return context


def _local_socket(path: str) -> socket.socket:
    """For who is in our group; one that a former process left is taken away."""
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(os.stat(path).st_mode):
            os.unlink(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(path)
    os.chmod(path, 0o660)
    return listening


class House:
    """All that listens in one process, on one loop."""

    def __init__(self, *, grace_s: float = GRACE_S) -> None:
        self.stopping = False
        self.keeper = Doorkeeper.configured()
        self.hold, self.release, self.is_relay = self.keeper.hold, self.keeper.release, self.keeper.is_relay
        self._grace_s = grace_s
        self._tls = tls_context(settings.INBOUND_TLS_CERT, settings.INBOUND_TLS_KEY)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="inbound")
        self._bell = Bell()
        self._inside: set[Conversation] = set()
        self._left = asyncio.Event()
        self._listeners: list[asyncio.Server] = []

    # --- Opening and closing ---

    async def listen(self, place: Place, door: Door) -> Place:
        """Open one door; where it is, when any free port was asked for. Raises `OSError`."""
        loop = asyncio.get_running_loop()
        make = partial(self._conversation, door, loop)
        if place.path:
            self._listeners.append(await loop.create_unix_server(make, sock=_local_socket(place.path)))
            return place
        listener = await loop.create_server(make, place.host, place.port, reuse_address=True)
        self._listeners.append(listener)
        return Place(place.host, listener.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """No new client, no new mail; those that are being brought are kept, for `grace_s` at most."""
        self.stopping = True
        for listener in self._listeners:
            listener.close()
        for conversation in list(self._inside):
            if not conversation.busy:
                conversation.hang_up(STOPPING)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._grace_s):
                while self._inside:
                    self._left.clear()
                    await self._left.wait()
        for conversation in list(self._inside):
            conversation.hang_up(STOPPING)
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        await asyncio.get_running_loop().run_in_executor(None, self._bell.stop)

    def _conversation(self, door: Door, loop: asyncio.AbstractEventLoop) -> Conversation:
        kind = LocalConversation if door is Door.LMTP else Conversation
        # Room is left for the line of ours that comes above the mail.
        return kind(
            self, self, hostname=settings.INBOUND_HOSTNAME, max_bytes=MAX_BYTES - TRACE_BYTES,
            timeout_s=settings.INBOUND_TIMEOUT_S, tls=self._tls, loop=loop,
        )  # fmt: skip

    def enter(self, conversation: Conversation) -> str:
        """A client has come. A word when it can't stay."""
        if self.stopping:
            return STOPPING
        refusal = self.keeper.admit(conversation.peer)
        if refusal:
            log.warning("inbound_email.turned_away", peer=conversation.peer, answer=refusal)
        else:
            self._inside.add(conversation)
        return refusal

    def leave(self, conversation: Conversation) -> None:
        """It has gone."""
        self._inside.discard(conversation)
        self._left.set()
        self.keeper.leave(conversation.peer)

    # --- What aiosmtpd asks, by these names ---

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """EHLO and LHLO."""
        session.host_name = hostname
        assert isinstance(server, Conversation)
        return welcome(responses, relay=self.is_relay(server.peer))

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Who it is from is believed later, or not."""
        assert isinstance(server, Conversation)
        if self.stopping:
            return STOPPING
        if not is_writable(bare(address)):
            return "553 5.1.7 That is no address"
        if not self.keeper.may_send(server.peer):
            log.warning("inbound_email.too_many_mails", peer=server.peer)
            return "450 4.7.1 Too many mails from your address, try again in a minute"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only addresses of ours: nothing is sent on from here."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not is_writable(address):
            return "550 5.1.1 Nobody here has that address"
        try:
            kind = await self._ask(partial(kind_of, address))
        except DatabaseError as error:
            log.error("inbound_email.recipient_unknown", error=repr(error))
            return LATER
        if kind is None:
            return "550 5.1.1 Nobody here has that address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours, or a command that aiosmtpd could not take apart."""
        log.error("inbound_email.smtp_failed", exc_info=error)
        return "451 4.3.0 That was not understood"

    async def take(
        self, content: bytes, recipients: Sequence[str], envelope_from: str, brought: Brought
    ) -> Sequence[str]:
        """Keep it for all, or say that it isn't."""
        door = Door.LMTP if brought.protocol == LocalConversation.protocol_name else Door.SMTP
        try:
            new = await self._ask(lambda: self._keep(content, recipients, door, envelope_from, brought))
        except Exception as error:  # full, away, or a fault of ours: the mail stays its sender's, who tries again
            log.error("inbound_email.not_kept", error=repr(error), bytes=len(content))
            return [LATER] * len(recipients)
        self._bell.ring()
        log.info("inbound_email.kept", door=door.value, bytes=len(content), recipients=len(recipients), new=new)
        return ["250 2.0.0 Kept"] * len(recipients)

    def _keep(self, content: bytes, recipients: Sequence[str], door: Door, envelope_from: str, brought: Brought) -> int:
        raw = with_trace(content, brought, host=settings.INBOUND_HOSTNAME)
        return take(raw, recipients, door=door, envelope_from=envelope_from)

    async def _ask(self, question: Callable[[], AnswerT]) -> AnswerT:
        def answered() -> AnswerT:
            close_old_connections()
            try:
                return question()
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._threads, answered)
