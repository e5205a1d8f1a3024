"""Notifications on telephones by Google: Firebase Cloud Messaging, HTTP v1, for a town with an application of its own.

Messages and credentials are firebase-admin's. Its own sending is not used: it tries again by itself, four times, when
nobody can say any more what was read, and fetches its tokens while the whole loop waits.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from firebase_admin import credentials, messaging
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import Request

from channels_adapters.answers import Answer, Line
from channels_adapters.base import NO_LONGER_OURS, Cause, ConfigurationError, HandOver, Item, Outcome, Result, freely
from channels_adapters.notices import Notice, notice_of

_PATIENCE_S = 60.0  # « QUOTA_EXCEEDED »: a minute at least, when it doesn't say

# firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode, and the general ones of Google's interfaces
# (google.rpc.Code) where there is none of FCM's own. Only UNREGISTERED says that a telephone is gone for good: with
# the credentials of another project, SENDER_ID_MISMATCH would say so of all of them.
CODES: Mapping[str, tuple[Result, Cause]] = {
    "UNREGISTERED": (Result.REFUSED, Cause.GONE),
    "SENDER_ID_MISMATCH": (Result.REFUSED, Cause.ADDRESS),
    "INVALID_ARGUMENT": (Result.REFUSED, Cause.ADDRESS),
    "QUOTA_EXCEEDED": (Result.TEMPORARY, Cause.RATE),
    "RESOURCE_EXHAUSTED": (Result.TEMPORARY, Cause.RATE),
    "UNAVAILABLE": (Result.TEMPORARY, Cause.DOWN),
    "INTERNAL": (Result.TEMPORARY, Cause.DOWN),
    "UNSPECIFIED_ERROR": (Result.TEMPORARY, Cause.DOWN),
    "DEADLINE_EXCEEDED": (Result.TEMPORARY, Cause.DOWN),
    "THIRD_PARTY_AUTH_ERROR": (Result.REFUSED, Cause.ACCOUNT),
    "APNS_AUTH_ERROR": (Result.REFUSED, Cause.ACCOUNT),
    "PERMISSION_DENIED": (Result.REFUSED, Cause.ACCOUNT),
    "NOT_FOUND": (Result.REFUSED, Cause.ACCOUNT),  # no such project
    # The token has just run out, or was taken back: the next attempt has a new one.
    "UNAUTHENTICATED": (Result.TEMPORARY, Cause.ACCOUNT),
}
_DETAIL = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


class FcmPush:
    """`credentials_file`: the service account's JSON as the Firebase console gives it; it names the project and where
    tokens come from."""

    channels: ClassVar[frozenset[str]] = frozenset({"push"})

    def __init__(
        self, *, credentials_file: str, endpoint: str = "https://fcm.googleapis.com", timeout_s: float = 15.0,
        at_once: int = 64,
    ) -> None:  # fmt: skip
        self.at_once = at_once
        self._timeout_s = timeout_s
        account = _account(credentials_file)
        self._google = account.get_credential()
        self._url = f"{endpoint}/v1/projects/{quote(account.project_id, safe='')}/messages:send"
        self._line = Line(at_once=at_once, timeout_s=timeout_s)
        self._fetching = asyncio.Lock()

    def takes(self, item: Item) -> bool:
        """A telephone's token, and not a browser's subscription."""
        return bool(item.to) and not item.to.startswith("{")

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """One message to one telephone. Accepted means that Google keeps it for the telephone."""
        try:
            body = _written(item.to, notice_of(item))
        except ValueError as error:
            return Outcome(Result.REFUSED, reason=str(error), cause=Cause.ADDRESS)
        try:
            await self._fetch_token()
        except GoogleAuthError as error:
            return _no_token(error)
        if not await hand_over():
            return NO_LONGER_OURS
        headers = {"Authorization": f"Bearer {self._google.token}", "Content-Type": "application/json"}
        answer = await self._line.post(self._url, body, headers)
        return answer if isinstance(answer, Outcome) else self._outcome(answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._line.close()

    async def _fetch_token(self) -> None:
        """One for an hour. Raises `GoogleAuthError`."""
        async with self._fetching:
            if not self._google.valid:
                await asyncio.to_thread(self._google.refresh, partial(Request(), timeout=self._timeout_s))

    def _outcome(self, answer: Answer) -> Outcome:
        said = _parsed(answer)
        if answer.status == 200:
            return Outcome(Result.ACCEPTED, provider_id=str(said.get("name", "")))
        code, by_fcm = _code_of(said, answer.status)
        result, cause = CODES.get(code, (Result.REFUSED, Cause.CONTENT))
        if code == "INVALID_ARGUMENT" and not by_fcm:
            cause = Cause.CONTENT  # a field of the message, not the token
        if code == "UNAUTHENTICATED":
            self._google.token = None
        wait = answer.retry_after_s
        if cause is Cause.RATE:
            wait = max(wait or 0.0, _PATIENCE_S)
        message = said.get("error", {}).get("message", "")
        return Outcome(result, reason=f"{answer.status} {code} {message}", cause=cause, retry_after_s=wait)


def _account(file: str) -> Any:
    """Raises `ConfigurationError`."""
    if not file:
        raise ConfigurationError("the file of the service account is missing")
    try:
        return _read(file, Path(file).stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file} is not a service account's: {error}") from error


@cache
def _read(file: str, _changed_at: int) -> Any:
    """Read once: its token then serves all who send, for an hour."""
    return credentials.Certificate(file)


def _written(token: str, notice: Notice) -> bytes:
    """The request's body. Raises `ValueError` for what is no token."""
    message = messaging.Message(
        token=token,  # what applications register with; the SDK prefers « fid », which few of them give yet
        notification=messaging.Notification(title=notice.title, body=notice.body),
        data={"link": notice.link, "urgent": "true" if notice.urgent else "false", "tag": notice.tag},
        android=messaging.AndroidConfig(
            priority="high" if notice.urgent else "normal",
            ttl=notice.kept,
            notification=messaging.AndroidNotification(tag=notice.tag),
        ),
        apns=messaging.APNSConfig(
            headers={
                "apns-priority": "10" if notice.urgent else "5",
                "apns-push-type": "alert",
                "apns-expiration": str(int(time.time() + notice.kept.total_seconds())),
                "apns-collapse-id": notice.tag,
            },
            payload=messaging.APNSPayload(messaging.Aps(sound="default", custom_data=_interrupting(notice))),
        ),
    )
    return json.dumps({"message": json.loads(str(message))}, ensure_ascii=False).encode()


def _interrupting(notice: Notice) -> dict[str, str]:
    return {"interruption-level": "time-sensitive" if notice.urgent else "active"}


def _parsed(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) and isinstance(said.get("error", {}), dict) else {}


def _code_of(said: Mapping[str, Any], status: int) -> tuple[str, bool]:
    """The error's name, and whether it is one of FCM's own."""
    error = said.get("error", {})
    for detail in error.get("details", []):
        if isinstance(detail, dict) and detail.get("@type") == _DETAIL and detail.get("errorCode"):
            return str(detail["errorCode"]), True
    if error.get("status"):
        return str(error["status"]), False
    return {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}.get(
        status, "UNAVAILABLE" if status >= 500 else "OTHER"
    ), False


def _no_token(error: GoogleAuthError) -> Outcome:
    """Google doesn't know the account, or can't be reached."""
    if error.retryable or isinstance(error, TransportError):
        return Outcome(Result.TEMPORARY, reason=f"no token: {error}", cause=Cause.DOWN)
    return Outcome(Result.REFUSED, reason=f"no token: {error}", cause=Cause.ACCOUNT)
