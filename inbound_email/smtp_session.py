"""One SMTP or LMTP conversation (RFC 5321, RFC 2033). aiosmtpd speaks it; what is ours: its bounds, and the content.

A mail ends at CR LF . CR LF and nowhere else. Where a server before us took LF . LF, CR . CR or a dot beside a zero
byte for an end, what follows would be a mail that its sender forged under another's name (SMTP smuggling); here it is
more of the same mail.
"""

import asyncio
import re
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Protocol, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, syntax

from inbound_email.trace import Brought

# What the mail itself may weigh is a matter of the place that keeps it.
ERRORS = 20  # then goodbye
COMMAND_BYTES = 512  # RFC 5321, 4.5.3.1.4
MAIL_BYTES = COMMAND_BYTES + 36  # with SIZE and SMTPUTF8 (RFC 1870, RFC 6531)
# A relay keeps a line for all that comes in a while; how much a stranger may bring is counted elsewhere.
CALLS = {"*": 20, **dict.fromkeys(("MAIL", "RCPT", "DATA", "RSET", "XFORWARD"), 1_000_000)}
CHUNK_BYTES = 64 * 1024
# A mail of 25 MB by a line of 170 kbit/s. Each chunk also has the time that a command has.
CONTENT_S = 20 * 60.0
# What a client sends beyond the limit is heard to its end, so that it hears why; but not for ever.
DEAF_AFTER = 4

UNAVAILABLE = "[UNAVAILABLE]"
STOPPING = "421 4.3.2 Stopping, try again later"

_END = b"\r\n.\r\n"
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")


