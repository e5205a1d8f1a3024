"""Twilio's REST API by its own library, over connections that are kept for the next request.

https://www.twilio.com/docs/usage/api
"""

import asyncio
import re
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels_adapters.base import (
    NO_LONGER_OURS,
    Cause,
    HandOver,
    Item,
    Outcome,
    Result,
    UnsendableError,
    with_spare,
)
from channels_adapters.twilio_codes import as_result

URL = "https://api.twilio.com"

_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_API_KEY = re.compile(r"SK[0-9a-fA-F]{32}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


Told = TypeVar("Told")


class Made(Protocol):
    """What the API has made."""

    sid: str | None


@dataclass
class _Attempt:
    """A request that makes something: asked about when a connection is there, and before its first byte."""

    hand_over: HandOver
    limit: asyncio.Timeout
    timeout_s: float
    handed_over: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    async def ask(self) -> None:
        self.limit.reschedule(None)
        if not await self.hand_over():
            raise _NoLongerOurs
        self.handed_over = True
        self.limit.reschedule(asyncio.get_running_loop().time() + self.timeout_s)


class _NoLongerOurs(Exception):
    """Somebody else has the item."""


@dataclass
class _Clock:
    """Theirs, as the last answer had it (`Date`, RFC 9110, 6.6.1); ours until there was one."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def hear(self, headers: Mapping[str, str]) -> None:
        try:
            at = parsedate_to_datetime(headers.get("Date", ""))
        except ValueError:
            return
        self.at = at if at.tzinfo else at.replace(tzinfo=UTC)


# The library has no room for them between us and the connection.
_attempt: ContextVar[_Attempt | None] = ContextVar("_attempt", default=None)
_clock: ContextVar[_Clock | None] = ContextVar("_clock", default=None)

# What is listed is of seconds, and its way took some.
_EARLIER = timedelta(seconds=5)
# Where a day is asked for, it may be another one there.
_ANOTHER_DAY = timedelta(hours=1)


class _Request(aiohttp.ClientRequest):
    async def send(self, conn: Any) -> aiohttp.ClientResponse:
        if attempt := _attempt.get():
            await attempt.ask()
        return await super().send(conn)


class _Wire(AsyncHttpClient):  # type: ignore[misc]
    """How the library reaches the API, at `url` instead of the address that it knows."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        super().__init__(None, True, None)
        self._session = session
        self._url = url

    async def request(
        self, method: str, url: str, params: Any = None, data: Any = None, headers: Any = None, auth: Any = None,
        timeout: float | None = None, allow_redirects: bool = False,  # noqa: ASYNC109  the library's signature
    ) -> Response:  # fmt: skip
        there = urlsplit(url)
        signed_in = {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"}
        async with self._session.request(
            method, f"{self._url}{there.path}{f'?{there.query}' if there.query else ''}", params=params, data=data,
            headers={**headers, **signed_in}, allow_redirects=False,
        ) as answer:  # fmt: skip
            if attempt := _attempt.get():
                attempt.headers = answer.headers
            if clock := _clock.get():
                clock.hear(answer.headers)
            return Response(answer.status, await answer.text(), answer.headers)


class Account:
    """Our account. `api_key` and `api_secret`, where given, stand for the account in requests; `auth_token` signs what
    Twilio says to us in any case.

    `url`: of the region where the account lives (https://www.twilio.com/docs/global-infrastructure). `timeout_s`
    bounds the time until a connection is there, and again the time until the answer is.
    """

    def __init__(
        self, *, account_sid: str, auth_token: str, api_key: str = "", api_secret: str = "", url: str = URL,
        timeout_s: float = 15.0, at_once: int = 20,
    ) -> None:  # fmt: skip
        if not _ACCOUNT.fullmatch(account_sid):
            raise ValueError("account_sid is AC and 32 hexadecimal digits")
        if not auth_token:
            raise ValueError("auth_token is missing: what Twilio says is signed with it")
        if bool(api_key) != bool(api_secret) or (api_key and not _API_KEY.fullmatch(api_key)):
            raise ValueError("api_key is SK and 32 hexadecimal digits, and comes with api_secret")
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError("url begins with https://")
        if at_once < 1 or timeout_s <= 0:
            raise ValueError("at_once is 1 or more, and timeout_s more than nothing")
        self.auth_token = auth_token
        self._sid = account_sid
        self._credentials = (api_key, api_secret) if api_key else (account_sid, auth_token)
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._at_once = at_once
        self._session: aiohttp.ClientSession | None = None

    async def make(self, what: Callable[[Client], Awaitable[Made]], hand_over: HandOver) -> Outcome:
        """Have the API make something, once: a doubt after `hand_over` is `UNKNOWN`."""
        attempt = None
        try:
            async with asyncio.timeout(self._timeout_s) as limit:
                attempt = _Attempt(hand_over, limit, self._timeout_s)
                _attempt.set(attempt)
                made = await what(self._client())
                return Outcome(Result.ACCEPTED, provider_id=made.sid or "")
        except _NoLongerOurs:
            return NO_LONGER_OURS
        except (TwilioRestException, TwilioServiceException) as error:
            return by_error(error, attempt.headers if attempt else {})
        except (aiohttp.ClientError, OSError, TimeoutError, TwilioException, ValueError, TypeError) as error:
            # The last ones: a success that can't be read.
            if attempt and attempt.handed_over:
                return Outcome(Result.UNKNOWN, reason=f"no answer from Twilio: {error!r}", cause=Cause.DOWN)
            return Outcome(Result.TEMPORARY, reason=f"no way to Twilio: {error!r}", cause=Cause.DOWN)
        finally:
            _attempt.set(None)

    async def find(
        self, listings: Sequence[Callable[[Client, str], Awaitable[Sequence[Told]]]],
        is_it: Callable[[Told, datetime], bool], ago: timedelta,
    ) -> Told | Outcome | None:  # fmt: skip
        """The oldest of those listed for which `is_it` says yes, looked for in one listing after another.

        Listings are given the day from which on it may be, `is_it` the moment, by Twilio's clock. An `Outcome` says why
        the API can't be asked now.
        """
        begun, clock = time.monotonic(), _Clock()
        _clock.set(clock)
        try:
            for listing in listings:
                day = f"{clock.at - ago - _ANOTHER_DAY:%Y-%m-%d}"
                async with asyncio.timeout(2 * self._timeout_s):
                    listed = await listing(self._client(), day)
                since = clock.at - ago - timedelta(seconds=time.monotonic() - begun) - _EARLIER
                if found := [one for one in listed if is_it(one, since)]:
                    return found[-1]  # the newest come first
            return None
        except (aiohttp.ClientError, OSError, TimeoutError, TwilioException, ValueError, TypeError) as error:
            return Outcome(Result.TEMPORARY, reason=f"Twilio can't be asked: {error!r}", cause=Cause.DOWN)
        finally:
            _clock.set(None)

    async def close(self) -> None:
        """Let go of the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _client(self) -> Client:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=with_spare(self._at_once)),
                request_class=_Request,
                timeout=aiohttp.ClientTimeout(total=None),
                trust_env=True,  # a town hall's way out may be a proxy
            )
        user, secret = self._credentials
        # With an environment of its own: TWILIO_… variables of the machine are not ours.
        return Client(user, secret, self._sid, http_client=_Wire(self._session, self._url), environment={"": ""})


def recipient(item: Item) -> str:
    """The number. Raises `UnsendableError`: Twilio would take other things than phones for one (`client:`, `sip:`)."""
    if not is_e164(item.to):
        raise UnsendableError("this is not a phone number in international form")
    return item.to


def is_e164(number: str) -> bool:
    """Whether this is a phone number in international form."""
    return _E164.fullmatch(number) is not None


def by_error(error: TwilioRestException | TwilioServiceException, headers: Mapping[str, str]) -> Outcome:
    """What an answer that is no success means: by its code, else by its status.

    https://www.twilio.com/docs/usage/twilios-response
    """
    status, code = int(error.status), int(error.code or 0)
    words = error.msg if isinstance(error, TwilioRestException) else f"{error.title}: {error.detail or ''}"
    reason = f"Twilio {status}{f' {code}' if code != status else ''}: {words}"
    if known := as_result(code):
        result, cause = known
    elif status == 429:
        result, cause = Result.TEMPORARY, Cause.RATE
    elif status == 503:  # it did not take it on (RFC 9110, 15.6.4)
        result, cause = Result.TEMPORARY, Cause.DOWN
    elif status >= 500:
        # Twilio calls it safe to try again, and nowhere says that nothing was made: it is asked.
        result, cause = Result.UNKNOWN, Cause.DOWN
    elif status < 400 or status == 408:  # something else than Twilio has answered; it heard too slowly
        result, cause = Result.TEMPORARY, Cause.DOWN
    else:  # nothing says that it is the person's fault: let another provider try
        result, cause = Result.REFUSED, Cause.ACCOUNT
    patience = headers.get("Retry-After", "") if result is Result.TEMPORARY else ""
    return Outcome(result, reason=reason, cause=cause, retry_after_s=float(patience) if patience.isdecimal() else None)
