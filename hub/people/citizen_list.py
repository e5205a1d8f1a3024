"""The desk's list of citizens: which columns it may have, in which order its rows stand (S4–S6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OrderBy, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hub.people.models import ListChoice, Person, Phone

LIST = "citizens"


@dataclass(frozen=True)
class Column:
    """`key`: its name in forms; `by`: what its rows are ordered by, empty values last; by nothing: it orders none."""

    key: str
    label: "str | Promise"
    by: tuple[Any, ...]


def _given(name: str) -> NullIf:
    """What was given; nothing where there is an empty text."""
    return NullIf(F(name), Value(""))


def _first_phone() -> Subquery:
    return Subquery(Phone.objects.filter(person=OuterRef("pk")).order_by("position", "id").values("number")[:1])


_BY_NAME = F("words")

# The name stands first, and always. Rooms above add theirs behind (`hub.people.exchange.more`).
COLUMNS = [
    Column("name", pgettext_lazy("prénom et nom", "Nom"), (_BY_NAME,)),
    Column("email", _("Courriel"), (_given("email"),)),
    Column("phone", _("Téléphone"), (_first_phone(),)),
    Column("address", _("Adresse"), (_given("address__words"),)),
    Column("postal_code", _("Code postal"), (_given("address__postal_code"),)),
    Column("language", _("Langue"), (F("language"),)),
    Column("account", _("Compte"), (F("self_registered"),)),
    Column("birth_date", _("Date de naissance"), (F("birth_date"),)),
    Column("registered", _("Inscription"), (F("joined_at"),)),
]
_FIRST_SEEN = ("email", "phone", "account", "registered")


@dataclass(frozen=True)
class View:
    """How somebody sees the list: columns besides the name, in the list's own order; the column it is ordered by."""

    columns: tuple[str, ...] = _FIRST_SEEN
    order: str = "name"
    descending: bool = False

    @property
    def sign(self) -> str:
        """The order in a word: a column's key, after « - » from its end."""
        return f"-{self.order}" if self.descending else self.order

    @property
    def shown(self) -> list[Column]:
        """The columns that are seen, the name first."""
        return [column for column in COLUMNS if column.key == "name" or column.key in self.columns]


def view_of(person: Person) -> View:
    """What the person chose last; what is no column (any more) is left out."""
    kept = ListChoice.objects.filter(person=person, name=LIST).first()
    return view(kept.columns, kept.order) if kept else View()


def view(columns: Sequence[str], order: str) -> View:
    """A view made of what a form or a row says. `order`: a column's key, after « - » from its end."""
    known = tuple(column.key for column in COLUMNS if column.key in columns and column.key != "name")
    key = order.removeprefix("-")
    return View(known, key, order.startswith("-")) if _column(key).by else View(known)


def ordered(people: QuerySet[Person], seen: View) -> QuerySet[Person]:
    """`people` (of `queries.citizens_of`) in that order; those alike by name."""
    by = _column(seen.order).by
    return people.order_by(*(_ordering(part, seen.descending) for part in by), _BY_NAME, "pk")


def _column(key: str) -> Column:
    """The column of that name; one that orders nothing when there is none."""
    return next((column for column in COLUMNS if column.key == key), Column(key, "", ()))


def _ordering(part: Any, descending: bool) -> OrderBy:
    return OrderBy(part, descending=descending, nulls_last=True)
