"""What the calls of providers' HTTP interfaces have in common: no answer at all, and « come back later »."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from channels_adapters.base import Cause, Outcome, Result

# The request was never whole on its way: nobody can have acted upon it.
_NOT_WRITTEN = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError, httpx.WriteTimeout, httpx.ProxyError,
    httpx.UnsupportedProtocol,
)  # fmt: skip


def unanswered(error: httpx.HTTPError) -> Outcome:
    """After a call that had no answer: `TEMPORARY` when it can't have been read, else nobody knows."""
    said = f"{type(error).__name__} {error}".strip()
    if isinstance(error, _NOT_WRITTEN):
        return Outcome(Result.TEMPORARY, reason=said, cause=Cause.DOWN)
    return Outcome(Result.UNKNOWN, reason=said, cause=Cause.DOWN)


def retry_after_s(answer: httpx.Response) -> float | None:
    """How long it wants us to wait: in seconds, or until a date (RFC 9110, 10.2.3). None when it doesn't say."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds(), 0.0)
