"""What it means when OVHcloud's API does not do what it was asked: https://docs.ovh.com/fr/api/first-steps-with-ovh-api/"""

import ovh
from ovh.exceptions import InvalidResponse
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, ProxyError, SSLError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from channels_adapters.base import Cause, Outcome, Result


def by_error(error: ovh.APIError, *, handed_over: bool) -> Outcome:
    """Before `handed_over` nothing has left; after it, what was written and has no answer is a doubt."""
    status = error.response.status_code if error.response is not None else 0
    reason = f"OVH {status or ''}: {error}"
    if isinstance(error, ovh.HTTPError):
        doubt = handed_over and not _never_written(error)
        return Outcome(Result.UNKNOWN if doubt else Result.TEMPORARY, reason=f"OVH: {error!r}", cause=Cause.DOWN)
    if isinstance(error, InvalidResponse) or (status >= 500 and status != 503):
        return Outcome(Result.UNKNOWN if handed_over else Result.TEMPORARY, reason=reason, cause=Cause.DOWN)
    if status == 429:
        return Outcome(Result.TEMPORARY, reason=reason, cause=Cause.RATE, retry_after_s=_patience(error))
    if status == 503 or status == 408:  # it did not take it on
        return Outcome(Result.TEMPORARY, reason=reason, cause=Cause.DOWN, retry_after_s=_patience(error))
    return Outcome(Result.REFUSED, reason=reason, cause=_cause(error))


def _cause(error: ovh.APIError) -> Cause:
    """Whose matter it is. What nothing tells of is ours: another provider may do it."""
    said = str(error).lower()
    if isinstance(error, ovh.BadParametersError) and "credit" not in said:
        if "receiver" in said:
            return Cause.ADDRESS
        if "message" in said:
            return Cause.CONTENT
    return Cause.ACCOUNT


def _never_written(error: ovh.HTTPError) -> bool:
    """Whether there was no connection to write to."""
    inner = error.args[1] if len(error.args) > 1 else None
    if isinstance(inner, ConnectTimeout | ProxyError | SSLError):
        return True
    why = inner.args[0] if isinstance(inner, NoConnection) and inner.args else None
    return isinstance(why, MaxRetryError) and isinstance(why.reason, NewConnectionError)


def _patience(error: ovh.APIError) -> float | None:
    said = error.response.headers.get("Retry-After", "") if error.response is not None else ""
    return float(said) if said.isdecimal() else None
