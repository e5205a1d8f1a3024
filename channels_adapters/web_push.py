"""Notifications in browsers: Web Push (RFC 8030), encrypted for the browser alone (RFC 8291), signed by us (RFC 8292).

The town needs no account with anybody: the browser says where it is reached, and the key that it was given when it
subscribed proves that it is us. Encrypted by pywebpush, signed by py-vapid; called here, because what was written and
what was not must be known apart, and no redirect followed.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import ClassVar

from py_vapid import Vapid02, VapidException
from pywebpush import WebPusher, WebPushException

from channels_adapters.answers import Answer, Line
from channels_adapters.base import (
    NO_LONGER_OURS,
    Cause,
    ConfigurationError,
    HandOver,
    Item,
    Outcome,
    Result,
    UnsendableError,
    freely,
)
from channels_adapters.notices import Notice, notice_of
from channels_adapters.push_services import Subscription, read_subscription

_SIGNED_FOR_S = 12 * 3600  # 24 hours at most (RFC 8292, 2)
_SIGNED_ANEW_S = 3600

# What services answer: RFC 8030, 5 to 8; Mozilla's (mozilla-push-service.readthedocs.io/en/latest/http), Apple's
# (« Sending web push notifications in web apps and browsers »), Windows' (« Push notification service request and
# response headers »). 401 and 403: it is our signature that they don't take, whatever the address.
CODES: Mapping[int, tuple[Result, Cause | None]] = {
    200: (Result.ACCEPTED, None),
    201: (Result.ACCEPTED, None),
    202: (Result.ACCEPTED, None),
    204: (Result.ACCEPTED, None),
    400: (Result.REFUSED, Cause.CONTENT),
    401: (Result.REFUSED, Cause.ACCOUNT),
    403: (Result.REFUSED, Cause.ACCOUNT),
    404: (Result.REFUSED, Cause.GONE),
    406: (Result.TEMPORARY, Cause.RATE),  # Windows: this channel is throttled
    408: (Result.TEMPORARY, Cause.DOWN),
    410: (Result.REFUSED, Cause.GONE),
    413: (Result.REFUSED, Cause.CONTENT),
    429: (Result.TEMPORARY, Cause.RATE),
}
_OTHER: Mapping[int, tuple[Result, Cause]] = {
    3: (Result.TEMPORARY, Cause.DOWN),
    4: (Result.REFUSED, Cause.CONTENT),
    5: (Result.TEMPORARY, Cause.DOWN),
}


class WebPush:
    """`private_key`: our own on P-256, 32 bytes in base64url; browsers subscribe with its public half. `subject`: whom
    a service writes to about us, `mailto:` or https. `services`: more than the known ones (`read_subscription`)."""

    channels: ClassVar[frozenset[str]] = frozenset({"push"})

    def __init__(
        self, *, private_key: str, subject: str, services: Sequence[str] = (), timeout_s: float = 15.0,
        at_once: int = 64,
    ) -> None:  # fmt: skip
        self.at_once = at_once
        self._subject, self._services = subject, tuple(services)
        self._signed: dict[str, tuple[float, Mapping[str, str]]] = {}
        self._line = Line(at_once=at_once, timeout_s=timeout_s)
        self._vapid = Vapid02.from_raw(private_key.encode())
        try:
            self._signature("https://push.example")
        except VapidException as error:
            raise ConfigurationError(f"{subject!r} is neither a mailto: nor an https: address") from error

    def takes(self, item: Item) -> bool:
        """A subscription, and not a telephone's token."""
        return item.to.startswith("{")

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """One message to one browser. Accepted means that the service keeps it for the browser."""
        notice = notice_of(item)
        try:
            subscription = read_subscription(item.to, self._services)
            body = _encrypted(subscription, notice)
        except UnsendableError as error:
            return Outcome(Result.REFUSED, reason=str(error), cause=Cause.ADDRESS)
        if not await hand_over():
            return NO_LONGER_OURS
        headers = {**_headers(notice), **self._signature(subscription.origin)}
        answer = await self._line.post(subscription.endpoint, body, headers)
        return answer if isinstance(answer, Outcome) else _outcome(answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._line.close()

    def _signature(self, origin: str) -> Mapping[str, str]:
        """Who we are, said to this service; the same for an hour (RFC 8292, 2.1: they may then look at it once)."""
        at = time.time()
        made_at, kept = self._signed.get(origin, (0.0, {}))
        if at - made_at > _SIGNED_ANEW_S:
            claims = {"aud": origin, "sub": self._subject, "exp": int(at) + _SIGNED_FOR_S}
            kept = self._vapid.sign(claims)
            self._signed[origin] = (at, kept)
        return kept


def _encrypted(subscription: Subscription, notice: Notice) -> bytes:
    """For the keys of that browser. Raises `UnsendableError` when they are none."""
    told = json.dumps(asdict(notice), ensure_ascii=False, separators=(",", ":")).encode()
    keys = {"p256dh": subscription.key, "auth": subscription.secret}
    try:
        body: bytes = WebPusher({"endpoint": subscription.endpoint, "keys": keys}).encode(told)["body"]
    except (WebPushException, ValueError) as error:  # the point is not on the curve
        raise UnsendableError("the keys of this subscription are no keys") from error
    return body


def _headers(notice: Notice) -> dict[str, str]:
    return {
        "TTL": str(int(notice.kept.total_seconds())),
        "Urgency": "high" if notice.urgent else "normal",
        "Topic": notice.tag,
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
    }


def _outcome(answer: Answer) -> Outcome:
    status = answer.status
    result, cause = CODES.get(status) or _OTHER.get(status // 100, (Result.TEMPORARY, Cause.DOWN))
    return Outcome(
        result,
        provider_id=answer.headers.get("Location", "") if result is Result.ACCEPTED else "",
        reason="" if result is Result.ACCEPTED else f"{status} {answer.text[:200]}",
        cause=cause,
        retry_after_s=answer.retry_after_s,
    )
