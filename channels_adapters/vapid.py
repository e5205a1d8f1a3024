"""Our own key towards browsers' push services (RFC 8292): made once, since browsers subscribe to one key only."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec

_BYTES = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-5)


def new_private_key() -> str:
    """32 bytes in base64url."""
    return _base64((1 + secrets.randbelow(_ORDER - 1)).to_bytes(_BYTES))


def public_key(private_key: str) -> str:
    """What browsers subscribe with: the point, uncompressed, in base64url."""
    number = int.from_bytes(urlsafe_b64decode(private_key + "=" * (-len(private_key) % 4)))
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key().public_numbers()
    return _base64(b"\x04" + point.x.to_bytes(_BYTES) + point.y.to_bytes(_BYTES))


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
