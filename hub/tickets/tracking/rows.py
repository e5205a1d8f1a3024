"""A ticket as a line of a citizen's list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from hub.tickets import naming, queries, rules
from hub.tickets.models import Ticket
from hub.tickets.tracking import words
from hub.tickets.tracking.words import State
from hub.tickets.tree import Tree

PAGE = 20


@dataclass(frozen=True)
class Row:
    """`title`: as this reader may read it. `waits`: what is to be done here, in a sentence; or ""."""

    ticket: Ticket
    title: str
    icon: str
    state: State
    due: str
    late: bool
    waits: str = ""


def rows_of(tickets: Iterable[Ticket], *, own: bool, waits: dict[int, str] | None = None) -> list[Row]:
    """`own`: the reader's, under their own titles; else as strangers read them (S100)."""
    shown = list(tickets)
    titles = {} if own else naming.public_titles(shown)
    trees: dict[int, Tree] = {}
    rows = []
    for ticket in shown:
        tree = trees.setdefault(ticket.town_id, Tree(ticket.town))
        category = tree.get(ticket.category_id)
        rows.append(
            Row(
                ticket=ticket,
                title=titles.get(ticket.pk, ticket.title),
                icon=tree.icon(category) if category else "report",
                state=words.state_of(ticket),
                due=words.told_day(ticket.due_on, ticket.town) if ticket.due_on and not ticket.closed else "",
                late=rules.is_late(ticket, queries.today_in(ticket.town)),
                waits=(waits or {}).get(ticket.pk, ""),
            )
        )
    return rows


def page_number(request: HttpRequest) -> int:
    """Which page of a list is asked for; the first for what is no number."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
