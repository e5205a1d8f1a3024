"""Email by SMTP to the town's own relay (RFC 5321), over TLS (RFC 8314) or STARTTLS (RFC 3207)."""

import asyncio
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import Policy
from functools import lru_cache
from typing import Any, ClassVar, Literal, cast

import aiosmtplib

from channels_adapters.base import (
    NO_LONGER_OURS,
    Cause,
    HandOver,
    Item,
    Outcome,
    Result,
    UnsendableError,
    freely,
)
from channels_adapters.smtp_dialogue import Dialogue, HungUp, Reply

Security = Literal["none", "starttls", "tls"]


class _ForPrograms(UnstructuredHeader, BaseHeader):
    """A header whose words are links and names for programs: broken at its spaces, and never within a word.

    The standard library writes a word of more than a line as an encoded-word, which RFC 2047 (5) allows in text
    alone: no mail program finds the link in it, nor the thread.
    """

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(self.split())}{policy.linesep}"


class _ForPeople(UnstructuredHeader, BaseHeader):
    """A header in words. Where one encoded-word goes on in the next, the standard library's own way of folding leaves
    the space between them to be lost (RFC 2047, 6.2): « du parcest cassé »."""

    def fold(self, *, policy: Policy) -> str:
        # An equals sign followed by a question mark would be read as the beginning of one.
        charset = "us-ascii" if self.isascii() and "=?" not in self else "utf-8"
        words = Header(str(self), charset, maxlinelen=76, header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {words}{policy.linesep}"


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("subject", _ForPeople)
    for name in ("list-unsubscribe", "list-unsubscribe-post", "references", "in-reply-to"):
        registry.map_to_type(name, _ForPrograms)
    return registry


# Bodies as quoted-printable or base64, so that no relay needs 8BITMIME (RFC 6152).
_POLICY = SMTP_POLICY.clone(cte_type="7bit", header_factory=_registry())
# A relay may close a line that says nothing for long; none is kept until then.
_IDLE_S = 20.0


@dataclass(frozen=True)
class Mail:
    """One mail as it leaves: the envelope and every byte."""

    sender: str
    recipient: str
    content: bytes


class SmtpEmail:
    """Hands mails to one relay, over lines that are kept for the next ones; MAIL, RCPT and DATA go at once where the
    relay allows it (RFC 2920).

    `security`: "tls" from the first byte, "starttls" (refuses to go on without), or "none" on a trusted link.
    `timeout_s` bounds all that comes before the content, and twice that the content itself. `ca_file`: a
    certificate authority of the town's own. `at_once`: lines at most.
    """

    channels: ClassVar[frozenset[str]] = frozenset({"email"})

    def __init__(
        self,
        *,
        host: str,
        port: int,
        username: str = "",
        password: str = "",
        security: Security = "starttls",
        timeout_s: float = 30.0,
        ca_file: str = "",
        at_once: int = 20,
    ) -> None:
        if security not in ("none", "starttls", "tls"):
            raise ValueError(f"security is none, starttls or tls, not {security!r}")
        if at_once < 1:
            raise ValueError("at_once is 1 or more")
        self.at_once = at_once
        self._timeout_s = timeout_s
        self._idle: list[_Line] = []
        self._connection: dict[str, Any] = {
            "hostname": host,
            "port": port,
            "username": username or None,
            "password": password or None,
            "use_tls": security == "tls",
            "start_tls": security == "starttls",
            "cert_bundle": ca_file or None,
            "timeout": timeout_s,
        }

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Try once, over a line that is there or a new one."""
        try:
            mail = compose(item)
        except UnsendableError as error:
            return Outcome(Result.REFUSED, reason=str(error), cause=Cause.ADDRESS)
        kept = self._kept_line()
        if kept is not None:
            outcome = await self._by(kept, mail, hand_over)
            if outcome is not None:
                return outcome
            # It was closed while nobody used it: that says nothing about the relay.
        try:
            async with asyncio.timeout(self._timeout_s):
                line = await _Line.to(self._connection)
        except aiosmtplib.SMTPAuthenticationError as error:
            return Outcome(Result.TEMPORARY, reason=f"sign-in refused: {error!r}", cause=Cause.ACCOUNT)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return _no_way(error)
        return await self._by(line, mail, hand_over) or _no_way(line.fault)

    async def close(self) -> None:
        """Say goodbye on each line."""
        while self._idle:
            self._idle.pop().dialogue.close()

    def _kept_line(self) -> "_Line | None":
        while self._idle:
            line = self._idle.pop()
            if line.fresh:
                return line
            line.dialogue.close()
        return None

    async def _by(self, line: "_Line", mail: Mail, hand_over: HandOver) -> Outcome | None:
        """One mail over this line, which is kept when it may be used again. None: it was closed before a word."""
        outcome = None
        try:
            outcome = await line.take(mail, hand_over, self._timeout_s)
        finally:
            if line.clean:
                line.rest()
                self._idle.append(line)
            else:
                line.dialogue.abort()
        return outcome


class _Line:
    """A connection on which mails are handed over, one after another."""

    def __init__(self, dialogue: Dialogue, *, pipelining: bool) -> None:
        self.dialogue = dialogue
        self.clean = True  # between two mails
        self.fault: Exception = HungUp("closed")
        self._pipelining = pipelining
        self._since = 0.0

    @classmethod
    async def to(cls, connection: dict[str, Any]) -> "_Line":
        """A new one: greeting, TLS and sign-in done. Raises what `aiosmtplib` does."""
        client = aiosmtplib.SMTP(**connection)
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                try:
                    await client.ehlo()
                except aiosmtplib.SMTPHeloError:
                    await client.helo()
            assert client.transport is not None
            return cls(
                Dialogue(cast(asyncio.Transport, client.transport)),
                pipelining=client.supports_extension("pipelining"),
            )
        except BaseException:
            client.close()
            raise

    @property
    def fresh(self) -> bool:
        """Whether the relay still listens, as far as one can tell."""
        return self.dialogue.open and asyncio.get_running_loop().time() - self._since < _IDLE_S

    def rest(self) -> None:
        self._since = asyncio.get_running_loop().time()

    async def take(self, mail: Mail, hand_over: HandOver, timeout_s: float) -> Outcome | None:
        """One mail. None: the relay hung up before it heard of it, and nothing has left."""
        self.clean = False
        try:
            async with asyncio.timeout(timeout_s):
                refusal = await self._envelope(mail)
        except HungUp as error:
            self.fault = error
            return None
        except TimeoutError as error:
            return _no_way(error)
        if refusal:
            return refusal
        if not await hand_over():  # a 354 waits for content: the line is left in the middle of it
            return NO_LONGER_OURS
        try:
            async with asyncio.timeout(2 * timeout_s):
                reply = await self.dialogue.content(mail.content)
        except (HungUp, TimeoutError) as error:
            # The relay may or may not have it (RFC 5321, 4.2.5).
            return Outcome(Result.UNKNOWN, reason=f"no answer after the content: {error!r}", cause=Cause.DOWN)
        self.clean = self.dialogue.open
        return Outcome(Result.ACCEPTED, provider_id=reply.text) if reply.code == 250 else _by_code(reply, "DATA")

    async def _envelope(self, mail: Mail) -> Outcome | None:
        """MAIL, RCPT and DATA (RFC 5321, 4.1.1). None when the relay waits for the content."""
        commands = [f"MAIL FROM:<{mail.sender}>".encode(), f"RCPT TO:<{mail.recipient}>".encode(), b"DATA"]
        asked = self.dialogue.say(*commands) if self._pipelining else []
        refused: tuple[Reply, str] | None = None
        for at, command in enumerate(commands):
            reply = await (asked[at] if asked else self.dialogue.say(command)[0])
            name = command[:4].decode()
            if reply.code == 354 and refused:
                # No recipient was taken, and yet it waits (RFC 2920, 3.1): what it gets is an empty mail to nobody.
                await self.dialogue.content(b"")
            elif reply.code >= 400 and not refused:
                refused = reply, name
                if not asked:
                    await self.dialogue.say(b"RSET")[0]
                    break
        if refused is None:
            return None
        if asked:
            await self.dialogue.say(b"RSET")[0]
        self.clean = self.dialogue.open
        return _by_code(*refused)


def compose(item: Item) -> Mail:
    """The mail (RFC 5322): text, and HTML beside it when there is some. `From` is one of `item.headers`.

    Raises `UnsendableError`. A header can't be smuggled in: no value may hold a control character.
    """
    head = EmailMessage(policy=_POLICY)
    headers = {**item.headers, "Subject": item.subject}
    try:
        for name, value in headers.items():
            if any(ord(character) < 32 or ord(character) == 127 for character in value):
                raise UnsendableError(f"the header {name} holds a control character")
            head[name] = value
        to = _address(item.to)
        head["To"] = to
        if not head["From"] or not head["From"].addresses:
            raise UnsendableError("the mail has no sender")
        sender = head["From"].addresses[0].addr_spec if item.comes_back_to is None else item.comes_back_to
        content = head.as_bytes().rstrip(b"\r\n") + b"\r\n" + _body(item.text, item.html)
        # What follows is a command line: nothing may stand in it that ends it.
        return Mail(_mailbox(sender), _mailbox(to.addr_spec), content)
    except UnsendableError:
        raise
    except (ValueError, IndexError, UnicodeError) as error:
        raise UnsendableError(f"this mail can't be written: {error}") from error


@lru_cache(maxsize=32)
def _body(text: str, html: str) -> bytes:
    """What a mail says, with the headers that describe it: made once for all who are told the same."""
    body = EmailMessage(policy=_POLICY)
    body.set_content(text)
    if html:
        body.add_alternative(html, subtype="html")
    return body.as_bytes()


def _mailbox(address: str) -> str:
    if not address.isascii() or any(sign in address for sign in "<> \r\n\t"):
        raise UnsendableError("this is not an email address")
    return address


def _address(to: str) -> Address:
    """`to` with its domain in ASCII (RFC 5891). Raises `UnsendableError`."""
    local, _, domain = to.rpartition("@")
    try:
        address = Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except Exception as error:  # the parser of the standard library lets several kinds through
        raise UnsendableError("this is not an email address") from error
    if not local.isascii():
        raise UnsendableError("an address with accents before the @ (RFC 6531): few relays take it")
    return address


def _no_way(error: BaseException) -> Outcome:
    """What fails before MAIL would fail for any mail: it is the link's fault, and temporary whatever the code."""
    return Outcome(Result.TEMPORARY, reason=f"no way to the relay: {error!r}", cause=Cause.DOWN)


def _by_code(reply: Reply, command: str) -> Outcome:
    """4yz: the same may succeed later. 5yz: never (RFC 5321, 4.2.1)."""
    result = Result.TEMPORARY if 400 <= reply.code < 500 else Result.REFUSED
    return Outcome(result, reason=f"{reply.code} {reply.text}", cause=_cause(reply, command))


def _cause(reply: Reply, command: str) -> Cause:
    """By the enhanced status code (RFC 3463), else by where it was said."""
    first = reply.text.split(" ", 1)[0].split(".")
    subject, detail = (first[1], first[2]) if len(first) == 3 and all(part.isdigit() for part in first) else ("", "")
    if (subject, detail) == ("2", "2") or (not subject and reply.code in (452, 552)):
        return Cause.FULL
    if subject in ("1", "2"):
        return Cause.ADDRESS
    if reply.code == 421 or subject in ("3", "4"):
        return Cause.DOWN
    if subject == "7" or command == "DATA":
        return Cause.CONTENT if reply.code >= 500 else Cause.RATE
    if command == "MAIL":
        return Cause.ACCOUNT if reply.code >= 500 else Cause.DOWN
    return Cause.ADDRESS if reply.code >= 500 else Cause.RATE
