"""Files for spreadsheets, CSV or XLSX.

What people typed never runs there: a cell that would be a formula gets an apostrophe (OWASP, CSV Injection).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from django.http import HttpResponse
from tablib import Dataset

from hub.core.streaming import Streamed

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Full-width forms too: some spreadsheets read them as the others.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What no workbook may hold (XML 1.0, 2.2).
_CONTROL = re.compile(r"[\000-\010\013\014\016-\037]")
_PART_ROWS = 500
_BOM = b"\xef\xbb\xbf"  # without it, spreadsheets take UTF-8 for something else


def guarded(value: Any) -> Any:
    """What a cell may hold: no formula, no control characters. Days and counts stay what they are."""
    if isinstance(value, date | int):
        return value
    words = _CONTROL.sub("", "" if value is None else str(value))
    return f"'{words}" if words.startswith(_FORMULA) else words


Rows = Iterable[Sequence[Any]]


def written(dataset: Dataset, kind: str) -> bytes:
    """The file's bytes, of a table that is in memory."""
    return whole(dataset.headers, dataset, kind)


def whole(headers: Sequence[str], rows: Rows, kind: str) -> bytes:
    """The file's bytes. The rows may come one by one, and are not kept."""
    return xlsx(headers, rows) if kind == "xlsx" else b"".join(csv_parts(headers, rows))


def csv_parts(headers: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """The file some rows at a time: UTF-8 with its mark, semicolons, as spreadsheets in French open it."""
    out = StringIO(newline="")
    table = csv.writer(out, delimiter=";")
    table.writerow([guarded(header) for header in headers])
    yield _BOM
    for number, row in enumerate(rows, 1):
        table.writerow([guarded(cell) for cell in row])
        if number % _PART_ROWS == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def xlsx(headers: Sequence[str], rows: Rows) -> bytes:
    """A workbook of one sheet; its rows go through a file on disk."""
    # Here, for it is 5 MB of memory that most processes never need.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    bold = [WriteOnlyCell(sheet, value=guarded(header)) for header in headers]
    for at, cell in enumerate(bold, 1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = 22
    sheet.append(bold)
    for row in rows:
        sheet.append([guarded(cell) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_file(data: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep; what it holds is for nobody else."""
    return HttpResponse(data, content_type=KINDS[kind], headers=_kept_as(name, kind))


def as_csv(parts: Iterable[bytes], name: str) -> Streamed:
    """The same, of `csv_parts`: they leave as they are made."""
    return Streamed(parts, content_type=KINDS["csv"], headers=_kept_as(name, "csv"))


def _kept_as(name: str, kind: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
