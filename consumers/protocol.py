"""Frames of the wire: decode and check what comes in, encode what goes out.

One envelope both ways: `{"ref", "topic", "event", "payload"}`. Commands carry a `ref` and get exactly one reply with
the same one. Events carry `seq`, or none when they are now or never.
"""

from enum import IntEnum
from typing import Any

import msgspec

from hub.core.errors import Forbidden, Invalid, NotFound, ParvisError, RateLimited
from hub.core.jsons import encode, encode_text

MAX_FRAME_BYTES = 64 * 1024


class Close(IntEnum):
    """Why the server closes (RFC 6455 §7.4; 4000–4999 are ours)."""

    RESTART = 1012
    TRY_LATER = 1013
    BAD_FRAME = 4400
    SIGNED_OUT = 4401
    ORIGIN = 4403
    TOO_SLOW = 4408
    TOO_BIG = 4413
    FLOODING = 4429


class BadFrame(Exception):
    """A frame that is no command. `ref` is set when it could still be read: then it gets a reply."""

    def __init__(self, ref: str | None = None) -> None:
        super().__init__("bad frame")
        self.ref = ref


class Command(msgspec.Struct):
    """What a client asks."""

    ref: str
    topic: str
    event: str
    payload: msgspec.Raw = msgspec.Raw(b"{}")


class _Ref(msgspec.Struct):
    ref: str


_command = msgspec.json.Decoder(Command)
_ref = msgspec.json.Decoder(_Ref)


def decode(text: bytes) -> Command:
    """One command. Raises `BadFrame`."""
    try:
        command = _command.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadFrame(_ref_of(text)) from error
    if not command.ref or len(command.ref) > 32:
        raise BadFrame(None)
    return command


def _ref_of(text: bytes) -> str | None:
    try:
        ref = _ref.decode(text).ref
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return ref if 0 < len(ref) <= 32 else None


def reply(ref: str, topic: str, response: dict[str, Any]) -> bytes:
    """The frame that says it is done."""
    return frame(
        encode({"ref": ref, "topic": topic, "event": "reply", "payload": {"status": "ok", "response": response}})
    )


class Malformed(Invalid):
    """A command that no client of this protocol sends: `bad_frame`, `unknown_topic`, `unknown_event`, `invalid`.

    `detail` says to a programmer what is wrong.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code=code)
        self.detail = detail


class NotSubscribed(Forbidden):
    """A command on a topic that the connection has not subscribed to."""

    code = "not_subscribed"


def refusal(ref: str, topic: str, error: ParvisError) -> bytes:
    """The frame that says it is not, and why: `code` for programs, `message` for the person."""
    told: dict[str, Any] = {"code": code_of(error), "message": str(error)}
    if isinstance(error, RateLimited):
        told["retry_after_s"] = error.retry_after_s
    if isinstance(error, Invalid) and error.field:
        told["field"] = error.field
    if isinstance(error, Malformed) and error.detail:
        told["detail"] = error.detail
    return frame(encode({"ref": ref, "topic": topic, "event": "reply", "payload": {"status": "error", "error": told}}))


def code_of(error: ParvisError) -> str:
    """A missing thing and one that is not yours answer alike: `forbidden`."""
    return "forbidden" if isinstance(error, NotFound) else error.code


def event(topic: str, name: str, payload: object) -> bytes:
    """A finished frame of something now or never."""
    return frame(f'{{"topic":"{topic}","event":"{name}","payload":{encode_text(payload)}}}'.encode())


def frame(text: bytes) -> bytes:
    """A finished text frame, unmasked and unfragmented (RFC 6455 §5.2)."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 65536:
        return bytes((0x81, 126, size >> 8, size & 255)) + text
    return bytes((0x81, 127)) + size.to_bytes(8, "big") + text


def texts(frames: bytes) -> list[str]:
    """The texts of finished frames joined together: for a server that frames by itself."""
    found, at, end = [], 0, len(frames)
    while at < end:
        size, start = frames[at + 1], at + 2
        if size == 126:
            size, start = int.from_bytes(frames[at + 2 : at + 4], "big"), at + 4
        elif size == 127:
            size, start = int.from_bytes(frames[at + 2 : at + 10], "big"), at + 10
        found.append(frames[start : start + size].decode())
        at = start + size
    return found
