"""Two at the same alert at the same moment. Who holds what is only to be seen with PostgreSQL."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from hub.alerts import calls, leaving, progress
from hub.alerts.alerting import stop_alert
from hub.alerts.models import Alert, Recipient
from hub.core.clock import now
from hub.deliveries.models import Delivery, State
from hub.streams.models import Event
from tests.alerts.alarms import approved
from tests.factories import make_agent, make_mayor, make_town
from tests.tickets.test_races import Act, ended, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_way_out(settings: Settings) -> None:
    settings.ADAPTERS = {}


def all_written(**fields: Any) -> Alert:
    """An alert of which nothing has left yet."""
    town = make_town()
    alert = approved(make_mayor(town), make_agent(town), town, **fields)
    while leaving.work(alert.pk, for_s=5):
        pass
    return Alert.objects.get(pk=alert.pk)


def test_what_was_counted_before_is_never_told_after() -> None:
    alert = all_written()
    telling = Act(progress.tell, alert=alert)
    with transaction.atomic():
        held = Alert.objects.select_for_update().get(pk=alert.pk)
        start(telling)
        Recipient.objects.filter(alert=alert).update(reached_at=now())
        progress.tell(held)
    assert ended(telling) == [None]
    events = Event.objects.filter(topic=f"alert.{alert.pk}").order_by("seq")
    told = [json.loads(event.payload)["reached"] for event in events]
    assert told == [2]
    alert.refresh_from_db()
    assert alert.told["reached"] == 2


def test_nobody_is_called_again_of_an_alert_that_is_being_stopped() -> None:
    alert = all_written(channels=["voice"])
    Recipient.objects.filter(alert=alert, person=alert.author).update(voice="+33139980012")
    assert calls.go_on(alert)
    Delivery.objects.filter(channel="voice").update(state=State.FAILED, cause="no_answer")
    alert.refresh_from_db()
    calling = Act(calls.go_on, alert=alert)
    with transaction.atomic():
        Alert.objects.select_for_update().get(pk=alert.pk)
        start(calling)
        assert alert.author is not None
        stop_alert(actor=alert.author, alert_id=alert.pk)
    assert ended(calling) == [None]
    assert Delivery.objects.filter(channel="voice").count() == 1


@pytest.mark.parametrize("minutes", [-5, 5])
def test_who_watches_one_holds_it_for_seconds_whatever_their_clock_says(
    monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    alert, right = all_written(), timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(minutes=minutes))
    assert progress.watch(alert.pk, for_s=0)  # and lets go of it
    held = progress._hold(alert.pk, None)
    assert held is not None
    assert progress._hold(alert.pk, None) is None
    assert timedelta(0) < held - right() < timedelta(minutes=1)
