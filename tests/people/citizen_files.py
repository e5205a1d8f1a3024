"""Files of citizens as town halls have them, made for tests."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from hub.people.actions import verify_import
from hub.people.models import CitizenImport, Person
from hub.towns.models import Town

HEADERS = ("Prénom", "Nom", "Courriel", "Téléphone")


def csv_of(
    *rows: Sequence[Any], headers: Sequence[str] = HEADERS, separator: str = ";", encoding: str = "utf-8"
) -> bytes:
    """A CSV file."""
    out = StringIO()
    csv.writer(out, delimiter=separator).writerows([headers, *rows])
    return out.getvalue().encode(encoding)


def xlsx_of(rows: Iterable[Sequence[Any]], headers: Sequence[str] = HEADERS) -> bytes:
    """A workbook of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def whole(answer: Any) -> bytes:
    """What an answer brings, whether it comes at once or in parts."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def rows_of_xlsx(data: bytes) -> list[tuple[Any, ...]]:
    """What a workbook holds, headers first."""
    return list(load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True))


def rows_of_csv(data: bytes) -> list[list[str]]:
    """What a CSV file of ours holds, headers first."""
    return list(csv.reader(StringIO(data.decode("utf-8-sig")), delimiter=";"))


def verified(actor: Person, town: Town, data: bytes, name: str = "liste.csv") -> CitizenImport:
    """A file that was sent and verified."""
    return verify_import(actor=actor, town=town, name=name, data=data)


def kinds(held: CitizenImport) -> list[str]:
    """What becomes of each row."""
    return [row["kind"] for row in held.report]


def faults(held: CitizenImport) -> list[str]:
    """Why rows are refused, with the number of the row and the value."""
    return [
        f"{row['row']} {value}: {why}"
        for row in held.report if row["kind"] == "refused"
        for _field, value, why in row["told"]
    ]  # fmt: skip


def send(client: Client, town: Town, name: str, data: bytes) -> Any:
    """Send a file on the page; what comes then, redirects followed."""
    address = reverse("desk_imports", args=[town.slug])
    return client.post(address, {"file": SimpleUploadedFile(name, data)}, follow=True)
