"""Files for spreadsheets, CSV or XLSX.

What people typed never runs there: a cell that would be a formula gets an apostrophe (OWASP, CSV Injection).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from import_export.formats.base_formats import CSV
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Full-width forms too: some spreadsheets read them as the others.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = b"\xef\xbb\xbf"  # without it, spreadsheets take UTF-8 for something else


def guarded(value: Any) -> Any:
    """What a cell may hold: no formula, no control characters. Days and counts stay what they are."""
    if isinstance(value, date | int):
        return value
    words = ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))
    return f"'{words}" if words.startswith(_FORMULA) else words


def written(dataset: Dataset, kind: str) -> bytes:
    """The file's bytes. CSV: UTF-8 with its mark, semicolons, as spreadsheets in French open it."""
    headers = [guarded(header) for header in dataset.headers]
    rows = ([guarded(cell) for cell in row] for row in dataset)
    if kind == "xlsx":
        return _xlsx(headers, rows)
    text: str = CSV().export_data(Dataset(*rows, headers=headers), delimiter=";")
    return _BOM + text.encode()


def _xlsx(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    bold = [WriteOnlyCell(sheet, value=header) for header in headers]
    for at, cell in enumerate(bold, 1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = 22
    sheet.append(bold)
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_file(data: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep; what it holds is for nobody else."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=KINDS[kind], headers=headers)
