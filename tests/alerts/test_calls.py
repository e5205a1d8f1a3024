"""Calls to those whom nothing else has reached: when, once more to who does not answer, and when it is over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from channels_adapters.base import Became, Cause, Receipt
from hub.alerts import calls, checkins, lifecycle, progress, reach
from hub.alerts.alerting import stop_alert
from hub.alerts.confirming import confirm
from hub.alerts.dispatches import again_key
from hub.alerts.models import Alert, Recipient, Status
from hub.core.clock import now
from hub.deliveries import receipts, sender
from hub.deliveries.models import Delivery, State
from hub.people.models import Person, Phone
from hub.towns.models import Town
from tests.alerts.alarms import approved, leave
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, OURS, SERVICE, Twilio
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_agent, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
LANDLINE, MOBILE = "+33139980012", "+33612340012"


@pytest.fixture(autouse=True)
def twilio(settings: Settings, left: Left) -> Iterator[Twilio]:  # noqa: F811
    """Calls and SMS go by Twilio, which says later what becomes of them."""
    settings.ADAPTERS = {"email": ["capture"], "sms": ["twilio"], "voice": ["twilio-voice"]}
    with Twilio() as there:
        account = {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "url": there.url}
        settings.ADAPTER_OPTIONS |= {
            "twilio": {**account, "messaging_service_sid": SERVICE}, "twilio-voice": {**account, "caller": OURS},
        }  # fmt: skip
        yield there


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


@pytest.fixture
def lucienne(town: Town) -> Person:
    """Who has a telephone, and nothing else."""
    person = make_person(town=town, first_name="Lucienne", last_name="Daoust", is_active=True)
    Phone.objects.create(person=person, number=LANDLINE, by_staff=True)
    return person


@pytest.fixture
def called(town: Town, mayor: Person, agent: Person, lucienne: Person) -> Alert:
    """An alert whose calls ring."""
    alert = go_on(approved(mayor, agent, town, channels=["voice"]))
    assert alert.called_at is not None
    return go_on(alert)


def go_on(alert: Alert) -> Alert:
    """What is due leaves, and is counted."""
    return leave(alert, "email", "sms", "voice")


def said(call: Delivery, became: Became, cause: Cause | None = None, **more: str) -> None:
    provider = "twilio" if call.channel == "sms" else "twilio-voice"
    receipts.take(provider, [Receipt(call.provider_id, became, cause, **more)], delivery_id=call.pk)


def minutes_pass(minutes: int) -> None:
    """For calls that wait."""
    for waiting in Delivery.objects.filter(state=State.QUEUED):
        Delivery.objects.filter(pk=waiting.pk).update(next_at=waiting.next_at - timedelta(minutes=minutes))


def voice(alert: Alert) -> dict[str, int]:
    """The figures of calls that are not nought."""
    return {name: number for name, number in progress.progress_of(alert).by_channel["voice"].items() if number}


def missed(alert: Alert) -> list[str]:
    """Why those were not reached who have a number."""
    return [one.why for one in reach.missed(alert) if one.phone]


@pytest.mark.parametrize("cause", [Cause.NO_ANSWER, Cause.BUSY])
def test_who_does_not_answer_is_called_once_more_some_minutes_later(
    called: Alert, twilio: Twilio, cause: Cause
) -> None:
    first = Delivery.objects.get(channel="voice")
    assert (first.state, voice(called), called.status) == (State.SENT, {"sent": 1}, Status.SENDING)
    for _time in range(10):
        said(first, Became.FAILED, cause)
        said(first, Became.SENT)
        called = go_on(called)
    second = Delivery.objects.get(dispatch__key=again_key(called))
    assert timedelta(minutes=2) < second.next_at - now() <= timedelta(minutes=3)
    assert (second.address, second.content, second.lane) == (first.address, first.content, first.lane)
    assert (len(twilio.made), voice(called), called.status) == (1, {"queued": 1}, Status.SENDING)
    assert (reach.failures(called), missed(called)) == ([], [])
    minutes_pass(3)
    called = go_on(called)
    assert (len(twilio.made), voice(called), called.status) == (2, {"sent": 1}, Status.SENDING)
    said(first, Became.FAILED, cause)  # late, and of the first
    second.refresh_from_db()
    assert second.state == State.SENT
    said(second, Became.FAILED, cause)
    called = go_on(called)
    assert (len(twilio.made), voice(called), called.status) == (2, {"failed": 1}, Status.DONE)
    if cause == Cause.NO_ANSWER:
        assert reach.failures(called) == [("Sans réponse, 2 essais", 1)]
        assert missed(called) == ["2 appels sans réponse"]


def test_who_answers_the_second_call_is_reached(called: Alert, lucienne: Person, twilio: Twilio) -> None:
    said(Delivery.objects.get(channel="voice"), Became.FAILED, Cause.NO_ANSWER)
    go_on(called)
    minutes_pass(3)
    go_on(called)
    said(Delivery.objects.get(dispatch__key=again_key(called)), Became.DELIVERED, pressed="1")
    called = go_on(called)
    row = Recipient.objects.get(alert=called, person=lucienne)
    assert row.confirmed_at is not None
    assert row.reached_at is not None
    assert (voice(called), called.status) == ({"delivered": 1}, Status.DONE)


@pytest.mark.parametrize(
    ("became", "cause", "reason"),
    [
        (Became.DELIVERED, None, "répondeur"),  # the message is on the machine
        (Became.UNDELIVERABLE, Cause.ADDRESS, ""),  # no such number
        (Became.FAILED, Cause.CARRIER, ""),
    ],
)
def test_what_has_ended_otherwise_is_not_tried_again(
    called: Alert, became: Became, cause: Cause | None, reason: str
) -> None:
    said(Delivery.objects.get(channel="voice"), became, cause, reason=reason)
    assert go_on(called).status == Status.DONE
    assert Delivery.objects.filter(channel="voice").count() == 1
    assert Recipient.objects.exclude(reached_at=None).exists() is (became is Became.DELIVERED)


def _confirms(alert: Alert) -> None:
    confirm(Delivery.objects.get(channel="email", person__phones__number=LANDLINE))


def _picks_up_after_all(alert: Alert) -> None:
    said(Delivery.objects.get(dispatch=alert.calls), Became.DELIVERED)


def _is_stopped(alert: Alert) -> None:
    assert alert.author is not None
    stop_alert(actor=alert.author, alert_id=alert.pk)


@pytest.mark.parametrize("meanwhile", [_confirms, _picks_up_after_all, _is_stopped])
def test_who_was_reached_meanwhile_is_not_called_again(
    town: Town, mayor: Person, agent: Person, lucienne: Person, twilio: Twilio, meanwhile: object
) -> None:
    alert = leave(approved(mayor, agent, town, channels=["email", "voice"]), "voice")  # mails still wait
    Recipient.objects.exclude(person=lucienne).update(reached_at=now())
    Alert.objects.update(started_at=now() - timedelta(minutes=6))
    for _time in ("they are written", "they leave"):
        alert = leave(alert, "voice")
    said(Delivery.objects.get(dispatch=alert.calls), Became.FAILED, Cause.NO_ANSWER)
    alert = leave(alert, "voice")
    assert Delivery.objects.filter(dispatch__key=again_key(alert), state=State.QUEUED).count() == 1
    meanwhile(alert)  # type: ignore[operator]
    minutes_pass(3)
    progress.watch(alert.pk, for_s=0)
    sender.sweep()
    alert = leave(alert, "voice")
    assert len(twilio.made) == 1
    assert Delivery.objects.get(dispatch__key=again_key(alert)).state == State.SUPPRESSED
    assert voice(alert) == ({"delivered": 1} if meanwhile is _picks_up_after_all else {"failed": 1})


def test_nobody_is_called_while_an_sms_may_still_say_that_it_is_there(
    town: Town, mayor: Person, agent: Person, lucienne: Person, twilio: Twilio
) -> None:
    """Taken by its provider a second ago, it has reached nobody yet, and soon will."""
    Phone.objects.create(person=mayor, number=MOBILE, by_staff=True)
    alert = go_on(approved(mayor, agent, town, channels=["sms", "voice"]))
    sms = Delivery.objects.get(channel="sms")
    assert (sms.state, go_on(alert).called_at) == (State.SENT, None)
    said(sms, Became.DELIVERED)
    go_on(alert)
    assert list(Delivery.objects.filter(channel="voice").values_list("address", flat=True)) == [LANDLINE]


def test_an_sms_of_which_nobody_says_anything_is_waited_for_no_longer_than_the_town_says(
    town: Town, mayor: Person, agent: Person, lucienne: Person, twilio: Twilio
) -> None:
    Phone.objects.filter(person=lucienne).update(number=MOBILE)
    Person.objects.filter(pk=lucienne.pk).update(email="")
    alert = go_on(approved(mayor, agent, town, channels=["sms", "voice"]))
    Recipient.objects.filter(alert=alert).update(voice=MOBILE)
    Alert.objects.update(started_at=now() - timedelta(minutes=6))
    assert go_on(alert).called_at is not None
    assert Delivery.objects.filter(channel="voice").count() == 1


def test_calls_that_say_nothing_end_after_an_hour(called: Alert) -> None:
    Delivery.objects.update(sent_at=now() - lifecycle.CALLS_END_WITHIN + timedelta(minutes=1))
    assert go_on(called).status == Status.SENDING
    Delivery.objects.update(sent_at=now() - lifecycle.CALLS_END_WITHIN)
    assert go_on(called).status == Status.DONE
    assert not calls.go_on(Alert.objects.get(pk=called.pk))


def test_an_alert_is_not_over_while_a_doubt_may_still_leave_again(
    town: Town, mayor: Person, agent: Person, lucienne: Person, twilio: Twilio
) -> None:
    Phone.objects.create(person=mayor, number=MOBILE, by_staff=True)
    twilio.cut = True
    alert = go_on(approved(mayor, agent, town, channels=["sms"]))
    assert (Delivery.objects.get(channel="sms").state, alert.status) == (State.UNKNOWN, Status.SENDING)
    twilio.cut = False
    Delivery.objects.filter(channel="sms").update(ask_at=now())
    alert = go_on(alert)
    assert (Delivery.objects.get(channel="sms").state, alert.status, len(twilio.made)) == (State.SENT, Status.DONE, 1)


def test_what_is_said_of_an_sms_after_the_end_counts(
    town: Town, mayor: Person, agent: Person, lucienne: Person
) -> None:
    Phone.objects.create(person=mayor, number=MOBILE, by_staff=True)
    alert = go_on(approved(mayor, agent, town, channels=["sms"]))
    assert (alert.status, progress.progress_of(alert).reached) == (Status.DONE, 0)
    said(Delivery.objects.get(channel="sms"), Became.DELIVERED)
    checkins.settle(lambda _alert, _people: None)
    told = progress.progress_of(alert)
    assert (told.reached, told.by_channel["sms"]["delivered"]) == (1, 1)
    alert.refresh_from_db()
    assert alert.told["reached"] == 1


def test_whose_mail_comes_back_was_not_reached(
    town: Town, mayor: Person, agent: Person, lucienne: Person
) -> None:  # fmt: skip
    """Unless something else is there, or they have said that they know."""
    knows, by_sms = make_person(town=town), make_person(town=town)
    Phone.objects.create(person=by_sms, number=MOBILE, by_staff=True)
    alert = go_on(approved(mayor, agent, town, channels=["email", "sms"]))
    said(Delivery.objects.get(channel="sms"), Became.DELIVERED)
    Recipient.objects.filter(alert=alert, person=knows).update(confirmed_at=now())
    progress.mark_reached(alert)
    assert progress.progress_of(alert).reached == 5
    for person in (lucienne, knows, by_sms):
        mail = Delivery.objects.get(address=person.email, dispatch=alert.dispatch)
        assert receipts.take_of(mail.pk, Receipt("", Became.UNDELIVERABLE))
    checkins.settle(lambda _alert, _people: None)
    assert [row.person for row in Recipient.objects.filter(alert=alert, reached_at=None)] == [lucienne]
    assert Alert.objects.get(pk=alert.pk).told["reached"] == 4
