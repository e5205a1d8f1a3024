"""The list of citizens as somebody wants it: kept for them, and taken out as a file."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils.translation import get_language

from hub.core.clock import now
from hub.core.errors import Invalid
from hub.core.limits import CITIZEN_FILES, hit
from hub.core.spreadsheets import KINDS, csv_parts, xlsx
from hub.people.citizen_list import LIST, view, view_of
from hub.people.exchange.listing import Listing
from hub.people.exchange.writing import CitizenTable
from hub.people.models import CitizenFile, ListChoice, Person
from hub.people.queries import check_exchanges
from hub.people.tasks import nudge
from hub.towns.models import Town


def keep_view(*, person: Person, columns: Sequence[str] | None = None, order: str | None = None) -> None:
    """Show the person the list of citizens so from now on. What is None stays; what is no column is left out."""
    seen = view_of(person)
    chosen = view(seen.columns if columns is None else columns, seen.sign if order is None else order)
    ListChoice.objects.update_or_create(
        person=person, name=LIST, defaults={"columns": list(chosen.columns), "order": chosen.sign}
    )


def export_citizens(*, actor: Person, town: Town, search: str, kind: str) -> Iterator[bytes]:
    """The list as a file (csv, xlsx): those found, in the actor's columns and order; the town's trail tells of it.

    It comes in parts, read as they are taken; a workbook in one (see `queries.takes_long`). Raises `Forbidden`,
    `Invalid` for another kind of file.
    """
    check_exchanges(actor, town)
    if kind not in KINDS:
        raise Invalid
    listing = Listing(actor, town, search, view_of(actor))
    names = listing.names()
    table = CitizenTable(town, names)
    listing.tell_trail(listing.people().count(), kind, names)
    rows = listing.rows(table)
    return csv_parts(table.headers, rows) if kind == "csv" else iter([xlsx(table.headers, rows)])


def ask_for_workbook(*, actor: Person, town: Town, search: str) -> CitizenFile:
    """The same as a workbook, made by a worker: the trail tells of it once it is there.

    In place of the actor's former one of this town. Raises `Forbidden`, `RateLimited`.
    """
    check_exchanges(actor, town)
    hit(CITIZEN_FILES, actor.pk)
    seen, language = view_of(actor), (get_language() or "fr")[:2]
    with transaction.atomic():
        CitizenFile.objects.filter(person=actor, town=town).delete()
        asked = CitizenFile.objects.create(
            town=town, person=actor, search=search, columns=list(seen.columns), order=seen.sign, language=language,
            asked_at=now(),
        )  # fmt: skip
        transaction.on_commit(lambda: nudge(asked.pk), robust=True)
    return asked
