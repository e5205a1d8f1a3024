"""The list of citizens as somebody wants it: kept for them, and taken out as a file."""

from collections.abc import Sequence

from django.db.models import Count, Max

from hub.audit.actions import note
from hub.core.errors import Invalid
from hub.core.spreadsheets import KINDS, written
from hub.people.citizen_list import LIST, ordered, view, view_of
from hub.people.exchange.writing import CitizenExport, fields_of
from hub.people.models import ListChoice, Person
from hub.people.queries import check_exchanges, citizens_of
from hub.towns.models import Town


def keep_view(*, person: Person, columns: Sequence[str] | None = None, order: str | None = None) -> None:
    """Show the person the list of citizens so from now on. What is None stays; what is no column is left out."""
    seen = view_of(person)
    chosen = view(seen.columns if columns is None else columns, seen.sign if order is None else order)
    ListChoice.objects.update_or_create(
        person=person, name=LIST, defaults={"columns": list(chosen.columns), "order": chosen.sign}
    )


def export_citizens(*, actor: Person, town: Town, search: str, kind: str) -> bytes:
    """The list as a file (csv, xlsx): those found, in the actor's columns and order; the town's trail tells of it.

    Raises `Forbidden`, `Invalid` for another kind of file.
    """
    check_exchanges(actor, town)
    if kind not in KINDS:
        raise Invalid
    seen = view_of(actor)
    people = citizens_of(actor, town, search).select_related("address")
    columns = fields_of([column.key for column in seen.shown], _most_phones(actor, town))
    dataset = CitizenExport(town).export(ordered(people, seen).iterator(chunk_size=1_000), export_fields=columns)
    # The words looked for may name somebody: the trail, which forgets nothing, only says that there were some.
    what = {"count": str(len(dataset)), "kind": kind, "columns": ",".join(columns), "found": "1" if search else ""}
    note(town_id=town.pk, actor=actor, act="citizens.export", subject=f"town.{town.slug}"[:60], what=what)
    return written(dataset, kind)


def _most_phones(actor: Person, town: Town) -> int:
    counted = citizens_of(actor, town).annotate(numbers=Count("phones"))
    return int(counted.aggregate(most=Max("numbers"))["most"] or 0)
