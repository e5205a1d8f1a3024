"""What a board shows: its tab, filters and order, as an address, as what is remembered, as what people chose.

Pure. An address and a memory are the same thing: names with their values. What can't be understood, or is not there
any more, does not count; `Read.lost` says what.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.tickets.models import CLOSED, OPEN, Priority, Source, Status, TicketKind

MAX_TEXT = 80
MAX_WORDS = 6
YEARS = range(1990, 2200)
NOBODY_ID = 0  # as a service: none


class Tab(StrEnum):
    """The board's three lists (S126)."""

    HELD = "non-transferees"
    OPEN = "ouvertes"
    CLOSED = "fermees"


STATUSES: dict[Tab, tuple[Status, ...]] = {Tab.HELD: (Status.NOT_TRANSFERRED,), Tab.OPEN: OPEN, Tab.CLOSED: CLOSED}


class Order(StrEnum):
    """In which order (S129); each begins with what presses."""

    CREATED = "creation"
    DUE = "echeance"
    SERVICE = "service"
    PRIORITY = "priorite"


@dataclass(frozen=True)
class Filters:
    """A board's state. Empty: not filtered by that. `services` may hold `NOBODY_ID`."""

    tab: Tab = Tab.OPEN
    order: Order = Order.CREATED
    reverse: bool = False
    text: str = ""
    words: tuple[str, ...] = ()
    services: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    internal: str = ""  # "only", "without"
    priorities: tuple[int, ...] = ()
    created_from: date | None = None
    created_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    late: bool = False
    assignee: str = ""  # "me", "nobody", the id of a person
    starred: bool = False
    statuses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    answered: bool = False
    kinds: tuple[str, ...] = ()
    public: str = ""  # "yes", "no"


@dataclass(frozen=True)
class Known:
    """What a town's filters may name: ids."""

    services: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Read:
    """What was understood, and the names of the parts that were not."""

    filters: Filters
    lost: list["str | Promise"] = field(default_factory=list)


# Reading a part: the values that were given, to what `Filters` holds. ValueError: not understood.

Reader = Callable[[Sequence[str], Known], Any]


def _one_of(codes: Iterable[str]) -> Reader:
    allowed = frozenset(codes)

    def read(values: Sequence[str], _known: Known) -> str:
        if values[-1] not in allowed:
            raise ValueError
        return values[-1]

    return read


def _some_of(codes: Iterable[str]) -> Reader:
    order = list(codes)

    def read(values: Sequence[str], _known: Known) -> tuple[str, ...]:
        return tuple(sorted(set(values), key=order.index))  # ValueError: not one of them

    return read


def _flag(values: Sequence[str], _known: Known) -> bool:
    if values[-1] != "1":
        raise ValueError
    return True


def _day(values: Sequence[str], _known: Known) -> date:
    day = date.fromisoformat(values[-1])
    if day.year not in YEARS:
        raise ValueError
    return day


def _text(values: Sequence[str], _known: Known) -> str:
    return _line(values[-1])


def _words(values: Sequence[str], _known: Known) -> tuple[str, ...]:
    found = (_line(word) for value in values for word in value.split(","))
    return tuple(dict.fromkeys(word for word in found if word))[:MAX_WORDS]


def _line(value: str) -> str:
    return " ".join(value.replace("\x00", "").split())[:MAX_TEXT].strip()


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise ValueError
    return int(value)


def _ids(name: str, *extra: int) -> Reader:
    def read(values: Sequence[str], known: Known) -> tuple[int, ...]:
        found = {_number(value) for value in values}
        if found - getattr(known, name) - set(extra):
            raise ValueError
        return tuple(sorted(found))

    return read


def _assignee(values: Sequence[str], known: Known) -> str:
    if values[-1] not in {"me", "nobody"} and _number(values[-1]) not in known.people:
        raise ValueError
    return values[-1]


def _priorities(values: Sequence[str], _known: Known) -> tuple[int, ...]:
    return tuple(sorted({int(Priority[value.upper()]) for value in values}, reverse=True))


@dataclass(frozen=True)
class Part:
    """One part of a board's state. `name`: in addresses; `label`: what people call it."""

    name: str
    field: str
    label: "str | Promise"
    read: Reader


