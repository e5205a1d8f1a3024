"""Calls of providers' HTTP interfaces, many at a time.

What was written and what was not is known apart; nothing is tried again, no redirect is followed, and little of an
answer is read. By aiohttp, which pywebpush brings: it takes a sixth of the processor's time that httpx takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from channels_adapters.base import Cause, Outcome, Result, with_spare

_READ_BYTES = 16_384


@dataclass(frozen=True)
class Answer:
    """`headers`: by any case of their names."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def retry_after_s(self) -> float | None:
        """How long it wants us to wait: in seconds, or until a date (RFC 9110, 10.2.3). None when it doesn't say."""
        said = self.headers.get("Retry-After", "").strip()
        if said.isascii() and said.isdigit():
            return float(said[:9])
        try:
            at = parsedate_to_datetime(said)
        except ValueError:
            return None
        return max(((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds(), 0.0)


class Line:
    """Connections to providers, kept while they are used; of one event loop until it is closed. `timeout_s`: for the
    connection, and for each silence after it."""

    def __init__(self, *, at_once: int, timeout_s: float) -> None:
        self._most, self._timeout_s = with_spare(at_once), timeout_s
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer | Outcome:
        """The answer; else the outcome that there is none: `TEMPORARY` when it can't have been read, `UNKNOWN`
        otherwise. Raises nothing for what the other side does."""
        try:
            async with self._opened().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return Answer(answer.status, answer.headers, await _beginning(answer.content))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Outcome(Result.TEMPORARY, reason=_said(error), cause=Cause.DOWN)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Outcome(Result.UNKNOWN, reason=_said(error), cause=Cause.DOWN)

    async def close(self) -> None:
        """Let go of all connections; the next call opens them anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._most),
                timeout=aiohttp.ClientTimeout(sock_connect=self._timeout_s, sock_read=self._timeout_s),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=True,  # a town hall's proxy
            )
        return self._session


async def _beginning(content: aiohttp.StreamReader) -> str:
    read = bytearray()
    while len(read) < _READ_BYTES and (part := await content.read(_READ_BYTES - len(read))):
        read += part
    return read.decode(errors="replace")


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