class Refused(Exception):
    """The content is not taken: what to answer, and whether the line stays open."""

    def __init__(self, answer: str, *, hang_up: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer
        self.hang_up = hang_up


class House(Protocol):
    """What a conversation asks of whom it works for."""

    stopping: bool

    def is_relay(self, peer: str) -> bool: ...

    def enter(self, conversation: "Conversation") -> str: ...

    def leave(self, conversation: "Conversation") -> None: ...

    def hold(self, size_bytes: int) -> bool: ...

    def release(self, size_bytes: int) -> None: ...

    def take(
        self, content: bytes, recipients: Sequence[str], envelope_from: str, brought: Brought
    ) -> Awaitable[Sequence[str]]:
        """Keep it. One answer for each recipient."""
        ...


class Conversation(SMTP):
    """With one client. `busy`: it is bringing a mail."""

    protocol_name = "ESMTP"
    line_length_limit = CHUNK_BYTES  # of the reader; lines of a mail may be of any length

    def __init__(
        self, handler: Any, house: House, *, hostname: str, max_bytes: int, timeout_s: float,
        tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop,
    ) -> None:  # fmt: skip
        super().__init__(
            handler, data_size_limit=max_bytes, enable_SMTPUTF8=True, hostname=hostname, ident="Parvis",
            tls_context=tls, timeout=timeout_s, command_call_limit=dict(CALLS), loop=loop,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
        )  # fmt: skip
        # The class has one for all, which grows with each EHLO.
        self.command_size_limits = defaultdict(lambda: COMMAND_BYTES, MAIL=MAIL_BYTES)
        self.busy = False
        self.peer = ""
        self._forwarded: dict[str, str] = {}
        self._house = house
        self._entered = False
        self._turned_away = False
        self._errors = 0

    # --- The line ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._original_transport is None:
            peer = transport.get_extra_info("peername")
            self.peer = str(peer[0]).partition("%")[0] if isinstance(peer, tuple) else ""
            refusal = self._house.enter(self)
            if refusal:
                self._turned_away = True
                line = cast(asyncio.Transport, transport)
                line.write(refusal.encode() + b"\r\n")
                line.close()
                return
            self._entered = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._entered:
            self._entered = False
            self._house.leave(self)
        if not self._turned_away:
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if not self._turned_away:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return False if self._turned_away else super().eof_received()

    def hang_up(self, answer: str = STOPPING) -> None:
        """A last word. What the client has said meanwhile is not heard: after half a mail it would be taken for
        commands."""
        transport = cast(asyncio.Transport | None, self.transport)
        if transport is not None and not transport.is_closing():
            transport.write(answer.encode() + b"\r\n" if answer else b"")
            transport.close()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()

    def _timeout_cb(self) -> None:
        self.hang_up("421 4.4.2 Too slow, goodbye")

    async def push(self, status: Any) -> None:
        """Each refusal is counted: who errs on and on is guessing, or mad."""
        said = status.decode("ascii", "replace") if isinstance(status, bytes) else str(status)
        await super().push(said)
        if said[:1] in "45" and not said.startswith("421"):
            self._errors += 1
            if self._errors >= ERRORS:
                self.hang_up("421 4.7.0 Too many errors, goodbye")

    # --- Commands ---

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:
        """The content, kept before the answer."""
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        assert envelope is not None
        if not envelope.rcpt_tos:
            await self.push("503 5.5.1 RCPT first")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        self.busy = True
        try:
            await self._bring(envelope)
        finally:
            self.busy = False
        if self._house.stopping:
            self.hang_up()

    @syntax("VRFY <address>")
    async def smtp_VRFY(self, arg: str | None) -> None:
        """Nobody is told who exists (RFC 5321, 7.3)."""
        await self.push("252 2.1.5 Send some mail, and see")

    @syntax("XFORWARD NAME=value…")
    async def smtp_XFORWARD(self, arg: str | None) -> None:
        """Our relay says who has brought the next mail to it (Postfix, XFORWARD_README)."""
        if not self._house.is_relay(self.peer):
            await self.push("550 5.7.0 Not from you")
            return
        said = {name.upper(): value for name, _, value in (pair.partition("=") for pair in (arg or "").split())}
        self._forwarded |= {name: "" if value == UNAVAILABLE else _plain(value) for name, value in said.items()}
        await self.push("250 2.0.0 OK")

    async def smtp_AUTH(self, arg: str | None) -> None:
        """Nobody signs in here: nothing is sent on."""
        await self.push("502 5.5.1 Not here")

    async def _bring(self, envelope: Envelope) -> None:
        held = _Held(self._house)
        try:
            # The CR LF of the command line is also that of a dot that stands alone in the first line.
            self._reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined]
            await self.push("354 End with CR LF . CR LF")
            async with asyncio.timeout(CONTENT_S):
                content = await self._content(held)
            self._reset_timeout()
            brought = self._brought()
            answers = await self._house.take(content, list(envelope.rcpt_tos), bare(envelope.mail_from or ""), brought)
            del content
        except Refused as refusal:
            self.envelope = self._create_envelope()
            await self._answer([refusal.answer] * len(envelope.rcpt_tos))
            if refusal.hang_up:
                self.hang_up("")
            return
        except TimeoutError:
            self.hang_up("421 4.4.2 Too slow, goodbye")
            return
        finally:
            held.release()
        self.envelope = self._create_envelope()
        await self._answer(answers)

    async def _answer(self, answers: Sequence[str]) -> None:
        """One for all: what is not kept for one is sent again for all, and kept once."""
        await self.push(next((answer for answer in answers if answer[0] != "2"), answers[0]))

    async def _content(self, held: "_Held") -> bytes:
        """Up to the end, dots of transparency taken away (RFC 5321, 4.5.2). Raises `Refused`."""
        assert self.data_size_limit is not None
        pieces: list[bytes] = []
        size, refusal = 0, ""
        while True:
            piece, ended = await self._piece()
            self._reset_timeout()
            size += len(piece)
            if size > self.data_size_limit + len(_END):
                refusal = "552 5.3.4 Too large"
            elif not refusal and not held.more(len(piece)):
                refusal = "452 4.3.1 Too much at a time, try again later"
            if refusal:
                pieces.clear()
                held.release()
                if size > self.data_size_limit * DEAF_AFTER:
                    raise Refused(refusal, hang_up=True)
            else:
                pieces.append(piece)
            if ended:
                break
        if refusal:
            raise Refused(refusal)
        content = b"".join(pieces)
        pieces.clear()
        return content.replace(b"\r\n.", b"\r\n")[2:-2]

    async def _piece(self) -> tuple[bytes, bool]:
        try:
            return await self._reader.readuntil(_END), True
        except asyncio.LimitOverrunError as far:
            return await self._reader.readexactly(far.consumed), False

    def _brought(self) -> Brought:
        assert self.session is not None
        protocol = self.protocol_name if self.session.extended_smtp else "SMTP"
        peer, helo = self.peer, self.session.host_name or ""
        forwarded, self._forwarded = self._forwarded, {}
        with suppress(ValueError):
            peer = str(ip_address(forwarded.get("ADDR", "").removeprefix("IPv6:")))
            helo = forwarded.get("HELO", "")
        return Brought(peer, helo, self._tls_protocol is not None, protocol, relayed=bool(forwarded))


class LocalConversation(Conversation, LMTP):
    """The same with a mail server of ours (RFC 2033): each recipient gets an answer."""

    protocol_name = "LMTP"

    async def _answer(self, answers: Sequence[str]) -> None:
        for answer in answers:
            await self.push(answer)


class _Held:
    """How much of the process's room one mail takes."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._bytes = 0

    def more(self, size_bytes: int) -> bool:
        if not self._house.hold(size_bytes):
            return False
        self._bytes += size_bytes
        return True

    def release(self) -> None:
        self._house.release(self._bytes)
        self._bytes = 0


def bare(address: str) -> str:
    """Without its brackets; empty for `<>`."""
    return "" if address == "<>" else address


def _plain(value: str) -> str:
    """What xtext says (RFC 3461, 4)."""
    return _XTEXT.sub(lambda code: chr(int(code[1], 16)), value)


def is_writable(address: str) -> bool:
    """Whether it is one word that a mail server could have written."""
    return _UNPRINTABLE.search(address) is None and address.encode("utf-8", "replace").decode() == address


def welcome(responses: list[str], *, relay: bool) -> list[str]:
    """What EHLO and LHLO are answered: PIPELINING as well (RFC 2920), for our relay XFORWARD, and no AUTH."""
    lines = [line for line in responses if not line[4:].startswith(("AUTH", "HELP"))]
    lines += ["250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE"] if relay else []
    lines.append("250-PIPELINING")
    return [*(f"250-{line[4:]}" for line in lines[:-1]), f"250 {lines[-1][4:]}"]
