"""Files of citizens: read whatever wrote them, bounded, and their columns and cells understood."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation

from hub.core.errors import Invalid
from hub.core.spreadsheets import guarded, written
from hub.people.exchange.cells import cleaners
from hub.people.exchange.columns import COLUMNS, head, understood
from hub.people.exchange.reading import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Sheet, read
from hub.people.exchange.writing import template
from hub.towns.models import Country
from tests.people.citizen_files import csv_of, rows_of_csv, rows_of_xlsx, xlsx_of

ROWS = [("Élodie", "Œuvré", "elodie@citoyen.example", "06 12 34 56 78"), ("Paul", "N’Guyen", "", "01 99 00 01 10")]


def said(sheet: Sheet) -> list[tuple[str, ...]]:
    return [sheet.headers, *(tuple(str(cell) for cell in line.cells) for line in sheet.lines)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_csv_is_read_whatever_wrote_it(encoding: str, separator: str) -> None:
    sheet = read(csv_of(*ROWS, separator=separator, encoding=encoding))
    assert said(sheet) == [("Prénom", "Nom", "Courriel", "Téléphone"), *ROWS]


def test_the_separator_is_the_one_that_makes_headers_of_ours() -> None:
    sheet = read("Nom;Prénom;Rue, place, chemin;Courriel\nPetit;Nora;1, rue du Four;n@c.example\n".encode())
    assert sheet.headers == ("Nom", "Prénom", "Rue, place, chemin", "Courriel")
    assert read(b"sep=,\r\nNom,Rue\r\nPetit,Four; 2\r\n").headers == ("Nom", "Rue")


def test_rows_are_numbered_as_in_a_spreadsheet() -> None:
    data = b'Nom;Rue\n\nPetit;"Four\nancien"\n;\nGrand;Lac\n'
    assert [(line.number, line.cells[0]) for line in read(data).lines] == [(3, "Petit"), (5, "Grand")]


def test_a_workbook_gives_days_and_numbers_as_they_were_meant() -> None:
    sheet = read(xlsx_of([("Nora", None, 612345678.0, datetime(1971, 3, 14)), (None,) * 4, ("Paul", True, 1000, "x")]))
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (2, ("Nora", None, "612345678", date(1971, 3, 14))), (4, ("Paul", "True", "1000", "x")),
    ]  # fmt: skip


def _bomb(name: str, part: bytes, times: int = 1) -> bytes:
    """A workbook with one more part, which unfolds."""
    out = BytesIO(xlsx_of(ROWS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts, parts.open(name, "w") as entry:
        for _time in range(times):
            entry.write(part)
    return out.getvalue()


def _with(name: str, old: bytes, new: bytes) -> bytes:
    """A workbook in which a part was changed."""
    source, out = zipfile.ZipFile(BytesIO(xlsx_of(ROWS))), BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for entry in source.infolist():
            held = source.read(entry)
            parts.writestr(entry.filename, held.replace(old, new) if entry.filename == name else held)
    return out.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: b"", "est vide"),
        (lambda: b" \n\r\n", "est vide"),
        (lambda: csv_of(), "n’a que des titres"),
        (lambda: xlsx_of([]), "n’a que des titres"),
        (lambda: b"x" * (MAX_BYTES + 1), "dépasse 5 Mo"),
        (lambda: csv_of(*[("a", "b")] * (MAX_ROWS + 1)), "plus de 10000 lignes"),
        (lambda: b";".join([b"a"] * (MAX_COLUMNS + 1)) + b"\nx\n", "plus de 200 colonnes"),
        (lambda: b'Nom;Rue\n"' + b"x" * 200_000, "guillemet"),
        (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "ni un CSV ni un classeur"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ni un CSV ni un classeur"),  # with a password
        (lambda: xlsx_of(ROWS)[:-300], "n’a pas pu être lu"),
        (lambda: b"PK\x03\x04 and no more", "n’a pas pu être lu"),
        (lambda: _with(_SHEET, b"</row>", b"<row>"), "n’a pas pu être lu"),
        (lambda: _with("xl/workbook.xml", b"<sheets>", b"<sheets"), "n’a pas pu être lu"),
        (lambda: _with(_SHEET, b"<worksheet", _ENTITIES), "n’a pas pu être lu"),
        (lambda: _bomb("xl/media/zeros.bin", bytes(1_000_000), 101), "trop grand une fois ouvert"),
        (lambda: _with(_SHEET, b'<row r="3"', b'<row r="1048576"'), "plus de 10000 lignes"),
    ],
    ids=["empty", "blank", "headers", "xlsx headers", "bytes", "rows", "columns", "quote", "png", "locked", "cut",
         "no zip", "no xml", "no book", "entities", "bomb", "far row"],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_in_words(make: Any, why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(make())
    assert why in str(refusal.value)


def test_headers_are_known_in_both_languages_and_by_other_names() -> None:
    for headers in (
        ("PRENOM", "nom de famille", "E-mail", "Mobile", "N°", "Adresse", "CP", "Ville"),
        ("First Name", "surname", "email address", "Phone", "Street number", "street", "Zip code", "TOWN"),
    ):
        fields = understood(headers).fields
        assert fields == ("first_name", "last_name", "email", "phone_1", "number", "street", "postal_code", "city")


def test_phones_keep_their_order_and_other_columns_are_named_once() -> None:
    heads = understood(("Nom", "Téléphone mobile", "Téléphone 2", "Phone", "Quartier", "Surname", "Ligne", ""))
    assert heads.fields == ("last_name", "phone_1", "phone_2", "phone_3", "", "last_name", "", "")
    assert (heads.unknown, heads.twice) == (("Quartier",), ("Surname",))
    assert understood(["Téléphone"] * 7).twice == ("Téléphone",)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_our_own_headers_are_read_back(language: str) -> None:
    with translation.override(language):
        headers = rows_of_csv(written(template(), "csv"))[0]
        assert list(rows_of_xlsx(written(template(), "xlsx"))[0]) == headers
    assert set(COLUMNS) - set(understood(headers).fields) == {"phone"}
    ours = [head(name, language) for name in ("account", "registered", "row", "reason")]
    assert understood(ours).unknown == ()


@pytest.mark.parametrize(
    ("field", "cell", "kept"),
    [
        ("first_name", "  Anne \n Marie ", "Anne Marie"),
        ("email", "mailto:Nora@Citoyen.Example", "nora@citoyen.example"),
        ("phone_1", "06.12.34.56.78", "+33612345678"),
        ("phone_1", "612345678", "+33612345678"),
        ("phone_2", "'+1 418 555-0142", "+14185550142"),
        ("title", "M.", "m"),
        ("title", "Madame", "mme"),
        ("language", "Français", "fr"),
        ("language", "ENGLISH", "en"),
        ("birth_date", "14/03/1971", date(1971, 3, 14)),
        ("birth_date", "1971-03-14 00:00:00", date(1971, 3, 14)),
        ("birth_date", date(1971, 3, 14), date(1971, 3, 14)),
        ("postal_code", "1000", "01000"),
        ("postal_code", "99 000", "99000"),
        ("postal_code", "g0l-1a0", "G0L 1A0"),
    ],
)
def test_cells_are_kept_as_they_are_meant(field: str, cell: Any, kept: Any) -> None:
    assert cleaners(Country.FRANCE)[field](cell) == kept


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("first_name", "x" * 81), ("last_name", "a\u202eb"), ("email", "nora@"), ("email", f"{'x' * 250}@c.example"),
        ("phone_1", "0612"), ("phone_1", "rappeler"), ("title", "Dr"), ("language", "klingon"),
        ("birth_date", "31/02/1990"), ("birth_date", "14/03/71"), ("birth_date", "2999-01-01"),
        ("birth_date", date(1700, 1, 1)), ("postal_code", "1"), ("postal_code", "D0L 1A0"), ("postal_code", "SW1A 1AA"),
    ],
)  # fmt: skip
def test_cells_that_make_no_sense_are_refused_in_words(field: str, cell: Any) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+.*\."):
        cleaners(Country.FRANCE)[field](cell)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_a_formula(begin: str) -> None:
    assert guarded(f"{begin}1+1") == f"'{begin}1+1"
    assert guarded(f"\x07{begin}1+1").startswith("'")
    assert guarded(f"a{begin}1") == f"a{begin}1"
