"""The list of citizens as one of staff sees it, row by row: what they may see at that moment, and no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from hub.audit.actions import note
from hub.people.citizen_list import View, ordered
from hub.people.exchange.writing import CitizenTable, fields_of, known_of
from hub.people.models import Person
from hub.people.queries import check_exchanges, citizens_of
from hub.towns.models import Town


@dataclass(frozen=True)
class Listing:
    """Those found by `search`, in the columns and the order of `seen`. Everything raises `Forbidden`."""

    actor: Person
    town: Town
    search: str
    seen: View

    def people(self) -> QuerySet[Person]:
        """Who is in it."""
        check_exchanges(self.actor, self.town)
        return citizens_of(self.actor, self.town, self.search)

    def names(self) -> list[str]:
        """The file's columns."""
        counted = citizens_of(self.actor, self.town).annotate(numbers=Count("phones"))
        most_phones = int(counted.aggregate(most=Max("numbers"))["most"] or 0)
        return fields_of([column.key for column in self.seen.shown], most_phones)

    def rows(self, table: CitizenTable) -> Iterator[list[Any]]:
        """Read as they are wanted: few are in memory at a time."""
        return table.rows(known_of(ordered(self.people(), self.seen)))

    def tell_trail(self, count: int, kind: str, names: list[str]) -> None:
        """In the town's trail. The words looked for may name somebody: it only says that there were some."""
        what = {"count": str(count), "kind": kind, "columns": ",".join(names), "found": "1" if self.search else ""}
        subject = f"town.{self.town.slug}"[:60]
        note(town_id=self.town.pk, actor=self.actor, act="citizens.export", subject=subject, what=what)
