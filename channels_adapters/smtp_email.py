"""Email by SMTP to the town's own relay (RFC 5321), over TLS (RFC 8314) or STARTTLS (RFC 3207)."""

import asyncio
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import Policy
from typing import Any, ClassVar, Literal

import aiosmtplib

from channels_adapters.base import NO_LONGER_OURS, HandOver, Item, Outcome, Result, UnsendableError, freely

Security = Literal["none", "starttls", "tls"]


class _ForPrograms(UnstructuredHeader, BaseHeader):
    """A header whose words are links and names for programs: broken at its spaces, and never within a word.

    The standard library writes a word of more than a line as an encoded-word, which RFC 2047 (5) allows in text
    alone: no mail program finds the link in it, nor the thread.
    """

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(self.split())}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "list-unsubscribe-post", "references", "in-reply-to"):
        registry.map_to_type(name, _ForPrograms)
    return registry


# Bodies as quoted-printable or base64, so that no relay needs 8BITMIME (RFC 6152).
_POLICY = SMTP_POLICY.clone(cte_type="7bit", header_factory=_headers())


class SmtpEmail:
    """Hands one mail to one relay, over a connection of its own.

    `security`: "tls" from the first byte, "starttls" (refuses to go on without), or "none" on a trusted link.
    `timeout_s` bounds all that comes before the content, and twice that the content itself. `ca_file`: a
    certificate authority of the town's own.
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
    ) -> None:
        if security not in ("none", "starttls", "tls"):
            raise ValueError(f"security is none, starttls or tls, not {security!r}")
        self._timeout_s = timeout_s
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

    def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Try once. Must not be called from a running event loop."""
        try:
            mail = compose(item)
        except UnsendableError as error:
            return Outcome(Result.REFUSED, reason=str(error))
        client = aiosmtplib.SMTP(**self._connection)
        with asyncio.Runner() as runner:
            try:
                if fault := runner.run(_envelope(client, mail, self._timeout_s)):
                    return fault
                # Between two runs of the loop, not in it: whoever is asked may use a database.
                if not hand_over():
                    return NO_LONGER_OURS
                return runner.run(_content(client, mail, 2 * self._timeout_s))
            finally:
                runner.run(_leave(client))


def compose(item: Item) -> EmailMessage:
    """The mail (RFC 5322): text, and HTML beside it when there is some. `From` is one of `item.headers`.

    Raises `UnsendableError`. A header can't be smuggled in: no value may hold a control character.
    """
    mail = EmailMessage(policy=_POLICY)
    headers = {**item.headers, "Subject": item.subject}
    try:
        for name, value in headers.items():
            if any(ord(character) < 32 or ord(character) == 127 for character in value):
                raise UnsendableError(f"the header {name} holds a control character")
            mail[name] = value
        mail["To"] = _address(item.to)
        if not mail["From"] or not mail["From"].addresses:
            raise UnsendableError("the mail has no sender")
        mail.set_content(item.text)
        if item.html:
            mail.add_alternative(item.html, subtype="html")
        mail.as_bytes()
    except UnsendableError:
        raise
    except (ValueError, IndexError, UnicodeError) as error:
        raise UnsendableError(f"this mail can't be written: {error}") from error
    return mail


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


async def _envelope(client: aiosmtplib.SMTP, mail: EmailMessage, timeout_s: float) -> Outcome | None:
    """Greeting, TLS, sign-in, MAIL and RCPT (RFC 5321, 4.1.1). None when the relay waits for the content.

    What fails before MAIL would fail for any mail: it is the link's fault, and temporary whatever the code.
    """
    try:
        async with asyncio.timeout(timeout_s):
            await client.connect()
            await client.mail(mail["From"].addresses[0].addr_spec)
            await client.rcpt(mail["To"].addresses[0].addr_spec)
    except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientRefused) as error:
        return _by_code(error)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return Outcome(Result.TEMPORARY, reason=f"no way to the relay: {error!r}")
    return None


async def _content(client: aiosmtplib.SMTP, mail: EmailMessage, timeout_s: float) -> Outcome:
    """DATA (RFC 5321, 4.1.1.4). No answer after it: the relay may or may not have the mail (4.2.5)."""
    try:
        async with asyncio.timeout(timeout_s):
            reply = await client.data(mail.as_bytes())
    except aiosmtplib.SMTPDataError as error:
        return _by_code(error)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return Outcome(Result.UNKNOWN, reason=f"no answer after the content: {error!r}")
    return Outcome(Result.ACCEPTED, provider_id=reply.message)


def _by_code(error: aiosmtplib.SMTPResponseException) -> Outcome:
    """4yz: the same may succeed later. 5yz: never (RFC 5321, 4.2.1)."""
    result = Result.TEMPORARY if 400 <= error.code < 500 else Result.REFUSED
    return Outcome(result, reason=f"{error.code} {error.message}")


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye when the relay still listens; never wait long for it."""
    try:
        async with asyncio.timeout(2):
            if client.is_connected:
                await client.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        pass
    finally:
        client.close()
