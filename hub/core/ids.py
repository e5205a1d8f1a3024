"""Random names that nobody can guess."""

import secrets
import uuid


def new_key() -> str:
    """A key by which a sender's second attempt is known: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def new_epoch() -> str:
    """The name of one life of a stream: 8 hexadecimal digits."""
    return secrets.token_hex(4)


def new_secret(length_bytes: int = 32) -> str:
    """A secret for a person or a program: URL-safe, 256 bits by default."""
    return secrets.token_urlsafe(length_bytes)
