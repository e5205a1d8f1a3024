"""The bytes of a file of citizens as rows of cells: CSV or XLSX, and nothing that would fill the memory."""

import csv
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import structlog
from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.people.exchange.columns import known_count

MAX_BYTES = 5_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 200
_MAX_CELL = 2_000
_MAX_SCANNED = 200_000  # rows, the empty ones too
_MAX_UNZIPPED = 100_000_000
_MAX_PARTS = 500
_SEPARATORS = (";", ",", "\t", "|")
_XLSX_BEGINS = b"PK\x03\x04"

# SyntaxError: of XML, whichever reader finds it (lxml where it is installed, else the standard library's).
_BROKEN = (
    zipfile.BadZipFile, SyntaxError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, NotImplementedError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Line:
    """One row that holds something. `number`: as a spreadsheet counts, the headers being on the first."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """A file's headers and rows. `kind`: csv or xlsx."""

    kind: str
    headers: tuple[str, ...]
    lines: tuple[Line, ...]


def read(data: bytes) -> Sheet:
    """What the file holds. Cells are texts; in XLSX also dates. Empty rows are left out.

    Raises `Invalid`, with a sentence: empty, too large, broken, no table.
    """
    if len(data) > MAX_BYTES:
        raise Invalid(_("Ce fichier dépasse 5 Mo. Partagez-le en plusieurs."), field="file")
    if not data.strip():
        raise Invalid(_("Ce fichier est vide."), field="file")
    kind = "xlsx" if data.startswith(_XLSX_BEGINS) else "csv"
    rows = (tuple(map(_plain, cells)) for cells in _xlsx_rows(data)) if kind == "xlsx" else _csv_rows(data)
    lines = _lines(rows)
    first = next(lines, None)
    if first is None:
        raise Invalid(_("Ce fichier est vide."), field="file")
    headers = tuple(_text(cell) for cell in first.cells)
    found = Sheet(kind, headers, tuple(lines))
    if not found.lines:
        raise Invalid(_("Ce fichier n’a que des titres de colonnes : aucune personne n’y est inscrite."), field="file")
    return found


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[Line]:
    count = 0
    for number, cells in enumerate(rows, 1):
        held = any(_text(cell) for cell in cells)
        count += held
        if count > MAX_ROWS + 1 or number > _MAX_SCANNED:
            raise Invalid(
                _("Ce fichier a plus de %(count)s lignes. Partagez-le en plusieurs.") % {"count": MAX_ROWS},
                field="file",
            )
        if len(cells) > MAX_COLUMNS:
            raise Invalid(_("Ce fichier a plus de %(count)s colonnes.") % {"count": MAX_COLUMNS}, field="file")
        if held:
            yield Line(number, cells)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


# CSV.


def _csv_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(data)
    first = _first_line(text)
    if first.lower().startswith("sep="):  # what some spreadsheets write for themselves
        text = text[len(first) :].lstrip("\r\n")
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=_separator(_first_line(text))):
            yield tuple(row)
    except csv.Error as error:
        raise Invalid(
            _("Ce fichier CSV n’a pas pu être lu : un guillemet ouvert n’est sans doute pas refermé."), field="file"
        ) from error


def _first_line(text: str) -> str:
    return next(iter(text[:20_000].splitlines()), "")


def _decoded(data: bytes) -> str:
    """UTF-8, with or without its mark; UTF-16 by its mark; else what Windows writes in French."""
    for encoding in ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(
        _("Ce fichier n’est ni un CSV ni un classeur Excel (XLSX). Enregistrez-le sous l’un de ces formats."),
        field="file",
    )


def _separator(first_line: str) -> str:
    """What parts the first line into the most headers that we know; among equals, into the most parts."""

    def worth(separator: str) -> tuple[int, int]:
        headers = next(csv.reader([first_line], delimiter=separator), [])
        return known_count(headers), len(headers)

    return max(_SEPARATORS, key=worth)


# XLSX.


def _xlsx_rows(data: bytes) -> Iterator[tuple[Any, ...]]:
    # Here, for it is 5 MB of memory that most processes never need.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_parts(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.active if book.active is not None else book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size need not be so
            yield from sheet.iter_rows(values_only=True)
        finally:
            book.close()
    except (*_BROKEN, InvalidFileException) as error:
        log.info("people.workbook_unreadable", error=repr(error)[:200])
        raise Invalid(
            _("Ce classeur n’a pas pu être lu : il est abîmé, protégé, ou ce n’est pas un fichier XLSX."),
            field="file",
        ) from error


def _check_parts(data: bytes) -> None:
    """Nothing that unfolds beyond bounds. A part never gives more bytes than its own entry says."""
    with zipfile.ZipFile(BytesIO(data)) as parts:
        entries = parts.infolist()
        if len(entries) > _MAX_PARTS or sum(entry.file_size for entry in entries) > _MAX_UNZIPPED:
            raise Invalid(_("Ce classeur est trop grand une fois ouvert. Partagez-le en plusieurs."), field="file")
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")) and _declares_a_type(parts, entry):
                raise zipfile.BadZipFile(entry.filename)


def _declares_a_type(parts: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether an XML part begins with a DOCTYPE: no spreadsheet writes one, and entities that unfold need it."""
    with parts.open(entry) as part:
        return b"<!DOCTYPE" in part.read(4096).replace(b"\0", b"")


def _plain(cell: Any) -> Any:
    """Texts and days: a phone typed as a number loses its « .0 »."""
    if isinstance(cell, datetime):
        return cell.date()
    if cell is None or isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)[:_MAX_CELL]
