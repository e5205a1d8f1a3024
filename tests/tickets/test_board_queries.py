"""Which tickets a board shows, to whom, in which order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.core.clock import now, standing_at
from hub.people.models import Person, Role
from hub.tickets import board as boards
from hub.tickets import rules
from hub.tickets.actions import star
from hub.tickets.board import Board, waiting_tickets
from hub.tickets.filters import Filters, Order, Tab
from hub.tickets.models import DeskSettings, Priority, Source, Status, Ticket, TicketKind
from hub.towns.models import Town
from tests import factories
from tests.tickets.making import make_category, make_service, make_staff, make_ticket

pytestmark = [pytest.mark.both_stores, pytest.mark.django_db]

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)  # a Wednesday
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


class Desk:
    """A town with a ticket for each filter, by name, and who works there."""

    def __init__(self, town: Town) -> None:
        self.town = town
        DeskSettings.objects.create(town=town, code="ST")
        self.roads, self.water = make_service(town, "Voirie"), make_service(town, "Eau")
        works = make_category(town, "Travaux publics")
        self.snow = make_category(town, "Déneigement", parent=works)
        self.works, self.leak = works, make_category(town, "Aqueduc")
        self.manager = factories.make_person(town=town, roles=[Role.MANAGER])
        self.agent = make_staff(town, self.roads, first_name="Maude")
        self.operator = factories.make_person(town=town, roles=[Role.OPERATOR])
        self.names: dict[int, str] = {}
        self._days = iter(range(1, 99))
        self._open()
        self._others()
        star(actor=self.manager, number=self.ticket("pothole").number, on=True)
        make_ticket(factories.make_town("ailleurs"), title="Nid-de-poule")

    def _open(self) -> None:
        self.add("leak", service=self.water, category=self.leak, priority=Priority.URGENT, due_on=TODAY)
        self.add("snow", category=self.snow, due_on=TODAY - timedelta(days=3), answered_at=now())
        self.add("pothole", category=self.works, title="Nid-de-poule à l’école", kind=TicketKind.COMPLAINT)
        self.add("letter", source=Source.LETTER, last_name="Tremblay-Côté", phone="+14185550142")
        self.add("mine", assignee=self.manager, public=True, priority=Priority.VERY_IMPORTANT)
        self.add("task", internal=True, service=None, priority=Priority.MINOR, due_on=TODAY + timedelta(days=9))
        self.add("started", status=Status.IN_PROGRESS, due_on=TODAY + timedelta(days=1), number="ST26-00012")

    def _others(self) -> None:
        closed = {"closed_at": now(), "due_on": TODAY - timedelta(days=30)}
        self.add("done", status=Status.CLOSED_DONE, service=self.water, **closed)
        self.add("refused", status=Status.CLOSED_REFUSED, priority=Priority.URGENT, **closed)
        self.add("old", status=Status.CLOSED_DONE, service=None, **{**closed, "due_on": None})
        self.add("held", status=Status.NOT_TRANSFERRED, transferred_at=None)
        self.add("held task", status=Status.NOT_TRANSFERRED, internal=True)

    def add(self, name: str, **fields: Any) -> None:
        """One more, a day older than the last."""
        # Nothing that is looked for stands in them by chance: no number counts up with the tests before.
        own = {} if fields.get("internal") else {"email": "habitant@citoyen.example"}
        own["number"] = f"TE26-{901 + len(self.names):05}"
        values = {"service": self.roads, "category": self.leak, "title": name, **own, **fields}
        made = make_ticket(self.town, created_at=NOON - timedelta(days=next(self._days)), **values)
        made.words = rules.search_words(made)
        made.save(update_fields=["words"])
        self.names[made.pk] = name

    def ticket(self, name: str) -> Ticket:
        return Ticket.objects.get(pk=next(pk for pk, one in self.names.items() if one == name))

    def shown(self, filters: Filters, who: Person | None = None, number: int = 1) -> list[str]:
        """What the board shows, by name and in order; where rows say they stand agrees."""
        board = Board(who or self.manager, self.town)
        page = board.page(filters, number)
        keys = [board.order_key(ticket, filters) for ticket in page.tickets]
        assert keys == sorted(keys)
        return [self.names[ticket.pk] for ticket in page.tickets]


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


def test_each_filter_lets_through_what_it_says(desk: Desk) -> None:
    every = {"leak", "snow", "pothole", "letter", "mine", "task", "started"}
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({}, every),
        ({"services": (desk.water.pk,)}, {"leak"}),
        ({"services": (0,)}, {"task"}),
        ({"services": (0, desk.water.pk)}, {"leak", "task"}),
        ({"categories": (desk.works.pk,)}, {"snow", "pothole"}),  # a node holds what is below it
        ({"categories": (desk.snow.pk,)}, {"snow"}),
        ({"internal": "only"}, {"task"}),
        ({"internal": "without"}, every - {"task"}),
        ({"priorities": (4, 3)}, {"leak", "mine"}),
        ({"late": True}, {"snow"}),
        ({"late": True, "tab": Tab.CLOSED}, set()),
        ({"due_from": TODAY, "due_to": TODAY + timedelta(days=1)}, {"leak", "started"}),
        ({"created_from": date(2026, 11, 23)}, {"leak", "snow"}),
        ({"created_to": date(2026, 11, 19), "created_from": date(2026, 11, 19)}, {"task"}),
        ({"assignee": "me"}, {"mine"}),
        ({"assignee": "nobody"}, every - {"mine"}),
        ({"assignee": str(desk.manager.pk)}, {"mine"}),
        ({"starred": True}, {"pothole"}),
        ({"statuses": ("in_progress",)}, {"started"}),
        ({"statuses": ("closed_done",)}, every),  # of another tab: says nothing here
        ({"sources": ("letter", "sms")}, {"letter"}),
        ({"kinds": ("complaint",)}, {"pothole"}),
        ({"answered": True}, {"snow"}),
        ({"public": "yes"}, {"mine"}),
        ({"public": "no"}, every - {"mine"}),
        ({"tab": Tab.CLOSED}, {"done", "refused", "old"}),
        ({"tab": Tab.CLOSED, "statuses": ("closed_refused",)}, {"refused"}),
        ({"tab": Tab.HELD}, {"held", "held task"}),
        ({"services": (desk.roads.pk,), "priorities": (2,), "assignee": "nobody", "text": "ecole"}, {"pothole"}),
    ]  # fmt: skip
    for asked, expected in cases:
        assert set(desk.shown(Filters(**asked))) == expected, asked
        assert Board(desk.manager, desk.town).count(Filters(**asked)) == len(expected), asked


@pytest.mark.parametrize("tab", [Tab.OPEN, Tab.CLOSED])  # words are looked for in two ways
def test_words_are_found_without_accents_and_their_endings(desk: Desk, tab: Tab) -> None:
    if tab == Tab.CLOSED:
        Ticket.objects.exclude(status=Status.NOT_TRANSFERRED).update(status=Status.CLOSED_DONE)
    cases = {
        "ecole": {"pothole"}, "ÉCOLE nid": {"pothole"}, "éco": {"pothole"}, "cole": set(), "école lundi neige": set(),
        "tremblay": {"letter"}, "Cote Trem": {"letter"}, "0142": set(), "4185550142": {"letter"},
        "418 555-0142": {"letter"}, "(418) 555": {"letter"}, "+1 418 555.0142": {"letter"}, "418 555-0143": set(),
        "012": {"started"}, "013": set(),
        "ST26-00012": {"started"}, "st26 12": {"started"}, "26-12": {"started"}, "2612": {"started"},
        "ST26-00099": set(), "« »": set(), "'; --": set(), "pothole:*": set(), "a & b | !": set(),
    }  # fmt: skip
    for text, expected in cases.items():
        assert set(desk.shown(Filters(tab=tab, text=text))) == expected, text
    assert desk.shown(Filters(tab=tab, words=("école", "poule"))) == ["pothole"]
    assert desk.shown(Filters(tab=tab, words=("école", "tremblay"))) == []


def test_each_order_and_its_other_way(desk: Desk) -> None:
    orders = {
        (Tab.OPEN, Order.CREATED): ["leak", "snow", "pothole", "letter", "mine", "task", "started"],
        (Tab.OPEN, Order.DUE): ["snow", "leak", "started", "task", "pothole", "letter", "mine"],
        (Tab.OPEN, Order.PRIORITY): ["leak", "mine", "snow", "pothole", "letter", "started", "task"],
        (Tab.OPEN, Order.SERVICE): ["leak", "snow", "pothole", "letter", "mine", "started", "task"],
        (Tab.CLOSED, Order.CREATED): ["done", "refused", "old"],
        (Tab.CLOSED, Order.DUE): ["done", "refused", "old"],
        (Tab.CLOSED, Order.PRIORITY): ["refused", "done", "old"],
        (Tab.CLOSED, Order.SERVICE): ["done", "refused", "old"],
    }
    for (tab, order), expected in orders.items():
        asked = Filters(tab=tab, order=order)
        assert desk.shown(asked) == expected, asked
        assert desk.shown(replace(asked, reverse=True)) == expected[::-1], asked


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("reverse", [False, True])
def test_pages_follow_each_other_without_a_gap(
    desk: Desk, order: Order, reverse: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "bcdefgh":
        service = desk.water if name in "bdf" else desk.roads
        desk.add(name, status=Status.CLOSED_DONE, service=service, closed_at=now())
    asked = Filters(tab=Tab.CLOSED, order=order, reverse=reverse)
    whole = desk.shown(asked)
    monkeypatch.setattr(boards, "PAGE", 3)
    pages = [desk.shown(asked, number=number) for number in (1, 2, 3, 4, 5)]
    assert [len(page) for page in pages] == [3, 3, 3, 1, 0]
    assert [name for page in pages for name in page] == whole
    more = [Board(desk.manager, desk.town).page(asked, number).more for number in (1, 3, 4)]
    assert more == [True, True, False]


def test_everybody_sees_what_is_theirs(desk: Desk) -> None:
    board, held_too = (Filters(), Filters(tab=Tab.HELD)), {"held", "held task"}
    every = {"leak", "snow", "pothole", "letter", "mine", "task", "started"}
    moderator = factories.make_person(town=desk.town, roles=[Role.MODERATOR])
    theirs = {
        "manager": (desk.manager, every, held_too),
        "agent": (desk.agent, every - {"leak"}, held_too),
        "agent of no service": (make_staff(desk.town), every, held_too),
        "operator": (desk.operator, every - {"task"}, {"held"}),
        "moderator": (moderator, {"mine"}, set()),
    }
    for role, (person, opened, held) in theirs.items():
        assert set(desk.shown(board[0], person)) == opened, role
        assert set(desk.shown(board[1], person)) == held, role
        numbers = [desk.ticket(name).number for name in desk.names.values()]
        among = Board(person, desk.town).among(board[0], [*numbers, "TE26-99999"])
        assert {desk.names[ticket.pk] for ticket in among} == opened, role


def test_what_waits_for_whom(desk: Desk) -> None:
    snow = desk.ticket("snow")

    def waiting(person: Person, *roles: Role) -> int:
        return waiting_tickets(person, desk.town, frozenset(roles))

    assert waiting(desk.operator, Role.OPERATOR) == 1  # not the internal one
    assert waiting(desk.agent, Role.AGENT) == 1
    assert waiting(make_staff(desk.town, desk.water), Role.AGENT) == 0
    Ticket.objects.filter(pk=snow.pk).update(status=Status.CLOSED_DONE)
    assert waiting(desk.agent, Role.AGENT) == 0


def test_counts_end_where_nobody_reads_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "MOST_COUNTED", 4)
    assert Board(desk.manager, desk.town).count(Filters()) == 4


def test_a_day_begins_by_the_towns_clocks(desk: Desk) -> None:
    Town.objects.filter(pk=desk.town.pk).update(time_zone="America/Toronto")
    desk.town.refresh_from_db()
    Ticket.objects.filter(pk=desk.ticket("snow").pk).update(created_at=datetime(2026, 11, 20, 4, 59, tzinfo=UTC))
    of_the_20th = Filters(created_from=date(2026, 11, 20), created_to=date(2026, 11, 20))
    assert "snow" not in desk.shown(of_the_20th)
    Ticket.objects.filter(pk=desk.ticket("snow").pk).update(created_at=datetime(2026, 11, 21, 4, 59, tzinfo=UTC))
    assert "snow" in desk.shown(of_the_20th)
