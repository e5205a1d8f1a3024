"""What the board says of its filters, and what its live page needs to say, in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.core import typography
from hub.tickets.board import Board
from hub.tickets.filters import NOBODY_ID, Filters, Order, Part, Tab, applied
from hub.tickets.models import Priority, Source, Status, TicketKind


@dataclass(frozen=True)
class Chip:
    """One filter that is applied. `part`: what `filters.without` takes away."""

    label: str
    part: str


def tabs() -> dict[Tab, str]:
    """The names of the three lists (S126)."""
    return {Tab.HELD: _("Non transférées"), Tab.OPEN: _("Ouvertes"), Tab.CLOSED: _("Fermées")}


def orders() -> dict[Order, str]:
    """The names of the orders (S129)."""
    return {
        Order.CREATED: _("Date de création"),
        Order.DUE: _("Échéance"),
        Order.SERVICE: _("Service"),
        Order.PRIORITY: _("Priorité"),
    }


def directions(order: Order) -> tuple[str, str]:
    """What an order begins with, and what it begins with backwards."""
    return {
        Order.CREATED: (_("Les plus récentes d’abord"), _("Les plus anciennes d’abord")),
        Order.DUE: (_("Les plus pressantes d’abord"), _("Les plus lointaines d’abord")),
        Order.SERVICE: (_("Services de A à Z"), _("Services de Z à A")),
        Order.PRIORITY: (_("Les plus urgentes d’abord"), _("Les moins urgentes d’abord")),
    }[order]


def lost(parts: Sequence["str | Promise"]) -> str:
    """What was asked and not understood; empty when all was."""
    if not parts:
        return ""
    what = ", ".join(str(part) for part in parts)
    return _("Ces filtres n’ont pas été compris et ne comptent pas : %(what)s.") % {"what": what}


def chips(filters: Filters, board: Board) -> list[Chip]:
    """The filters that are applied, one chip each; words one by one."""
    found: list[Chip] = []
    done: set[str] = set()
    for part in applied(filters):
        if part.name in done:
            continue
        if part.name == "mot":
            found += [Chip(_quoted(word), f"mot:{word}") for word in filters.words]
        elif part.name in _SPANS:
            first, last = _SPANS[part.name]
            done |= {first, last}
            found.append(Chip(_span(filters, first, board), f"{first} {last}"))
        elif label := _label(part, filters, board):
            found.append(Chip(label, part.name))
    return found


_SPANS = {
    "cree_du": ("cree_du", "cree_au"), "cree_au": ("cree_du", "cree_au"),
    "echeance_du": ("echeance_du", "echeance_au"), "echeance_au": ("echeance_du", "echeance_au"),
}  # fmt: skip


def _quoted(text: str) -> str:
    return _("« %(words)s »") % {"words": text}


def _span(filters: Filters, name: str, board: Board) -> str:
    """« Créées depuis le 1er novembre »."""
    created = name == "cree_du"
    first, last = (filters.created_from, filters.created_to) if created else (filters.due_from, filters.due_to)
    if first and last:
        sentence = _("Créées du %(first)s au %(last)s") if created else _("Échéance du %(first)s au %(last)s")
    elif first:
        sentence = _("Créées depuis le %(first)s") if created else _("Échéance depuis le %(first)s")
    else:
        sentence = _("Créées jusqu’au %(last)s") if created else _("Échéance jusqu’au %(last)s")
    return sentence % {"first": _day(first, board), "last": _day(last, board)}


def _day(day: date | None, board: Board) -> str:
    locale = typography.locale_name((get_language() or "fr")[:2], board.town.country)
    return typography.date_alone(day, locale, today=board.today) if day else ""


def _label(part: Part, filters: Filters, board: Board) -> str:
    plain = {
        "text": lambda: _quoted(filters.text),
        "late": lambda: _("En retard"),
        "starred": lambda: _("Favorites"),
        "answered": lambda: _("Réponse du demandeur"),
        "internal": lambda: _("Internes seules") if filters.internal == "only" else _("Sans les internes"),
        "public": lambda: _("Publiques") if filters.public == "yes" else _("Non publiques"),
        "assignee": lambda: _assignee(filters.assignee, board),
    }
    if part.field in plain:
        return plain[part.field]()
    names = list(_names(part, filters, board))
    if len(names) > 2:
        return _many(part.field) % {"count": len(names)}
    return ", ".join(names)


def _assignee(code: str, board: Board) -> str:
    if code == "me":
        return _("Attribuées à moi")
    if code == "nobody":
        return _("Attribuées à personne")
    name = next((person.name for person in board.staff if str(person.pk) == code), "")
    return _("Attribuées à %(name)s") % {"name": name}


def _many(field: str) -> str:
    """« Services : 6 »."""
    return {
        "services": _("Services : %(count)d"),
        "categories": _("Catégories : %(count)d"),
        "priorities": _("Priorités : %(count)d"),
        "statuses": _("États : %(count)d"),
        "sources": _("Sources : %(count)d"),
        "kinds": _("Sortes : %(count)d"),
    }[field]


def _names(part: Part, filters: Filters, board: Board) -> Iterator[str]:
    """What is chosen of a list."""
    if part.field == "services":
        yield from (service.name for service in board.services if service.pk in filters.services)
        if NOBODY_ID in filters.services:
            yield _("Sans service")
    elif part.field == "categories":
        yield from (one.label for one in board.categories if one.pk in filters.categories)
    elif part.field == "priorities":
        yield from (str(Priority(value).label) for value in filters.priorities)
    else:
        names = {"statuses": Status, "sources": Source, "kinds": TicketKind}[part.field]
        yield from (str(names(value).label) for value in getattr(filters, part.field))


def for_page() -> dict[str, str]:
    """What the live page says by itself; fields in braces."""
    return {
        "one_new": _("Une nouvelle requête"),
        "many_new": _("{count} nouvelles requêtes"),
        "arrived": _("Nouvelle requête : {title}"),
        "changed": _("A changé"),
        "online": _("En direct"),
        "connecting": _("Reconnexion…"),
        "offline": _("Hors ligne"),
        "you": _("Vous"),
        "one_here": _("Un collègue connecté : {names}"),
        "many_here": _("{count} collègues connectés : {names}"),
        "reads": _("{name} consulte cette requête"),
        "writes_internal": _("{name} écrit un suivi interne"),
        "writes_external": _("{name} écrit un suivi externe"),
        "starred": _("Ajoutée aux favorites"),
        "unstarred": _("Retirée des favorites"),
        "not_kept": _("Ce n’est pas enregistré. Vérifiez la connexion, puis recommencez."),
    }


def no_service() -> str:
    return _("Sans service")


def me() -> str:
    return _("Moi")


def nobody() -> str:
    return _("Personne")


def internal_choices() -> list[tuple[str, str]]:
    """As filters hold them: all, none but these, all but these (S127)."""
    return [("", _("Avec les internes")), ("only", _("Internes seules")), ("without", _("Sans les internes"))]


def public_choices() -> list[tuple[str, str]]:
    return [("", _("Publiques ou non")), ("yes", _("Publiques")), ("no", _("Non publiques"))]
