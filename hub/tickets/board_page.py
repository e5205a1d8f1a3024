"""The board as pages show it: alone, beside an open ticket, or as a part that a live page takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from hub.people.models import Person
from hub.streams import topics
from hub.streams.queries import Head, head
from hub.tickets import board_words, filters
from hub.tickets.actions import remember_board
from hub.tickets.board import MOST_COUNTED, MOST_PAGES, PAGE, Board, waiting_tickets
from hub.tickets.board_rows import Row, rows_of
from hub.tickets.filters import NOBODY_ID, STATUSES, Filters, Tab
from hub.tickets.models import Category, Priority, Source, TicketKind
from hub.tickets.rules import DEPTH
from hub.towns.models import Town

_BELOW = ("", "check--below-1", "check--below-2")


@dataclass(frozen=True)
class TabLink:
    """One of the three lists. `count` "": not told."""

    tab: Tab
    label: str
    url: str
    current: bool
    count: str


@dataclass(frozen=True)
class Choice:
    """One box of a list of filters. `below`: the class that moves it in, below the first level."""

    value: str
    label: str
    chosen: bool
    below: str = ""


@dataclass(frozen=True)
class ViewLink:
    """A saved view, and whether the board is in it."""

    pk: int
    name: str
    url: str
    current: bool


def state(asked: QueryDict, board: Board) -> filters.Read:
    """What the address asks for; else how the actor left the board. What it asks for is remembered (S128)."""
    kept, given = board.remembered(), _given(asked)
    found = filters.read(given or kept, board.known, base=board.unfiltered)
    found = replace(found, filters=filters.in_tab(found.filters, found.filters.tab))
    if kept != filters.memory(found.filters) and (given or kept):
        remember_board(actor=board.actor, town=board.town, filters=filters.memory(found.filters))
    return found


def asked_only(asked: QueryDict, board: Board) -> Filters:
    """What the address (or a form) asks for, and nothing else; nothing is remembered."""
    return filters.read(_given(asked), board.known, base=board.unfiltered).filters


def _given(asked: QueryDict) -> Mapping[str, Sequence[str]]:
    return {name: asked.getlist(name) for name in filters.NAMES if name in asked}


def _page_number(asked: QueryDict) -> int:
    """Which page of the list is asked for; the first for whatever it can't be."""
    text = asked.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return min(max(number, 1), MOST_PAGES)


def shown(person: Person, town: Town, *, opened: str = "", asked: QueryDict | None = None) -> dict[str, Any]:
    """All that `tickets/desk/board_page.html` and `tickets/desk/board.html` need.

    `opened`: the number of the ticket whose panel stands beside. `asked`: the board's own address; without it the
    board is as the person left it.
    """
    asked = asked if asked is not None else QueryDict()
    standing = head(topics.desk(town.slug))  # before the list is read: what comes since is told live
    board = Board(person, town)
    found = state(asked, board)
    chosen = found.filters
    page = board.page(chosen, _page_number(asked))
    views = _views(board, chosen)
    return {
        "town": town,
        "filters": chosen,
        "opened": opened,
        "rows": rows_of(board, page.tickets, chosen, opened=opened),
        "tabs": _tabs(board, chosen),
        "page": page,
        "pages": _pages(town, chosen, page.number, more=page.more),
        "chips": board_words.chips(chosen, board),
        "lost": board_words.lost(found.lost),
        "state": filters.pairs(chosen),
        "query": urlencode(filters.pairs(chosen)),
        "here_url": address(town, chosen),
        "clear_url": address(town, filters.cleared(chosen)),
        "views": views,
        "current_view": next((view.name for view in views if view.current), ""),
        "order": _order(chosen),
        "choices": choices(board, chosen),
        "closed": chosen.tab == Tab.CLOSED,
        "board": for_page(board, standing),
    }


def address(town: Town, chosen: Filters, **more: str | int) -> str:
    """The board in that state."""
    return f"{reverse('desk_tickets', args=[town.slug])}?{urlencode([*filters.pairs(chosen), *more.items()])}"


def counts(board: Board, chosen: Filters) -> dict[Tab, str]:
    """How many each list would show. Closed ones are too many to be counted at every look."""
    return {tab: _capped(board.count(filters.in_tab(chosen, tab))) for tab in (Tab.HELD, Tab.OPEN)}


