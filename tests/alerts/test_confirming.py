"""« J’ai bien reçu »: by the link of a message, by the answer « 1 », and who has said so is let be."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from channels_adapters.base import Incoming
from hub.alerts import calls, confirming, lifecycle
from hub.alerts.models import Alert, Recipient
from hub.core.clock import now
from hub.deliveries import incoming, links
from hub.deliveries.models import Content, Delivery, Did, InboundSms, State
from hub.deliveries.writing import items_of
from hub.people.models import Device, Person, Phone
from hub.tickets.mail import send_started
from hub.towns.models import Town
from tests.alerts.alarms import approved, leave
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_agent, make_person
from tests.tickets.making import make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
MOBILE, LANDLINE = "+33612340012", "+33139980012"


@pytest.fixture(autouse=True)
def ways_out(settings: Settings, left: Left) -> None:  # noqa: F811
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


def resident(town: Town, number: str) -> Person:
    person = make_person(town=town)
    Phone.objects.create(person=person, number=number, by_staff=True)
    return person


def link(alert: Alert, channel: str, person: Person) -> str:
    delivery = Delivery.objects.get(dispatch=alert.dispatch, channel=channel, person=person)
    return f"/a/{links.token(delivery.pk, 'confirm')}/"


def test_a_press_confirms_and_opening_the_link_does_not(
    client: Client, town: Town, mayor: Person, agent: Person
) -> None:
    person = resident(town, MOBILE)
    alert = leave(approved(mayor, agent, town, channels=["email", "sms"]))
    row = Recipient.objects.get(alert=alert, person=person)
    path = link(alert, "sms", person)
    for method in (client.get, client.head):
        answer = method(path)
        assert (answer.status_code, answer["X-Robots-Tag"], answer["Cache-Control"]) == (200, "noindex", "no-store")
    page = client.get(path).content.decode()
    assert "J’ai bien reçu" in page
    assert "Eau non potable" in page
    for hidden in (person.first_name, person.last_name, person.email, MOBILE):
        assert hidden not in page
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert "Merci, c’est noté" in client.post(path).content.decode()
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert row.reached_at is not None
    first = row.confirmed_at
    client.post(path)
    row.refresh_from_db()
    assert row.confirmed_at == first
    others = Recipient.objects.filter(alert=alert).exclude(pk=row.pk)
    assert set(others.values_list("confirmed_at", flat=True)) == {None}


@pytest.mark.parametrize("said", ["nobodys", "z.000000000000", "1.", "é"])
def test_what_nobody_wrote_is_gone(client: Client, said: str) -> None:
    for answer in (client.get(f"/a/{said}/"), client.post(f"/a/{said}/")):
        assert answer.status_code == 410


def test_another_purposes_token_and_another_dispatch_confirm_nothing(
    client: Client, town: Town, mayor: Person, agent: Person
) -> None:
    person = resident(town, MOBILE)
    alert = leave(approved(mayor, agent, town, channels=["sms"]))
    delivery = Delivery.objects.get(dispatch=alert.dispatch, person=person)
    assert client.post(f"/a/{links.token(delivery.pk, 'recipient')}/").status_code == 410
    other = Delivery.objects.create(
        dispatch=alert.dispatch.__class__.objects.create(cause="login_code"), channel="sms", address=MOBILE,
        next_at=now(), expires_at=now(),
    )  # fmt: skip
    assert client.post(f"/a/{links.token(other.pk, 'confirm')}/").status_code == 410
    assert not Recipient.objects.exclude(confirmed_at=None).exists()


def test_who_has_confirmed_is_not_called_and_whom_they_share_a_number_with_is(
    client: Client, town: Town, mayor: Person, agent: Person, left: Left  # noqa: F811
) -> None:  # fmt: skip
    alone, one, two = resident(town, "+33139980001"), resident(town, LANDLINE), resident(town, LANDLINE)
    alert = leave(approved(mayor, agent, town, channels=["email", "voice"]), "push")  # mails still wait
    Recipient.objects.update(reached_at=None)
    Alert.objects.update(started_at=now() - timedelta(minutes=6))
    assert calls.go_on(Alert.objects.select_related("town").get(pk=alert.pk))
    alert.refresh_from_db()
    assert Delivery.objects.filter(channel="voice").count() == 2
    for person in (alone, one):
        client.post(link(alert, "email", person))
    made = dict(Delivery.objects.filter(channel="voice").values_list("address", "state"))
    assert made == {"+33139980001": State.SUPPRESSED, LANDLINE: State.QUEUED}
    assert Delivery.objects.get(channel="voice", state=State.SUPPRESSED).reason == confirming.CONFIRMED
    assert set(Delivery.objects.filter(channel="email", person__in=[alone, one]).values_list("state", flat=True)) == {
        State.SUPPRESSED
    }
    assert Delivery.objects.get(channel="email", person=two).state == State.QUEUED
    client.post(link(alert, "email", two))
    assert Delivery.objects.get(channel="voice", address=LANDLINE).state == State.SUPPRESSED


def answer(text: str, sender: str = MOBILE) -> InboundSms:
    name = f"SM{InboundSms.objects.count()}"
    incoming.take("twilio", Incoming(name, sender, "+33939000001", text))
    return InboundSms.objects.get(provider_id=name)


def test_the_answer_1_to_the_last_alert_confirms(town: Town, mayor: Person, agent: Person) -> None:
    person = resident(town, MOBILE)
    assert answer("1").did == Did.KEPT  # to nothing
    alert = leave(approved(mayor, agent, town, channels=["sms"]))
    row = Recipient.objects.get(alert=alert, person=person)
    for text, sender in (("12", MOBILE), ("oui", MOBILE), ("1", "+33612349999")):
        assert answer(text, sender).did == Did.KEPT
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert answer(" 1. ").did == Did.NOTHING
    row.refresh_from_db()
    assert row.confirmed_at is not None
    Recipient.objects.update(confirmed_at=None)
    Delivery.objects.update(sent_at=now() - timedelta(hours=25))
    assert answer("1").did == Did.KEPT


def test_a_1_is_for_the_alert_though_a_request_has_written_since(town: Town, mayor: Person, agent: Person) -> None:
    person = resident(town, MOBILE)
    alert = leave(approved(mayor, agent, town, channels=["sms"]))
    ticket = make_ticket(town, requester=person, email="", phone=MOBILE)
    send_started(ticket)
    Delivery.objects.filter(dispatch__cause="ticket_started").update(state=State.SENT, sent_at=now())
    answer("1")
    assert Recipient.objects.get(alert=alert, person=person).confirmed_at is not None
    assert not ticket.conversation.messages.exists()
    answer("Quand passez-vous ?")
    assert ticket.conversation.messages.get().body == "Quand passez-vous ?"


def test_each_is_given_their_own_link_and_an_sms_only_where_it_costs_nothing(
    town: Town, mayor: Person, agent: Person, left: Left, settings: Settings  # noqa: F811
) -> None:  # fmt: skip
    settings.LINK_BASE = "https://parvis.example"
    person = resident(town, MOBILE)
    Device.objects.create(person=person, kind="web", target="{}", digest="d", name="Firefox")
    for sms, fits in ((f"{town.name} : eau non potable.", True), ("x" * 150, False), ("x" * 200, True)):
        alert = leave(approved(mayor, agent, town, channels=["push", "email", "sms"], sms={"fr": sms}), "push")
        rows = list(
            Delivery.objects.filter(dispatch=alert.dispatch, person=person).select_related("content", "dispatch")
        )
        items = {one.channel: items_of([one])[one.pk].item for one in rows}
        own = {one.channel: links.confirmation(one.pk) for one in rows}
        assert (own["sms"] in items["sms"].text) is fits, sms
        assert own["email"] in items["email"].text
        assert own["email"] in items["email"].html
        assert items["push"].link == own["push"]
        assert lifecycle.measure(items["sms"].text).segments == lifecycle.measure(sms).segments
        assert not any("{" in item.text for item in items.values())


def test_what_is_no_emergency_asks_for_nothing(town: Town, mayor: Person, agent: Person) -> None:
    leave(approved(mayor, agent, town, emergency=False, audience={"register": True}, channels=["push", "email", "sms"]))
    contents = Content.objects.all()
    assert contents.exists()
    assert not any(links.CONFIRM in f"{one.text}{one.html}{one.headers}" for one in contents)
