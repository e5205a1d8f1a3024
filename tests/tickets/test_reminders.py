"""Services are reminded of due dates once, in the morning of a working day, in one mail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from hub.core.clock import standing_at
from hub.deliveries.models import Delivery
from hub.jobs import remind_of_due_dates
from hub.tickets import mail, queries, reminders
from hub.tickets.models import Priority, Status, Ticket
from hub.tickets.reminders import remind_services
from hub.towns.models import Country, Town
from tests import factories
from tests.tickets.making import make_service, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)


def _at(day: date, hour: int = 8, zone: str = "Europe/Paris") -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _ring(day: date, hour: int = 8, **where: Any) -> int:
    with standing_at(_at(day, hour, **where)):
        return remind_services()


def _mails() -> list[Delivery]:
    return list(Delivery.objects.filter(dispatch__cause="ticket_due_soon").order_by("pk"))


def _due(town: Town, day: date, **fields: Any) -> Ticket:
    return make_ticket(town, due_on=day, **fields)


def test_a_service_is_reminded_so_many_days_before_and_only_once(town: Town) -> None:
    ticket = _due(town, TUESDAY + timedelta(days=2))
    assert [_ring(TUESDAY - timedelta(days=1)), _ring(TUESDAY), _ring(TUESDAY, 9)] == [0, 1, 0]
    assert _ring(TUESDAY + timedelta(days=1)) == 0
    (sent,) = _mails()
    assert sent.address == "travaux-publics@saint-test.example"
    assert sent.subject == f"Échéance le jeudi 26 novembre : « Lampadaire éteint » [#{ticket.number}]"
    assert sent.headers["References"] == f"<ticket.{ticket.number}@parvis.test>"
    assert f"/mairie/{town.slug}/requetes/{ticket.number}/" in sent.text
    assert ticket.email not in sent.text + sent.html
    ticket.refresh_from_db()
    assert ticket.reminded_on == ticket.due_on


def test_a_later_due_date_is_another_one(town: Town) -> None:
    ticket = _due(town, TUESDAY)
    assert _ring(TUESDAY) == 1
    Ticket.objects.filter(pk=ticket.pk).update(due_on=FRIDAY)
    assert [_ring(TUESDAY), _ring(TUESDAY + timedelta(days=1))] == [0, 1]


def test_the_town_says_how_many_days(town: Town) -> None:
    desk = queries.desk_settings(town)
    desk.reminder_days = 3
    desk.save()
    _due(town, FRIDAY)
    assert [_ring(TUESDAY - timedelta(days=1)), _ring(TUESDAY)] == [0, 1]


def test_several_come_in_one_mail_for_each_service_the_first_due_and_the_most_urgent_first(town: Town) -> None:
    for title, day, priority in (
        ("Demain", TUESDAY + timedelta(days=1), Priority.IMPORTANT),
        ("Aujourd’hui", TUESDAY, Priority.MINOR),
        ("Urgence", TUESDAY + timedelta(days=1), Priority.URGENT),
        ("Hier", TUESDAY - timedelta(days=1), Priority.IMPORTANT),
    ):
        _due(town, day, title=title, priority=priority)
    _due(town, TUESDAY, title="Ailleurs", service=make_service(town, "Loisirs"))
    assert _ring(TUESDAY) == 2
    works, leisure = _mails()
    assert works.subject == "4 requêtes arrivent à échéance"
    titles = ("Hier", "Aujourd’hui", "Urgence", "Demain")
    places = [works.text.index(f"\n{title}\n") for title in titles]
    assert places == sorted(places)
    assert "En retard\u00a0: échéance le lundi 23\u00a0novembre" in works.text
    assert "mercredi 25\u00a0novembre · Urgent" in works.text
    assert "Ailleurs" in leisure.text
    assert "Ailleurs" not in works.text


def test_twenty_are_listed_and_the_others_counted(town: Town) -> None:
    for number in range(23):
        _due(town, TUESDAY, title=f"Demande {number:02}")
    assert _ring(TUESDAY) == 1
    assert _mails()[0].text.count("\nDemande ") == 20
    assert "et 3 autres requêtes." in _mails()[0].text
    assert not Ticket.objects.filter(reminded_on=None).exists()


def test_one_whose_date_is_past_is_said_to_be_late_and_old_ones_are_no_news(town: Town) -> None:
    _due(town, TUESDAY - timedelta(days=8))
    assert _ring(TUESDAY) == 0
    _due(town, TUESDAY - timedelta(days=7))
    assert _ring(TUESDAY) == 1
    assert _mails()[0].subject.startswith("Échéance dépassée : ")


@pytest.mark.parametrize(
    "other",
    [
        {"status": Status.CLOSED_DONE}, {"status": Status.NOT_TRANSFERRED}, {"merged": True}, {"service": None},
        {"due_on": None},
    ],
)  # fmt: skip
def test_what_is_not_the_services_to_treat_is_not_told(town: Town, other: dict[str, Any]) -> None:
    make_ticket(town, **{"due_on": TUESDAY, **other})
    assert (_ring(TUESDAY), _mails()) == (0, [])


def test_it_is_told_in_the_morning_by_the_towns_own_clock(town: Town) -> None:
    there = factories.make_town("la-baie", country=Country.CANADA, time_zone="America/Toronto")
    _due(town, TUESDAY)
    _due(there, TUESDAY)
    assert [_ring(TUESDAY, hour) for hour in (6, 7, 11)] == [0, 1, 0]  # in Paris; in Toronto it is 5 at 11 there
    assert [_ring(TUESDAY, hour, zone="America/Toronto") for hour in (6, 12, 7)] == [0, 0, 1]
    assert [mail.address.rpartition("@")[2] for mail in _mails()] == ["saint-test.example", "la-baie.example"]


def test_what_would_fall_on_days_of_rest_is_told_before_them(town: Town) -> None:
    """Two days before Tuesday is Sunday; Monday 30 is a day on which the town hall is closed."""
    desk = queries.desk_settings(town)
    desk.closed_days = ["2026-11-30"]
    desk.save()
    _due(town, date(2026, 12, 2))
    assert [_ring(FRIDAY - timedelta(days=1)), _ring(FRIDAY), _ring(FRIDAY + timedelta(days=1))] == [0, 1, 0]
    _due(town, date(2026, 12, 1))
    assert [_ring(FRIDAY + timedelta(days=days)) for days in (1, 2, 3, 4)] == [0, 0, 0, 1]


def test_a_service_that_nobody_reads_for_is_told_when_somebody_does(town: Town) -> None:
    service = make_service(town, "Loisirs", email="")
    _due(town, TUESDAY, service=service)
    assert (_ring(TUESDAY), Ticket.objects.get().reminded_on) == (0, None)
    service.email = "loisirs@saint-test.example"
    service.save()
    assert _ring(TUESDAY + timedelta(days=1)) == 1


def test_a_town_that_fails_keeps_no_other_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    other = factories.make_town("la-baie")
    _due(town, TUESDAY)
    _due(other, TUESDAY)
    queue = mail.send_due_soon

    def fails_here(service: Any, tickets: Any) -> bool:
        if service.town_id == town.pk:
            raise RuntimeError("no words")
        return queue(service, tickets)

    monkeypatch.setattr(reminders.mail, "send_due_soon", fails_here)
    assert _ring(TUESDAY) == 1
    assert Ticket.objects.get(town=town).reminded_on is None  # and so it is tried again
    monkeypatch.undo()
    assert _ring(TUESDAY) == 1


def test_the_clocks_bell_rings_it(town: Town) -> None:
    _due(town, TUESDAY)
    with standing_at(_at(TUESDAY)):
        remind_of_due_dates()
    assert len(_mails()) == 1


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_tell_it_once(town: Town) -> None:
    for number in range(6):
        _due(town, TUESDAY, service=make_service(town, f"Service {number % 2}"))

    def ring(_number: int) -> int:
        sent = _ring(TUESDAY)
        connection.close()
        return sent

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ring, range(4))) == 2
    assert [sent.subject for sent in _mails()] == ["3 requêtes arrivent à échéance"] * 2
