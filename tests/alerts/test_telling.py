"""How far an alert is, told by several at once. Who holds what is only to be seen with PostgreSQL."""

import json

import pytest
from django.db import transaction
from pytest_django import Settings

from hub.alerts import leaving, progress
from hub.alerts.models import Alert, Recipient
from hub.core.clock import now
from hub.streams.models import Event
from tests.alerts.alarms import approved
from tests.factories import make_agent, make_mayor, make_town
from tests.tickets.test_races import Act, ended, start

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_counted_before_is_never_told_after(settings: Settings) -> None:
    settings.ADAPTERS = {}
    town = make_town()
    alert = approved(make_mayor(town), make_agent(town), town)
    while leaving.work(alert.pk, for_s=5):
        pass
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
