"""A second relay, for mail that the first does not take."""

from collections import Counter
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from hub.deliveries import sender
from hub.deliveries.models import Delivery, Provider, State
from tests.channels_adapters.relay import Relay
from tests.deliveries.conftest import queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


def test_a_second_relay_has_it_all_when_the_first_stops(settings: Settings) -> None:
    with Relay() as second, ExitStack() as running:
        first = running.enter_context(Relay())
        settings.ADAPTERS = {"email": ["smtp", "smtp2"]}
        settings.ADAPTER_OPTIONS = {
            name: {"host": "127.0.0.1", "port": relay.port, "security": "none", "timeout_s": 2.0}
            for name, relay in (("smtp", first), ("smtp2", second))
        }
        before = queue(1)
        sender.send_due("email", for_s=5)
        assert (len(first.taken), len(second.taken)) == (1, 0)
        running.close()
        after = [queue(number).pk for number in range(2, 12)]
        sender.send_due("email", for_s=5)
        assert Counter(taken.mail["Subject"] for taken in second.taken) == {f"N° {n}": 1 for n in range(2, 12)}
    assert Delivery.objects.get(pk=before.pk).provider == "smtp"
    assert set(Delivery.objects.filter(pk__in=after).values_list("state", "provider")) == {(State.SENT, "smtp2")}
    distrusted = Provider.objects.get()
    assert (distrusted.name, distrusted.faults > 0, distrusted.trust < 100) == ("smtp", True, True)
    assert "no way to the relay" in distrusted.reason
