"""Signatures as Standard Webhooks says (https://www.standardwebhooks.com, v1: HMAC-SHA256). Pure, but for chance."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """A secret as it is shown: `whsec_` and 256 bits in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """Of `KEY.TIMESTAMP.BODY`, as it stands in `webhook-signature`."""
    signed = f"{key}.{timestamp}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(secret: str, key: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with a call. `key` stays the same however often it is tried; the time is that of the attempt."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, key, timestamp, body),
        "content-type": "application/json",
        "user-agent": "Parvis-Webhooks/1",
    }
