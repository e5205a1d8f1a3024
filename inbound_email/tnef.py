"""winmail.dat, into which Outlook packs the files of a mail when it takes the other side for an Exchange (MS-OXTNEF).

Only its files and its plain text are taken out. No library does this that is still looked after (tnefparse: 2021), and
the format is a plain list: kind, length, bytes, sum.
"""

import struct
from dataclasses import dataclass, field

from inbound_email.charsets import decode_bytes

_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY = 0x0002800C  # attBody
_BEGINS = 0x00069002  # attAttachRendData: another file begins
_TITLE = 0x00018010  # attAttachTitle: its short name
_DATA = 0x0006800F  # attAttachData
_PROPERTIES = 0x00069005  # attAttachment: among others its long name
_CODEPAGE = 0x00069007  # attOemCodepage
_LONG_NAMES = (b"\x1f\x00\x07\x37", b"\x1e\x00\x07\x37")  # PR_ATTACH_LONG_FILENAME, as UTF-16 and as bytes
_MOST_FILES = 200


@dataclass(slots=True)
class Unpacked:
    """What was in it: files as (name, bytes)."""

    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def is_tnef(content_type: str, data: bytes) -> bool:
    """Whether these are such bytes: by their first ones, for the type and the name are often lost on the way."""
    return data.startswith(_SIGNATURE) or (content_type == "application/ms-tnef" and _SIGNATURE in data[:64])


def unpack_tnef(data: bytes) -> Unpacked:
    """Its files and text; as much as can be read of one that is cut. Never raises."""
    found = Unpacked()
    name, content, codepage = "", b"", "cp1252"
    here = data.find(_SIGNATURE) + 6
    while here + 9 <= len(data) and len(found.files) < _MOST_FILES:
        kind, length = struct.unpack_from("<II", data, here + 1)
        value = data[here + 9 : here + 9 + length]
        here += 9 + length + 2
        if kind == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif kind == _BODY:
            found.text = decode_bytes(value.rstrip(b"\x00"), codepage)
        elif kind == _BEGINS:
            _keep(found, name, content)
            name, content = "", b""
        elif kind == _TITLE:
            name = name or decode_bytes(value.rstrip(b"\x00"), codepage)
        elif kind == _DATA:
            content = value
        elif kind == _PROPERTIES:
            name = _long_name(value, codepage) or name
    _keep(found, name, content)
    return found


def _keep(found: Unpacked, name: str, content: bytes) -> None:
    if content:
        found.files.append((name, content))


def _long_name(properties: bytes, codepage: str) -> str:
    """The long name among a file's properties: tag, number of values (one), length, letters."""
    for tag in _LONG_NAMES:
        here = properties.find(tag)
        if here < 0 or here + 12 > len(properties):
            continue
        count, length = struct.unpack_from("<II", properties, here + 4)
        letters = properties[here + 12 : here + 12 + length]
        if count == 1 and length < 2_000:
            text = letters.decode("utf-16-le", "replace") if tag[0] == 0x1F else decode_bytes(letters, codepage)
            return text.split("\x00")[0]
    return ""
