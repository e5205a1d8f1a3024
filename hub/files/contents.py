"""Whether the bytes of a document are what its extension says. Pure. (Pictures are made anew: that says it.)"""

import zipfile
from collections.abc import Callable
from io import BytesIO

import puremagic
from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.files.rules import Kind

_MAX_MEMBERS = 5_000


def check(data: bytes, kind: Kind) -> None:
    """Look at the first bytes, then into the container; nothing is unpacked. Raises `Invalid` (`file_content`)."""
    known = kind.extension == "txt" or kind.extension in _likely(data)
    if not known or not _LOOKS[kind.extension](data):
        raise Invalid(
            _("Le contenu de ce fichier n’est pas celui d’un fichier .%(extension)s.") % {"extension": kind.extension},
            field="file",
            code="file_content",
        )


def _likely(data: bytes) -> set[str]:
    """The extensions that these bytes may have."""
    try:
        return {match.extension.lstrip(".") for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return set()


def _members(data: bytes) -> set[str]:
    """The names in a zip's directory; none when it is broken, encrypted or has too many."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as container:
            listed = container.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return set()
    if len(listed) > _MAX_MEMBERS or any(member.flag_bits & 0x1 for member in listed):
        return set()
    return {member.filename for member in listed}


def _office(document: str) -> Callable[[bytes], bool]:
    """Office Open XML (ECMA-376, part 2): its main part is there, and no macros come along."""

    def look(data: bytes) -> bool:
        names = _members(data)
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return {"[Content_Types].xml", document} <= names and not macros

    return look


def _open_document(content_type: bytes) -> Callable[[bytes], bool]:
    """OpenDocument 1.3, part 2, 3.3: the first member, not packed, is named `mimetype` and says what it is."""

    def look(data: bytes) -> bool:
        begins = data[26:30] == b"\x08\x00\x00\x00" and data[30:38] == b"mimetype"
        return begins and data[38:].startswith(content_type) and "content.xml" in _members(data)

    return look


def _compound(stream: str) -> Callable[[bytes], bool]:
    """The binary formats of before 2007 ([MS-CFB]): the directory names the stream of that format."""
    name = stream.encode("utf-16-le")
    return lambda data: data.startswith(bytes.fromhex("d0cf11e0a1b11ae1")) and name in data


def _text(data: bytes) -> bool:
    """Words and line ends; no other control byte (UTF-16 has many)."""
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in data)


_LOOKS: dict[str, Callable[[bytes], bool]] = {
    "docx": _office("word/document.xml"),
    "xlsx": _office("xl/workbook.xml"),
    "odt": _open_document(b"application/vnd.oasis.opendocument.text"),
    "ods": _open_document(b"application/vnd.oasis.opendocument.spreadsheet"),
    "pdf": lambda data: data.startswith(b"%PDF-"),
    "doc": _compound("WordDocument"),
    "xls": _compound("Workbook"),
    "txt": _text,
    # [MS-OXMSG] 2.1: the properties of the message itself.
    "msg": _compound("__properties_version1.0"),
}
