"""What a verification says of each row, as it is kept between two pages and shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.core.typography import phone
from hub.people.exchange.cells import text_of
from hub.people.exchange.columns import head
from hub.people.exchange.more import room_of
from hub.people.exchange.planning import KINDS, NEW, REFUSED, Plan, as_text
from hub.people.exchange.reading import Sheet
from hub.people.models import Language

Row = dict[str, Any]


def rows_of(plans: Sequence[Plan], sheet: Sheet) -> list[Row]:
    """`{row, kind, name, told}` per row; `told`: `[field, before, after]`, or `[field, value, why]` with `cells` for a
    refused one."""
    found = []
    for plan, line in zip(plans, sheet.lines, strict=True):
        row: Row = {"row": plan.entry.number, "kind": plan.kind, "name": plan.name}
        if plan.kind == REFUSED:
            row["told"] = [[fault.field, fault.value, fault.why] for fault in plan.faults]
            row["cells"] = [text_of(cell) for cell in line.cells]
        else:
            row["told"] = [[name, as_text(before), as_text(after)] for name, before, after in plan.changes]
        found.append(row)
    return found


def counts_of(plans: Sequence[Plan]) -> dict[str, int]:
    """How many rows of each kind."""
    found = Counter(plan.kind for plan in plans)
    return {kind: found[kind] for kind in KINDS}


def said(row: Row) -> Row:
    """A row in the reader's words: `told` becomes `[{label, before, after}]`, or `[{label, value, why}]`."""
    language = get_language() or "fr"
    told = [
        {"label": _label(name, language), "value": value, "why": why}
        if row["kind"] == REFUSED
        else {"label": _label(name, language), "before": _shown(name, value), "after": _shown(name, why)}
        for name, value, why in row["told"]
        if row["kind"] != NEW or name not in {"first_name", "last_name"}
    ]
    return {**row, "told": told}


def _label(name: str, language: str) -> str:
    if name == "citizen":
        return _("Entre dans la liste des citoyens")
    return head("phone_1" if name == "phones" else name, language) if name else ""


def _shown(name: str, value: Any) -> str:
    if not value:
        return ""
    if name == "phones":
        return ", ".join(phone(number) for number in value)
    if room := room_of(name):
        return room.shown(name, value)
    readers: Mapping[str, Any] = {
        "birth_date": lambda day: date_format(date.fromisoformat(day), "DATE_FORMAT"),
        "language": lambda code: str(Language(code).label),
        "title": lambda code: {"mme": _("Madame"), "m": _("Monsieur")}.get(code, code),
    }
    return str(readers[name](value)) if name in readers else str(value)
