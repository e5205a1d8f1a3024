"""Files of every sort that may be sent, as small as they come."""

import zipfile
from io import BytesIO
from typing import Any

from PIL import Image


def container(*names: str, mimetype: str = "") -> bytes:
    """A zip with these members; an OpenDocument begins with its `mimetype`, stored."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        if mimetype:
            file.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name in names:
            file.writestr(
                zipfile.ZipInfo(name), "<x/>", zipfile.ZIP_DEFLATED
            )  # with no time of day: the same bytes each time
    return out.getvalue()


def compound(stream: str) -> bytes:
    """The head of a compound file (Office of before 2007) whose directory names `stream`."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **options)
    return out.getvalue()


WORD = container("[Content_Types].xml", "_rels/.rels", "word/document.xml")
EXCEL = container("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
TEXT = container("content.xml", mimetype="application/vnd.oasis.opendocument.text")
SHEET = container("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

DOCUMENTS = {
    "a.pdf": PDF,
    "a.docx": WORD,
    "a.xlsx": EXCEL,
    "a.odt": TEXT,
    "a.ods": SHEET,
    "a.doc": compound("WordDocument"),
    "a.xls": compound("Workbook"),
    "a.txt": "Où est la clé ?\n".encode(),
}
