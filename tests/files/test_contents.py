"""What a document's bytes say against its extension."""

import itertools
import zipfile
from io import BytesIO

import pytest

from hub.core.errors import Invalid
from hub.files import contents, rules
from tests.files import samples

ENCRYPTED_FLAG = 0x1


def check(name: str, data: bytes) -> None:
    contents.check(data, rules.kind_of(name))


@pytest.mark.parametrize("name", samples.DOCUMENTS)
def test_every_kind_is_known_by_its_bytes(name: str) -> None:
    check(name, samples.DOCUMENTS[name])


# A PDF without binary parts is text as well.
PAIRS = set(itertools.permutations(samples.DOCUMENTS, 2)) - {("a.txt", "a.pdf")}


@pytest.mark.parametrize(("name", "other"), sorted(PAIRS))
def test_no_kind_passes_for_another(name: str, other: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(name, samples.DOCUMENTS[other])
    assert refused.value.code == "file_content"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"MZ\x90\x00" + bytes(100)),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.docx", samples.container("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.xlsx", samples.container("[Content_Types].xml", "xl/workbook.xml", "xl/VBAPROJECT.BIN")),
        ("a.docx", samples.container("evil.exe")),
        ("a.docx", samples.WORD[:60]),
        ("a.odt", samples.container("content.xml")),
        ("a.doc", samples.compound("Workbook")),
        ("a.txt", "UTF-16".encode("utf-16")),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00"),
        ("a.xls", samples.picture()),
    ],
)
def test_what_pretends_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Invalid):
        check(name, data)


def test_an_encrypted_container_is_refused() -> None:
    data = bytearray(samples.WORD)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= ENCRYPTED_FLAG
            at = data.find(mark, at + 4)
    with pytest.raises(Invalid):
        check("a.docx", bytes(data))


def test_a_container_of_too_many_members_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in ("[Content_Types].xml", "word/document.xml", *map(str, range(5_001))):
            file.writestr(name, "")
    with pytest.raises(Invalid):
        check("a.docx", out.getvalue())


def test_a_bomb_is_not_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<x/>")
        with file.open("word/document.xml", "w") as member:
            for _ in range(64):
                member.write(bytes(1024 * 1024))
    assert len(out.getvalue()) < 100_000
    check("a.docx", out.getvalue())


def test_text_of_older_machines_is_text() -> None:
    check("a.txt", "Où est la clé ?\r\n".encode("cp1252"))
