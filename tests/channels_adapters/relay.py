"""A real SMTP server that does as it is told: takes mails, answers with a code, falls silent, hangs up."""

import asyncio
import ssl
import threading
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.engines import free_port

LOGIN = LoginPassword(b"mairie", b"secret")


@dataclass(frozen=True)
class Taken:
    """A mail as it came in. `raw` is every byte of it."""

    sender: str
    recipients: list[str]
    raw: bytes
    over_tls: bool

    @property
    def mail(self) -> EmailMessage:
        return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(self.raw)  # type: ignore[arg-type]


class Relay:
    """`replies`: what to answer to MAIL, RCPT or DATA instead of taking it; `hang` and `drop` come after DATA, `wait`
    (seconds) before each recipient. It says that it takes several commands at once, unless `pipelining` is false.
    `held`: who gets no answer to their mail before the event is set; it is taken then, or when nobody waits for it any
    more."""

    def __init__(
        self,
        replies: dict[str, str] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        asks_login: bool = False,
        pipelining: bool = True,
    ) -> None:
        self.pipelining = pipelining
        self.lines = 0  # how many were opened
        self.replies = replies or {}
        self.taken: list[Taken] = []
        self.commands: list[str] = []
        self.held: dict[str, threading.Event] = {}
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=tls,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=asks_login,
            auth_require_tls=asks_login and tls is None,
            authenticator=self._who if asks_login else None,
        )

    def __enter__(self) -> "Relay":
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    def _who(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data == LOGIN)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.lines += 1
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.commands.append("MAIL")
        if reply := self.replies.get("MAIL"):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.commands.append("RCPT")
        await asyncio.sleep(float(self.replies.get("wait", 0)))
        if (reply := self.replies.get("RCPT")) == "hang":
            await asyncio.sleep(30)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.commands.append("DATA")
        assert isinstance(envelope.original_content, bytes)
        assert server.transport is not None
        over_tls = server.transport.get_extra_info("sslcontext") is not None
        mail = Taken(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content, over_tls)
        try:
            await self._hold(mail)
        except asyncio.CancelledError:  # whoever gave it has hung up: it goes on with what it has
            self.taken.append(mail)
            raise
        reply = self.replies.get("DATA", "250 2.0.0 queued as 4F2A")
        if reply == "hang":
            await asyncio.sleep(30)
        if reply == "drop":
            server.transport.abort()
        if reply.startswith("250"):
            self.taken.append(mail)
        return reply

    async def _hold(self, mail: Taken) -> None:
        for held in [self.held[to] for to in mail.recipients if to in self.held]:
            while not held.is_set():
                await asyncio.sleep(0.02)
