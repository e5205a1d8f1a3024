"""JSON as it goes over the wire: compact UTF-8, times in ISO 8601 with their zone."""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


def encode(value: Any) -> bytes:
    """`value` (plain types, datetimes, msgspec structs) as compact JSON bytes."""
    return _encoder.encode(value)


def encode_text(value: Any) -> str:
    """The same as text."""
    return _encoder.encode(value).decode()


def decode(text: str | bytes) -> Any:
    """The value. Raises `msgspec.DecodeError` on bad JSON."""
    return _decoder.decode(text)
