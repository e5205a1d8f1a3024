"""Headers of a mail: taken apart, unfolded, decoded. Each is bounded before anything is done with it.

RFC 5322 (fields), RFC 2047 (encoded words), RFC 2231 (parameters), each as written in the wild: encoded words inside
quotes, parameters without quotes, bytes beyond ASCII as they are.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from urllib.parse import unquote_to_bytes

from inbound_email.charsets import decode_bytes
from inbound_email.errors import HeaderTooLong, TooManyHeaders

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)(\s+)(?==\?)")
# Older Pythons write a space between two words as a second one after the fold (gh-92081); RFC 2047 would drop both.
_MEANT = b"  "
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_PARAMETER = re.compile(
    r';\s*([^\s=;"]{1,80}?)(?:\*(\d{1,3}))?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|\Z)|([^;]*))', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of a part in their order: names in small letters, values unfolded, still bytes."""

    fields: tuple[tuple[str, bytes], ...] = ()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name, decode_words(value)) for name, value in self.fields)

    def __contains__(self, name: str) -> bool:
        return any(name == known for known, _ in self.fields)

    def get(self, name: str) -> str:
        """The first of this name (small letters), decoded; "" without one."""
        return next((decode_words(value) for known, value in self.fields if known == name), "")

    def raw(self, name: str) -> str:
        """The first of this name as it stands: for what has a grammar of its own, which is decoded piece by piece."""
        return next((decode_bytes(value).strip() for known, value in self.fields if known == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """All of this name, decoded."""
        return tuple(decode_words(value) for known, value in self.fields if known == name)


def take_headers(raw: bytes, start: int, end: int, *, most: int, longest: int) -> tuple[Headers, int]:
    """The headers of raw[start:end], and where its body begins.

    A line that is no header ends them, as if an empty line had stood before it: a relay forgot that line. When another
    header comes right after, it was only a line in the wrong place. Raises TooManyHeaders, HeaderTooLong.
    """
    fields: list[tuple[str, bytearray]] = []
    here = start
    while here < end:
        line, after = _line_at(raw, here, end)
        if not line:
            return _closed(fields), after
        if line[:1] in b" \t" and fields and line.strip():
            fields[-1][1].extend((_MEANT if _indent(line) == _MEANT else b" ") + line.strip())
        elif found := _FIELD.match(line):
            fields.append((found[1].decode("ascii").lower(), bytearray(line[found.end() :].strip())))
        elif not (
            (here == start and _is_envelope(line))
            or (fields and line.strip() and _FIELD.match(_line_at(raw, after, end)[0]))
        ):
            return _closed(fields), here if line.strip() else after
        if len(fields) > most:
            raise TooManyHeaders(most)
        if fields and len(fields[-1][1]) > longest:
            raise HeaderTooLong(longest)
        here = after
    return _closed(fields), end


def _indent(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip())]


def _is_envelope(line: bytes) -> bool:
    """The line that mbox files and some pipes put first."""
    return line.startswith((b"From ", b">From "))


def _line_at(raw: bytes, here: int, end: int) -> tuple[bytes, int]:
    found = _LINE.match(raw, here, end)
    assert found is not None
    return found[0].rstrip(b"\r\n"), found.end()


def _closed(fields: list[tuple[str, bytearray]]) -> Headers:
    return Headers(tuple((name, bytes(value)) for name, value in fields))


def decode_words(value: bytes | str) -> str:
    """A header's text with its encoded words read, also where none should be (in quotes, side by side)."""
    text = decode_bytes(value) if isinstance(value, bytes) else value
    if "=?" not in text:
        return text.strip()
    text = _BETWEEN.sub(lambda found: " " if found[1] == _MEANT.decode() else "", text)
    said: list[str] = []
    here = 0
    words: list[tuple[str, str, str]] = []  # that follow each other: charset, coding, what is coded
    for found in _WORD.finditer(text):
        if found.start() != here:
            said += [_decoded_words(words), text[here : found.start()]]
            words = []
        words.append((found[1].lower().split("*")[0], found[2].lower(), found[3]))
        here = found.end()
    said += [_decoded_words(words), text[here:]]
    return "".join(said).strip()


def on_one_line(text: str) -> str:
    """With one space wherever there are several, or a line break; spaces that French sets (before « ? ») stay."""
    return _SPACES.sub(" ", text).strip()


def _decoded_words(words: list[tuple[str, str, str]]) -> str:
    """A character may be cut in two between two words, and base64 anywhere: what belongs together is joined first."""
    said: list[str] = []
    for charset, of_charset in groupby(words, key=itemgetter(0)):
        data = b""
        for kind, of_kind in groupby(of_charset, key=itemgetter(1)):
            data += _word_bytes(kind, "".join(word[2] for word in of_kind))
        said.append(decode_bytes(data, charset))
    return "".join(said)


def _word_bytes(kind: str, coded: str) -> bytes:
    data = coded.encode("utf-8", "replace")
    if kind == "q":
        return _HEX.sub(lambda found: bytes([int(found[1], 16)]), data.replace(b"_", b" "))
    return decode_base64(data)


def decode_base64(data: bytes) -> bytes:
    """What base64 says, with whatever isn't base64 left out; several pieces one after the other are all read."""
    clean = data.translate(None, delete=_NOT_BASE64)
    body = clean.rstrip(b"=")
    pieces = body.split(b"=") if body.count(b"=") <= _PIECES else [body[: body.index(b"=")]]
    return b"".join(_piece(piece) for piece in pieces if piece)


def _piece(piece: bytes) -> bytes:
    if len(piece) % 4 == 1:  # one letter alone is less than a byte
        piece = piece[:-1]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


_PIECES = 500
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


def take_parameters(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; name*0*=utf-8''a%20;name*1=b` → ("text/plain", {"name": "a b"})"""
    main, _, _ = value.partition(";")
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(value, len(main)):
        name, number, extended, quoted, plain = found.groups()
        text = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain.strip()
        pieces.setdefault(name.lower(), []).append((int(number or 0), bool(extended), text))
    return main.strip().lower(), {name: _joined(told) for name, told in pieces.items()}


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    """RFC 2231: pieces in the order of their numbers, the extended ones percent-coded, the set named by the first."""
    extended = [piece for piece in pieces if piece[1]]
    if not extended:
        numbered = sorted(pieces, key=lambda piece: piece[0])
        return (
            decode_words("".join(text for _, _, text in numbered)) if len(numbered) > 1 else decode_words(pieces[0][2])
        )
    charset, data = "", b""
    for place, (_, coded, text) in enumerate(sorted(pieces, key=lambda piece: piece[0])):
        if coded and place == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if coded else text.encode("utf-8", "replace")
    return decode_bytes(data, charset)
