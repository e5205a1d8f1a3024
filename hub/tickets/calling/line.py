"""One attempt: POST to the address that was looked at, no redirects, ten seconds in all, little of the answer read."""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache

import httpx

from hub.tickets.calling.addresses import NotAllowed, addresses_of

TIMEOUT_S = 10.0
MAX_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What came of it. `status`: of HTTP; `reason`: else why there is none, in one word; `wait_s`: `Retry-After`."""

    status: int | None = None
    reason: str = ""
    wait_s: int = 0

    @property
    def done(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The other side wants no more of these."""
        return self.status == httpx.codes.GONE

    @property
    def unreached(self) -> bool:
        """Nobody answered."""
        return self.status is None


def post(url: str, headers: dict[str, str], body: bytes) -> Answer:
    """Never raises for what the other side does. Where a loop runs already, call it from a thread."""
    try:
        return asyncio.run(_within_time(url, headers, body))
    except TimeoutError:
        return Answer(reason="timeout")
    except NotAllowed:
        return Answer(reason="address")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Answer(reason=_word(error))


def _word(error: Exception) -> str:
    """`ssl` hides two causes below what httpx raises."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    return "name" if isinstance(error, OSError | ValueError) else "connection"


async def _within_time(url: str, headers: dict[str, str], body: bytes) -> Answer:
    """httpx counts each read by itself: one byte now and then would never end."""
    async with asyncio.timeout(TIMEOUT_S):
        target = httpx.URL(url)
        port = target.port or (443 if target.scheme == "https" else 80)
        # What the machine's settings say of proxies is not for these: it is they that would look the name up.
        async with httpx.AsyncClient(
            verify=_tls(), trust_env=False, follow_redirects=False, timeout=TIMEOUT_S
        ) as client:
            return await _first_open(client, target, await addresses_of(_name(target), port), headers, body)


async def _first_open(
    client: httpx.AsyncClient, target: httpx.URL, addresses: list[str], headers: dict[str, str], body: bytes
) -> Answer:
    """The next address only while none has taken the connection: what was sent is not sent twice by us."""
    for address in addresses[:-1]:
        try:
            return await _ask(client, target, address, headers, body)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _ask(client, target, addresses[-1], headers, body)


async def _ask(
    client: httpx.AsyncClient, target: httpx.URL, address: str, headers: dict[str, str], body: bytes
) -> Answer:
    """To this very address, under the name: certificate and virtual host are the name's."""
    request = client.build_request(
        "POST", target.copy_with(host=address), content=body,
        headers={**headers, "host": target.netloc.decode()}, extensions={"sni_hostname": _name(target)},
    )  # fmt: skip
    response = await client.send(request, stream=True)
    try:
        await _read_some(response)
    finally:
        await response.aclose()
    return Answer(response.status_code, wait_s=_asked_to_wait(response))


def _name(target: httpx.URL) -> str:
    return target.raw_host.decode()


async def _read_some(response: httpx.Response) -> None:
    """Nothing of it is kept: it is read so that the other side can end in peace."""
    size = 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MAX_ANSWER:
            return


def _asked_to_wait(response: httpx.Response) -> int:
    asked = response.headers.get("retry-after", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0


@cache
def _tls() -> ssl.SSLContext:
    """Reading all authorities takes a while: once per process."""
    return httpx.create_ssl_context()
