"""Figures: numbers worked out by hand, for whom, as pages and as files."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from hub.conversations.models import Visibility
from hub.core.clock import standing_at
from hub.people.models import Person, Role
from hub.tickets.actions import add_follow_up, settle
from hub.tickets.figures import Figures, figures_of, months_of, totals_of
from hub.tickets.models import Source, Status, Ticket
from hub.tickets.periods import Period, months_drawn
from hub.tickets.tree import Tree
from hub.towns.models import Service, Town
from tests import factories
from tests.tickets.making import make_category, make_service, make_staff, make_ticket

pytestmark = pytest.mark.django_db

HOUR, DAY = 3_600, 86_400
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
TODAY = date(2026, 6, 30)
PARIS = ZoneInfo("Europe/Paris")
Make = Callable[..., Ticket]


@pytest.fixture
def town(db: None) -> Town:
    return factories.make_town("saint-test", country="FR", time_zone="Europe/Paris")


def at(day: int, hour: int = 12, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=PARIS)


@pytest.fixture
def make(town: Town) -> Make:
    def make(created: datetime, closed: datetime | None = None, **fields: Any) -> Ticket:
        """Due ten days after it was made, unless told otherwise."""
        status = Status.CLOSED_DONE if closed else Status.IN_PROGRESS
        due = date(created.year, created.month, created.day + 10) if created.day < 20 else None
        values = {"status": status, "due_on": due, "created_at": created, "closed_at": closed, **fields}
        return make_ticket(town, **values)

    return make


def told(town: Town, period: Period = JUNE) -> Figures:
    return figures_of(town, period, Tree(town), today=TODAY)


@pytest.mark.both_stores
def test_a_month_worked_out_by_hand(town: Town, make: Make) -> None:
    roads, parks = make_service(town, "Voirie"), make_service(town, "Parcs")
    streets = make_category(town, "Rues")
    holes, snow = (make_category(town, name, parent=streets) for name in ("Trous", "Neige"))
    trees = make_category(town, "Arbres")
    # Of roads: closed after 2, 4 and 12 days; first answered after 6 h, 30 h, and by its closing alone.
    make(at(1), at(3), service=roads, category=holes, first_answer_at=at(1, 18))
    make(at(2), at(6), service=roads, category=holes, first_answer_at=at(3, 18), settled=True, settled_at=at(7))
    make(at(3), at(15), service=roads, category=snow, source=Source.PHONE, settled=False, settled_at=at(16))
    # Of parks: one made in May and closed in June after 21 days; one that waits, late; one that waits, not late.
    make(at(20, month=5), at(10), service=parks, category=trees, source=Source.LETTER, settled=True, settled_at=at(11))
    make(at(4), service=parks, category=trees)
    make(at(25), service=parks, category=trees, due_on=date(2026, 6, 30))
    # Of nobody: with the call centre still.
    make(at(29), service=None, category=trees, status=Status.NOT_TRANSFERRED)

    figures = told(town)
    town_wide, closing = figures.town, figures.town.closing
    assert (town_wide.received, closing.closed, town_wide.waiting, town_wide.late) == (6, 4, 3, 1)
    assert closing.to_close_s == (4 + 12) / 2 * DAY  # of 2, 4, 12 and 21 days
    assert closing.to_answer_s == (30 * HOUR + 12 * DAY) / 2  # of 6 h, 30 h, 12 and 21 days
    assert (closing.kept, closing.dated) == (2, 3)  # what was made on 20 May has no due date
    assert (town_wide.settled, town_wide.answers) == (2, 3)

    of_roads, of_parks, nobodys = (figures.services[key] for key in (roads.pk, parks.pk, None))
    assert (of_roads.received, of_roads.closing.closed, of_roads.closing.to_close_s) == (3, 3, 4 * DAY)
    assert (of_parks.received, of_parks.waiting, of_parks.late, of_parks.closing.to_close_s) == (2, 2, 1, 21 * DAY)
    assert (nobodys.received, nobodys.waiting, nobodys.closing.closed) == (1, 1, 0)

    assert figures.categories[streets.pk].closing.to_close_s == 4 * DAY  # with all that stands below it
    assert figures.categories[holes.pk].closing.to_close_s == 3 * DAY
    assert (figures.categories[snow.pk].received, figures.categories[streets.pk].received) == (1, 3)
    assert {source: line.received for source, line in figures.sources.items()} == {"web": 5, "phone": 1, "letter": 0}
    assert figures.sources["letter"].settled == 1


@pytest.mark.both_stores
def test_what_counts_and_what_does_not(town: Town, make: Make) -> None:
    other = factories.make_town("ailleurs", country="FR", time_zone="Europe/Paris")
    make_ticket(other, created_at=at(5), closed_at=at(6), status=Status.CLOSED_DONE)
    parent = make(at(1), at(2))
    make(at(1), at(2), parent=parent, merged=True, settled=True, settled_at=at(3))  # a duplicate
    make(at(1), at(9), internal=True, source=Source.INTERNAL)  # nobody to answer
    make(at(1), at(9), anonymous=True)
    make(at(1), None, settled=False, settled_at=at(8))  # opened again by who said no
    figures = told(town)
    assert (figures.town.received, figures.town.closing.closed, figures.town.waiting) == (4, 3, 1)
    assert figures.town.closing.to_answer_s == DAY  # of the parent alone
    assert (figures.town.settled, figures.town.answers) == (0, 1)
    assert figures.sources["internal"].closing.to_answer_s is None


@pytest.mark.both_stores
def test_days_are_the_towns(town: Town, make: Make) -> None:
    """Half past midnight in Paris on 1 July is still June in London, and it is July here."""
    midnight = datetime(2026, 7, 1, 0, 30, tzinfo=PARIS)
    make(midnight, status=Status.TRANSFERRED)
    make(at(19, 9), datetime(2026, 6, 20, 0, 10, tzinfo=PARIS), due_on=date(2026, 6, 20))
    late = make(at(19, 9), datetime(2026, 6, 21, 0, 10, tzinfo=PARIS), due_on=date(2026, 6, 20))
    figures = told(town)
    assert figures.town.received == 2
    assert (figures.town.closing.kept, figures.town.closing.dated) == (1, 2)
    lines = months_of(town, months_drawn(Period(TODAY, date(2026, 7, 3))), until=date(2026, 7, 3))
    assert [(month.month, line.received, line.closing.closed) for month, line in lines.items()][-2:] == [
        (6, 2, 2), (7, 1, 0),
    ]  # fmt: skip
    assert lines[date(2026, 6, 1)].closing.to_close_s == (late.closed_at - late.created_at).total_seconds() - DAY / 2
    assert len(lines) == 12


@pytest.mark.both_stores
def test_the_period_before_is_counted_alike(town: Town, make: Make) -> None:
    make(at(10, month=5), at(12, month=5), settled=True, settled_at=at(13, month=5))
    make(at(10), at(15))
    line = totals_of(town, Period(date(2026, 5, 1), date(2026, 5, 30)))
    assert (line.received, line.closing.closed, line.closing.to_close_s) == (1, 1, 2 * DAY)
    assert (line.settled, line.answers, line.waiting) == (1, 1, 0)


@pytest.mark.both_stores
def test_the_first_answer_is_the_towns_first_words_to_the_requester(town: Town, agent: Person, citizen: Person) -> None:
    ticket = make_ticket(town, requester=citizen)

    def say(day: int, visibility: Visibility) -> None:
        with standing_at(at(day)):
            add_follow_up(actor=agent, number=ticket.number, visibility=visibility, body=f"Le {day}.")

    say(1, Visibility.INTERNAL)
    ticket.refresh_from_db()
    assert ticket.first_answer_at is None
    say(2, Visibility.EXTERNAL)
    say(3, Visibility.EXTERNAL)
    ticket.refresh_from_db()
    assert ticket.first_answer_at == at(2)


@pytest.mark.both_stores
def test_who_opens_it_again_counts_it_as_open(town: Town, make: Make, citizen: Person) -> None:
    ticket = make(at(1), at(3), requester=citizen)
    with standing_at(at(4)):
        settle(actor=citizen, number=ticket.number, settled=False, reopen=True)
    figures = told(town)
    assert (figures.town.closing.closed, figures.town.waiting, figures.town.answers, figures.town.settled) == (
        0,
        1,
        1,
        0,
    )


# The page.


@pytest.fixture
def desk(client: Client, agent: Person) -> Client:
    client.force_login(agent)
    return client


def page_of(client: Client, town: Town, **query: str) -> Any:
    return client.get(f"/mairie/{town.slug}/chiffres/", query)


def test_the_page_says_the_numbers_and_draws_them(desk: Client, town: Town, make: Make) -> None:
    make(at(1), at(3), settled=True, settled_at=at(4))
    make(at(2), source=Source.PHONE)
    with standing_at(at(30)):
        answer = page_of(desk, town)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Du 1er\u00a0juin au 30\u00a0juin" in body
    assert "Avant\u00a0: du 1er\u00a0mai au 30\u00a0mai" in body
    for words in ("2\u00a0j", "1 sur 1", "(+2)", "Téléphone", "juin 2026"):
        assert words in body
    assert body.count('role="img"') == body.count("<desc") == 9
    assert "style=" not in body


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"periode": "dates", "du": "2026-06-10", "au": "2026-06-01"}, "ne peut pas précéder"),
        ({"periode": "dates", "du": "2020-01-01", "au": "2026-06-01"}, "Un an au plus"),
        ({"periode": "dates", "du": "hier", "au": "2026-06-01"}, "Donnez une date"),
    ],
)
def test_dates_that_make_no_period_are_said(
    desk: Client, town: Town, make: Make, query: dict[str, str], words: str
) -> None:
    make(at(1))
    answer = page_of(desk, town, **query)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert desk.get(f"/mairie/{town.slug}/chiffres/telecharger/mois/", query).status_code == 400


def test_a_town_without_tickets_has_no_figures_yet(desk: Client, town: Town) -> None:
    body = page_of(desk, town).content.decode()
    assert "Pas encore de chiffres" in body
    assert "<desc" not in body


def test_a_period_without_tickets_is_told_as_such(desk: Client, town: Town, make: Make) -> None:
    make(at(1))
    body = page_of(desk, town, periode="dates", du="2020-01-01", au="2020-01-31").content.decode()
    assert "Rien dans cette période." in body


def rows_of(client: Client, town: Town, table: str) -> list[list[str]]:
    answer = client.get(
        f"/mairie/{town.slug}/chiffres/telecharger/{table}/",
        {"periode": "dates", "du": "2026-06-01", "au": "2026-06-30"},
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="chiffres-saint-test-{table}-2026-06-01-2026-06-30.csv"'
    )
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_each_table_is_a_file_that_counts(desk: Client, town: Town, make: Make) -> None:
    danger = make_category(town, '=cmd|"/c calc"!A1')
    below = make_category(town, "Trous", parent=danger)
    Service.objects.create(town=town, name="@Voirie", email="voirie@saint-test.example")
    make(at(1), at(3, 18), category=below, first_answer_at=at(1, 15), settled=True, settled_at=at(4))
    heads, *rows = rows_of(desk, town, "categories")
    assert heads[:4] == ["Catégorie", "Niveau", "Reçues", "Fermées"]
    numbers = ["1", "1", "0", "0", "3,0", "54,0", "1", "1", "1", "1"]
    assert rows == [['\'=cmd|"/c calc"!A1', "1", *numbers], ["Trous", "2", *numbers]]
    assert [row[0] for row in rows_of(desk, town, "services")[1:]] == ["'@Voirie", "Travaux publics"]
    assert rows_of(desk, town, "sources")[1][0] == "Site"
    assert rows_of(desk, town, "mois")[-1][:3] == ["juin 2026", "1", "1"]
    overall = rows_of(desk, town, "ensemble")
    assert [row[1] for row in overall] == ["Reçues", "1", "0"]
    assert desk.get(f"/mairie/{town.slug}/chiffres/telecharger/autre/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MAYOR, 200), (Role.MANAGER, 200), (Role.AGENT, 200), (Role.MODERATOR, 403), (Role.OPERATOR, 403),
        (Role.CITIZEN, 404),
    ],
)  # fmt: skip
def test_figures_are_for_who_answers_for_the_services(client: Client, town: Town, role: Role, status: int) -> None:
    make_ticket(town)
    client.force_login(factories.make_person(town=town, roles=[role]))
    assert page_of(client, town).status_code == status
    assert client.get(f"/mairie/{town.slug}/chiffres/telecharger/services/").status_code == status
    if status == 200:
        assert f'href="/mairie/{town.slug}/chiffres/"' in page_of(client, town).content.decode()
    elsewhere = factories.make_town("ailleurs")
    assert page_of(client, elsewhere).status_code == 404


def test_an_agent_of_one_service_sees_the_whole_towns(client: Client, town: Town) -> None:
    """Counts without names: what is not theirs to read counts all the same."""
    mine, theirs = make_service(town, "Voirie"), make_service(town, "Parcs")
    make_ticket(town, service=theirs)
    client.force_login(make_staff(town, mine))
    lines = page_of(client, town).context["page"].table("services").rows
    assert {row.name: row.line.waiting for row in lines} == {"Parcs": 1, "Voirie": 0}
