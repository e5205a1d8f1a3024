"""Names and kinds of files."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import Invalid
from hub.files import rules


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Photo du banc.jpg", "Photo du banc.jpg"),
        ("été « à l’église ».pdf", "été « à l’église ».pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Documents\\lettre.docx", "lettre.docx"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\r\nSet-Cookie: b.txt", "aSet-Cookie: b.txt"),
        ("a\x00b.pdf", "ab.pdf"),
        ("  a  b .pdf", "a b.pdf"),
        (".pdf", "pdf"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_name_is_kept_without_what_misleads(given_name: str, kept: str) -> None:
    assert rules.clean_name(given_name) == kept


def test_a_long_name_keeps_its_extension() -> None:
    kept = rules.clean_name("é" * 300 + ".jpeg")
    assert (len(kept), kept[-6:]) == (rules.MAX_NAME, "é.jpeg")
    assert len(rules.clean_name("a." + "b" * 300)) <= rules.MAX_NAME


@given(st.text(max_size=400))
def test_no_name_does_harm(name: str) -> None:
    kept = rules.clean_name(name)
    assert len(kept) <= rules.MAX_NAME
    assert not {"/", "\\", "\n", "\r", "\u202e"} & set(kept)
    assert [letter for letter in kept if unicodedata.category(letter) in {"Cc", "Cf", "Cs"}] == []
    assert rules.clean_name(kept) == kept


@pytest.mark.parametrize(
    "name", ["a.exe", "a.html", "a.svg", "a.gif", "a.msg", "a.docm", "a.pdf.js", "a", "pdf", "", "a.", ".jpg"]
)
def test_other_kinds_are_not_taken(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.kind_of(name)
    assert (refused.value.code, refused.value.field) == ("file_type", "file")


def test_extensions_count_in_any_case() -> None:
    assert rules.kind_of("IMG_0042.JPG").content_type == "image/jpeg"
    assert rules.kind_of("Lettre.DocX").extension == "docx"


def test_a_picture_of_another_kind_is_given_its_extension() -> None:
    assert rules.named_as("photo.JPG", "image/jpeg") == "photo.JPG"
    assert rules.named_as("photo.jpeg", "image/jpeg") == "photo.jpeg"
    assert rules.named_as("ma.photo.jpg", "image/png") == "ma.photo.png"