PARTS = (
    Part("onglet", "tab", _("onglet"), _one_of(Tab)),
    Part("ordre", "order", _("ordre"), _one_of(Order)),
    Part("inverse", "reverse", _("sens de l’ordre"), _flag),
    Part("q", "text", _("recherche"), _text),
    Part("mot", "words", _("mots-clés"), _words),
    Part("service", "services", _("services"), _ids("services", NOBODY_ID)),
    Part("categorie", "categories", _("catégories"), _ids("categories")),
    Part("internes", "internal", _("requêtes internes"), _one_of(("only", "without"))),
    Part("priorite", "priorities", _("priorités"), _priorities),
    Part("cree_du", "created_from", _("créées du"), _day),
    Part("cree_au", "created_to", _("créées au"), _day),
    Part("echeance_du", "due_from", _("échéance du"), _day),
    Part("echeance_au", "due_to", _("échéance au"), _day),
    Part("retard", "late", _("en retard"), _flag),
    Part("pour", "assignee", _("attribution"), _assignee),
    Part("favorites", "starred", _("favorites"), _flag),
    Part("etat", "statuses", _("états"), _some_of(Status)),
    Part("source", "sources", _("sources"), _some_of(Source)),
    Part("reponse", "answered", _("réponse du demandeur"), _flag),
    Part("sorte", "kinds", _("sortes"), _some_of(TicketKind)),
    Part("publique", "public", _("publication"), _one_of(("yes", "no"))),
)
NAMES = frozenset(part.name for part in PARTS)
_VIEW = frozenset({"onglet", "ordre", "inverse"})  # how one looks, not what is left out
_DEFAULT: dict[str, Any] = {one.name: one.default for one in fields(Filters)}


def read(given: Mapping[str, object], known: Known, *, base: Filters | None = None) -> Read:
    """The state that an address or a memory tells; what it is silent about is `base`'s. Never raises."""
    found: dict[str, Any] = {}
    lost: list[str | Promise] = []
    for part in PARTS:
        values = [value for value in _values(given.get(part.name)) if value.strip()]
        if not values:
            continue
        try:
            found[part.field] = part.read(values, known)
        except (ValueError, KeyError):
            lost.append(part.label)
    return Read(replace(base or Filters(), **found), lost)


def _values(given: object) -> list[str]:
    """A memory is JSON: it may hold anything."""
    if isinstance(given, str):
        return [given]
    return [value for value in given if isinstance(value, str)] if isinstance(given, list | tuple) else []


def pairs(filters: Filters) -> list[tuple[str, str]]:
    """The state as an address tells it: names and values, in one order. The tab is always told."""
    return [
        (part.name, value)
        for part in PARTS
        if part.name == "onglet" or getattr(filters, part.field) != _DEFAULT[part.field]
        for value in written(getattr(filters, part.field), part.name)
    ]


def written(value: Any, name: str) -> list[str]:
    """The values of one part."""
    if isinstance(value, bool):
        return ["1"] if value else []
    if name == "priorite":
        return [Priority(one).name.lower() for one in value]
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def memory(filters: Filters) -> dict[str, list[str]]:
    """The state as it is remembered: `read` takes it back."""
    kept: dict[str, list[str]] = {}
    for name, value in pairs(filters):
        kept.setdefault(name, []).append(value)
    return kept


def applied(filters: Filters) -> list[Part]:
    """The parts that leave something out."""
    return [part for part in PARTS if part.name not in _VIEW and getattr(filters, part.field) != _DEFAULT[part.field]]


def without(filters: Filters, *names: str) -> Filters:
    """The state without these parts; `mot:trottoir`: without that word alone."""
    for name in names:
        name, _colon, value = name.partition(":")
        part = next((one for one in PARTS if one.name == name and name not in _VIEW), None)
        if part is None:
            continue
        left: Any = _DEFAULT[part.field]
        if name == "mot" and value:
            left = tuple(word for word in filters.words if word != value)
        filters = replace(filters, **{part.field: left})
    return filters


def cleared(filters: Filters) -> Filters:
    """« Tout effacer »: everything, in the same tab and order."""
    return Filters(filters.tab, filters.order, filters.reverse)


def in_tab(filters: Filters, tab: Tab) -> Filters:
    """The same in another tab. States of one tab are none of another's."""
    return replace(filters, tab=tab, statuses=tuple(one for one in filters.statuses if one in STATUSES[tab]))
