"""The parts of a mail: its bytes cut at their boundaries (RFC 2046), within bounds, without recursion in its length.

Not Python's `email` parser: that one compares each line with the boundaries of all levels, keeps copies, and follows
nesting by recursion; 100,000 parts take it 19 s, and 1,500 levels a RecursionError. Here bytes are searched, each level
once, and the first one beyond a bound ends it.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from inbound_email.errors import TooDeep, TooManyBytes, TooManyParts
from inbound_email.headers import Headers, decode_base64, decode_words, take_headers, take_parameters

_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n|\r|\Z)")
_MAILS = frozenset({"message/rfc822", "message/global"})
_AFTER_EDGE = re.compile(rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
_EDGE = re.compile(rb"(?:\r\n|\n|\r(?!\n)|\A)--([^\r\n]{1,200}?)[ \t]*(?=\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a mail is read. Beyond, it isn't read at all."""

    size: int = 26_214_400
    parts: int = 500
    depth: int = 20
    headers: int = 200
    header_bytes: int = 8_192


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it says of itself, and `data` (its bytes, decoded) or the parts in it; a mail in it has both."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    data: bytes = b""
    parts: tuple["Part", ...] = ()

    def walk(self) -> Iterator["Part"]:
        """This part, and all in it, in the order of the mail."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(slots=True)
class _Reading:
    """One mail being read: its bounds, and how many parts there were so far."""

    bounds: Bounds
    seen: int = 0

    def count(self) -> None:
        self.seen += 1
        if self.seen > self.bounds.parts:
            raise TooManyParts(self.bounds.parts)


def read_parts(raw: bytes, bounds: Bounds) -> Part:
    """The whole mail as a tree. Raises the kinds of TooMuch."""
    if len(raw) > bounds.size:
        raise TooManyBytes(bounds.size)
    return _read(raw, 0, len(raw), _Reading(bounds), depth=0, default="text/plain")


def _read(raw: bytes, start: int, end: int, reading: _Reading, *, depth: int, default: str) -> Part:
    bounds = reading.bounds
    reading.count()
    if depth > bounds.depth:
        raise TooDeep(bounds.depth)
    headers, body = take_headers(raw, start, end, most=bounds.headers, longest=bounds.header_bytes)
    content_type, parameters = _type_of(headers, default)
    disposition, told = take_parameters(headers.raw("content-disposition"))
    filename = decode_words(told.get("filename") or parameters.get("name") or "")
    inside: list[Part] = []
    data = b""
    if content_type.startswith("multipart/"):
        inside = _read_multipart(raw, body, end, reading, depth, content_type, parameters.get("boundary", ""))
        if not inside:
            content_type, data = "text/plain", raw[body:end]
    else:
        data = _decoded(raw[body:end], headers.raw("content-transfer-encoding"))
        # RFC 2046 forbids to code a mail in the mail; programs do.
        if content_type in _MAILS and data.strip():
            inside = [_read(data, 0, len(data), reading, depth=depth + 1, default="text/plain")]
    return Part(headers, content_type, parameters, disposition, filename, data, tuple(inside))


def _type_of(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    content_type, parameters = take_parameters(headers.raw("content-type"))
    if content_type in {"text", "plain"}:  # old programs
        content_type = "text/plain"
    if content_type.count("/") != 1:
        content_type = default
    return content_type, parameters


def _read_multipart(
    raw: bytes, body: int, end: int, reading: _Reading, depth: int, content_type: str, boundary: str
) -> list[Part]:
    default = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
    edge = boundary.strip().encode("utf-8", "replace")
    spans = _spans(raw, body, end, edge, reading.bounds.parts) if edge else []
    if not spans and (edge := _guess_boundary(raw, body, end)):
        spans = _spans(raw, body, end, edge, reading.bounds.parts)
    return [_read(raw, start, stop, reading, depth=depth + 1, default=default) for start, stop in spans]


def _spans(raw: bytes, body: int, end: int, boundary: bytes, most: int) -> list[tuple[int, int]]:
    """Where each part begins and ends. The last one may lack its end: then the mail's end is its own."""
    spans: list[tuple[int, int]] = []
    began = -1
    for before, last, after in _edges(raw, body, end, b"--" + boundary):
        if began >= 0:
            spans.append((began, max(before, began)))
        if len(spans) > most:
            raise TooManyParts(most)
        if last:
            return spans
        began = after
    if 0 <= began < end:
        spans.append((began, end))
    return spans


def _edges(raw: bytes, body: int, end: int, edge: bytes) -> Iterator[tuple[int, bool, int]]:
    """Each boundary line: where what is before it ends, whether it is the last one, where what is after it begins.

    The line break before a boundary is a part of it.
    """
    here = raw.find(edge, body, end)
    while here >= 0:
        after = _AFTER_EDGE.match(raw, here + len(edge), end)
        if after and (here == body or raw[here - 1] in b"\r\n"):
            yield _line_start(raw, here, body), bool(after[1]), after.end()
        here = raw.find(edge, here + len(edge), end)


def _line_start(raw: bytes, here: int, body: int) -> int:
    """`here` is the beginning of a line: where the break before it begins."""
    if here > body:
        here -= 2 if raw[max(here - 2, body) : here] == b"\r\n" else 1
    return here


def _guess_boundary(raw: bytes, body: int, end: int) -> bytes:
    """The boundary of a part that doesn't say it, or says another: its first line that looks like one."""
    for found in _EDGE.finditer(raw[body : min(end, body + 2_000)]):
        head = raw[body + found.end() : body + found.end() + 200].lstrip()[:100].lower()
        if head.startswith(b"content-"):
            return found[1]
    return b""


def _decoded(data: bytes, encoding: str) -> bytes:
    """The bytes meant by a transfer encoding; one that is unknown stands for none."""
    name = encoding.split(";")[0].strip().strip("\"'").lower()
    if name == "base64":
        return decode_base64(data)
    if name == "quoted-printable":
        return binascii.a2b_qp(_SOFT_BREAK.sub(b"=", data))
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uudecoded(data)
    return data


def _uudecoded(data: bytes) -> bytes:
    _, found, coded = data.partition(b"begin ")
    if not found:
        return data
    plain = bytearray()
    for line in coded.splitlines()[1:]:
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            plain += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(plain)
