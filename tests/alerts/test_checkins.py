"""Calls to the register ask how people are: who is well has confirmed, who is not is called back, once."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from channels_adapters.base import Became, Receipt
from hub.alerts import checkins
from hub.alerts.models import Alert, Recipient, Vulnerable
from hub.core.clock import now
from hub.deliveries import receipts
from hub.deliveries.models import Content, Delivery
from hub.deliveries.writing import items_of
from hub.jobs import call_back
from hub.people.models import Membership, Person, Phone
from hub.tickets.models import Priority, Question, Ticket
from hub.towns.models import Town
from tests.alerts.alarms import approved, leave
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_agent, make_person
from tests.tickets.making import make_category

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
ONE, TWO = "+33139980001", "+33139980002"


@pytest.fixture(autouse=True)
def ways_out(settings: Settings, left: Left) -> None:  # noqa: F811
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


@pytest.fixture
def lucienne(town: Town) -> Person:
    return registered(town, TWO, "Lucienne")


def registered(town: Town, number: str, name: str) -> Person:
    person = make_person(town=town, first_name=name, last_name="Daoust")
    Phone.objects.create(person=person, number=number, by_staff=True)
    Vulnerable.objects.create(person=person, town=town, added_at=now())
    return person


def call(author: Person, approver: Person, town: Town) -> Alert:
    """An alert to the register, whose calls have been made."""
    return leave(leave(approved(author, approver, town, channels=["voice"], audience={"register": True})))


def press(number: str, key: str) -> None:
    made = Delivery.objects.get(channel="voice", address=number)
    receipts.take("capture", [Receipt(made.provider_id, Became.DELIVERED, pressed=key)])


def test_each_is_asked_in_their_language_and_may_press_two_keys(
    town: Town, mayor: Person, agent: Person, lucienne: Person
) -> None:
    alert = call(mayor, agent, town)
    said = {content.language: content.text for content in Content.objects.filter(channel="voice")}
    assert said["fr"].endswith("Tapez 1 si vous allez bien, 2 pour être rappelé.")
    made = Delivery.objects.select_related("content", "dispatch").get(channel="voice")
    item = items_of([made])[made.pk].item
    assert (item.confirms, item.keys) == (True, "12")
    Content.objects.all().delete()
    leave(leave(approved(mayor, agent, town, channels=["voice"])))
    assert not any("Tapez 1" in text for text in Content.objects.values_list("text", flat=True))
    assert {content.headers["Keys"] for content in Content.objects.filter(channel="voice")} == {"1"}
    assert alert.called_at is not None


def test_one_is_well_and_the_other_is_called_back_by_one_ticket(
    town: Town, mayor: Person, agent: Person, lucienne: Person
) -> None:
    well = registered(town, ONE, "Jean")
    make_category(town)
    make_category(town, "Autre chose")
    alert = call(mayor, agent, town)
    press(ONE, "1")
    press(TWO, "2")
    for _time in range(3):
        call_back()
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.created_by, ticket.category.name) == (lucienne, agent, "Autre chose")
    assert ticket.priority == Priority.URGENT
    assert ticket.description.startswith("Rappeler Lucienne Daoust au")
    assert alert.number in ticket.description
    rows = {row.person: row for row in Recipient.objects.filter(alert=alert)}
    assert rows[well].confirmed_at is not None
    assert rows[lucienne].confirmed_at is None
    assert all(row.reached_at for row in rows.values())  # although the alert was over


def test_where_no_ticket_can_be_made_it_is_tried_again(
    town: Town, mayor: Person, agent: Person, lucienne: Person
) -> None:
    call(mayor, agent, town)
    press(TWO, "2")
    call_back()  # no category
    assert not Ticket.objects.exists()
    asking = make_category(town, "Déchets")
    Question.objects.create(category=asking, text="Où ?", required=True)
    call_back()  # it would have to be answered
    assert not Ticket.objects.exists()
    make_category(town, "Aide")
    Membership.objects.filter(person=agent).delete()  # who approved has left
    call_back()
    assert Ticket.objects.get().created_by == mayor


def test_who_is_no_citizen_of_the_list_is_called_back_too(
    town: Town, mayor: Person, agent: Person, lucienne: Person
) -> None:
    make_category(town)
    Membership.objects.filter(person=lucienne).update(role="moderator")
    call(mayor, agent, town)
    press(TWO, "2")
    call_back()
    ticket = Ticket.objects.get()
    assert (ticket.last_name, ticket.phone) == ("Daoust", TWO)


def test_other_keys_other_alerts_and_old_ones_ask_for_nothing(
    town: Town, mayor: Person, agent: Person, lucienne: Person
) -> None:
    make_category(town)
    alert = call(mayor, agent, town)
    press(TWO, "")
    call_back()
    press(TWO, "2")
    Alert.objects.update(audience={})  # it was no alert to the register
    call_back()
    Alert.objects.update(audience={"register": True}, started_at=now() - timedelta(hours=25))
    call_back()
    assert not Ticket.objects.exists()
    Alert.objects.filter(pk=alert.pk).update(started_at=now())
    assert checkins.settle(lambda _alert, _people: None) == 1
