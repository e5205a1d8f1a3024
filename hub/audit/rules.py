"""What an entry's digest is made of. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

BEGINNING = "0" * 64
_sorted = msgspec.json.Encoder(order="deterministic")


def digest(
    *, former: str, town_id: int, number: int, at: datetime, actor_id: int | None, actor_name: str, act: str,
    subject: str, what: Mapping[str, Any],
) -> str:  # fmt: skip
    """SHA-256, in hexadecimal, of the former digest and of all that the entry says."""
    said = [former, town_id, number, at.astimezone(UTC).isoformat(), actor_id, actor_name, act, subject, what]
    return hashlib.sha256(_sorted.encode(said)).hexdigest()
