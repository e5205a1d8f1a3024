"""The board reads few rows of many: PostgreSQL finds them by indexes, whatever is asked, whoever asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from hub.people.models import Person
from hub.tickets.board import Board, waiting_tickets
from hub.tickets.filters import Filters, Order, Tab
from hub.tickets.queries import today_in
from hub.towns.models import Town
from tests.tickets.crowd import OFTEN, RARE, SERVICES, fill
from tests.tickets.making import make_service, make_staff

pytestmark = pytest.mark.django_db(transaction=True)  # to be vacuumed, as a database does by itself

MANY = 20_000


class Plans:
    """Explains each statement about tickets before it runs."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "tickets_ticket" in sql and not sql.startswith("EXPLAIN"):
            with context["connection"].cursor() as cursor:
                cursor.execute("EXPLAIN " + sql, params)
                self.found.append("\n".join(line for (line,) in cursor.fetchall()))
        return execute(sql, params, many, context)


def plans(board: Board, filters: Filters) -> str:
    """How the page, the counts of its tabs and what waits are read."""
    watched = Plans()
    with connection.execute_wrapper(watched):
        board.page(filters, 1)
        board.count(Filters(**{**vars(filters), "tab": Tab.HELD}))
        board.count(Filters(**{**vars(filters), "tab": Tab.OPEN}))
        waiting_tickets(board.actor, board.town, board.roles)
    assert len(watched.found) >= 3
    return "\n".join(watched.found)


def asked(town: Town, *tabs: Tab) -> list[Filters]:
    """Every sort of filter and order, in each of these tabs."""
    today = today_in(town)
    rarely = make_service(town, SERVICES[-1]).pk
    some: list[dict[str, Any]] = [
        {}, {"order": Order.DUE}, {"order": Order.PRIORITY}, {"order": Order.SERVICE}, {"reverse": True},
        {"text": RARE}, {"text": OFTEN}, {"words": (RARE, OFTEN)}, {"text": "TE16-00012"}, {"services": (rarely,)},
        {"internal": "only"}, {"priorities": (4,)}, {"assignee": "me"}, {"late": True}, {"answered": True},
        {"starred": True}, {"kinds": ("permit",)}, {"sources": ("sms",)}, {"public": "yes"},
        {"created_from": today - timedelta(days=400), "created_to": today - timedelta(days=390)},
        {"due_from": today - timedelta(days=400), "due_to": today - timedelta(days=390)},
    ]  # fmt: skip
    return [Filters(tab=tab, **one) for tab in tabs for one in some]


def test_no_list_reads_the_whole_table(town: Town, mayor: Person) -> None:
    agent = make_staff(town, make_service(town, SERVICES[-1]))
    fill(town, MANY, agent)
    for person, tabs in ((mayor, Tab), (agent, (Tab.CLOSED,))):
        board = Board(person, town)
        for filters in asked(town, *tabs):
            assert "Seq Scan on tickets_ticket" not in plans(board, filters), (person, filters)
    board = Board(mayor, town)
    for filters, index in (
        (Filters(tab=Tab.HELD), "tickets_held"),
        (Filters(), "tickets_open"),
        (Filters(tab=Tab.CLOSED), "tickets_closed "),
        (Filters(tab=Tab.CLOSED, order=Order.DUE), "tickets_closed_due"),
        (Filters(tab=Tab.CLOSED, order=Order.PRIORITY), "tickets_closed_priority"),
        (Filters(tab=Tab.CLOSED, order=Order.SERVICE), "tickets_closed_service"),
        (Filters(tab=Tab.CLOSED, text=RARE), "ticket_words"),
    ):
        assert index in plans(board, filters), filters
