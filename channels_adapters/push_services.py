"""Browsers' push services, and where a subscription may lead to.

A subscription is given by a browser, that is by anybody: who makes one up would have this machine call what they like
(SSRF). Only the services of those who make browsers are called, by https, and whoever else the options name.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass

from channels_adapters.base import UnsendableError

# Chrome, Edge on Android, Samsung, Opera …; Firefox; Safari; Edge on Windows. « * » stands for any names before it.
KNOWN = ("fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com")
# Strict, so that no two readers of it can take it for different addresses.
_ENDPOINT = re.compile(r"(https?://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d{1,5})?)/[A-Za-z0-9/_.~%:?=&+;,@!$'()*-]*")
_KEY_BYTES, _SECRET_BYTES = 65, 16  # RFC 8291, 3.1 and 3.2


@dataclass(frozen=True)
class Subscription:
    """Where a browser is reached. `key` and `secret`: what its messages are encrypted for, in base64url.

    `origin`: the service, as its tokens name it.
    """

    endpoint: str
    origin: str
    key: str
    secret: str


def read_subscription(text: str, also: Sequence[str] = ()) -> Subscription:
    """What `PushSubscription.toJSON()` gave. Raises `UnsendableError`.

    `also`: more services: names of hosts (`*.push.example`), reached by https, or whole origins
    (`http://127.0.0.1:8081`).
    """
    try:
        said = json.loads(text)
        endpoint, keys = said["endpoint"], said["keys"]
        key, secret = _base64(keys["p256dh"]), _base64(keys["auth"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnsendableError("this is not a browser's subscription") from None
    if len(key) != _KEY_BYTES or key[0] != 4 or len(secret) != _SECRET_BYTES:
        raise UnsendableError("the keys of this subscription are no keys")
    return Subscription(endpoint, origin_of(endpoint, also), keys["p256dh"], keys["auth"])


def origin_of(endpoint: str, also: Sequence[str] = ()) -> str:
    """The push service of this address. Raises `UnsendableError` when it is none that is called."""
    found = _ENDPOINT.fullmatch(endpoint) if isinstance(endpoint, str) else None
    if found is None:
        raise UnsendableError("the address of this subscription is none")
    origin, host = found[1], found[2]
    by_https = origin == f"https://{host}" and any(_is_of(host, service) for service in (*KNOWN, *also))
    if not by_https and origin not in also:
        raise UnsendableError(f"{host} is not a push service that is called from here")
    return origin


def _is_of(host: str, service: str) -> bool:
    return host.endswith(service[1:]) if service.startswith("*.") else host == service


def _base64(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error as error:
        raise ValueError from error