def _capped(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _tabs(board: Board, chosen: Filters) -> list[TabLink]:
    told = counts(board, chosen)
    return [
        TabLink(tab, label, address(board.town, filters.in_tab(chosen, tab)), tab == chosen.tab, told.get(tab, ""))
        for tab, label in board_words.tabs().items()
    ]


def _pages(town: Town, chosen: Filters, number: int, *, more: bool) -> dict[str, str]:
    return {
        "before": address(town, chosen, page=number - 1) if number > 1 else "",
        "after": address(town, chosen, page=number + 1) if more else "",
    }


def _views(board: Board, chosen: Filters) -> list[ViewLink]:
    known, found = board.known, []
    for view in board.views():
        saved = filters.read(view.filters if isinstance(view.filters, dict) else {}, known).filters
        found.append(ViewLink(view.pk, view.name, address(board.town, saved), saved == chosen))
    return found


def _order(chosen: Filters) -> dict[str, Any]:
    return {
        "label": board_words.orders()[chosen.order],
        "choices": [(str(order), label, order == chosen.order) for order, label in board_words.orders().items()],
        "directions": list(zip(("", "1"), board_words.directions(chosen.order), strict=True)),
        "reverse": "1" if chosen.reverse else "",
    }


def choices(board: Board, chosen: Filters) -> dict[str, list[Choice]]:
    """What the form of filters offers, by the name of each part in addresses."""
    services = [(str(one.pk), one.name, one.pk in chosen.services) for one in board.services]
    services.append((str(NOBODY_ID), board_words.no_service(), NOBODY_ID in chosen.services))
    people = [("me", board_words.me()), ("nobody", board_words.nobody())]
    people += [(str(one.pk), one.name) for one in board.staff]
    return {
        "service": [Choice(*one) for one in services],
        "categorie": [_category_choice(board, one, chosen) for one in board.categories],
        "priorite": [
            Choice(one.name.lower(), str(one.label), one.value in chosen.priorities) for one in reversed(Priority)
        ],
        "etat": _coded(STATUSES[chosen.tab], chosen.statuses) if len(STATUSES[chosen.tab]) > 1 else [],
        "source": _coded(Source, chosen.sources),
        "sorte": _coded(TicketKind, chosen.kinds),
        "pour": [Choice(value, label, value == chosen.assignee) for value, label in people],
        "internes": []
        if board.of_call_centre
        else [Choice(code, label, code == chosen.internal) for code, label in board_words.internal_choices()],
        "publique": [Choice(code, label, code == chosen.public) for code, label in board_words.public_choices()],
    }


def _coded(codes: Iterable[Any], chosen: tuple[str, ...]) -> list[Choice]:
    return [Choice(str(one.value), str(one.label), one.value in chosen) for one in codes]


def _category_choice(board: Board, category: Category, chosen: Filters) -> Choice:
    below = _BELOW[min(len(board.tree.path(category)), DEPTH) - 1]
    return Choice(str(category.pk), category.label, category.pk in chosen.categories, below)


def for_page(board: Board, standing: Head) -> dict[str, Any]:
    """What the live page needs to know."""
    town = board.town
    return {
        "topic": topics.desk(town.slug),
        "from": {"seq": standing.seq, "epoch": standing.epoch},
        "me": board.actor.pk,
        "url": reverse("desk_tickets", args=[town.slug]),
        "lines": reverse("desk_ticket_lines", args=[town.slug]),
        "most": PAGE,
        "zone": town.time_zone,
        "words": board_words.for_page(),
    }


def lines(board: Board, chosen: Filters, numbers: list[str]) -> dict[str, Any]:
    """Some rows as they are now, and which of those numbers the board does not show (`tickets/desk/lines.html`)."""
    found = board.among(chosen, numbers)
    rows: list[Row] = rows_of(board, found, chosen)
    there = {ticket.number for ticket in found}
    return {
        "town": board.town,
        "rows": rows,
        "closed": chosen.tab == Tab.CLOSED,
        "gone": [number for number in numbers if number not in there],
        "counts": {str(tab): count for tab, count in counts(board, chosen).items()},
        "waiting": waiting_tickets(board.actor, board.town, board.roles),
    }
