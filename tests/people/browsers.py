"""What a browser gives when it is told of news: a subscription with keys of its own."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from os import urandom
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

SERVICE = "https://fcm.googleapis.com/fcm/send/"


def base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Browser:
    """`service`: where its push service keeps its messages."""

    service: str = SERVICE
    name: str = field(default_factory=lambda: urandom(12).hex())
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: urandom(16))

    @property
    def subscription(self) -> str:
        """As `PushSubscription.toJSON()` gives it."""
        return self.subscribed_at(self.service + self.name)

    def subscribed_at(self, endpoint: object) -> str:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": base64(point), "auth": base64(self.secret)}
        return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys})

    def read(self, body: bytes) -> dict[str, Any]:
        """What it shows of a message, decrypted as RFC 8291 says."""
        told = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return dict(json.loads(told))


def subscription(endpoint: object = ...) -> str:
    """Of some browser; at this address, when one is given."""
    browser = Browser()
    return browser.subscription if endpoint is ... else browser.subscribed_at(endpoint)
