"""Leases are of the database's clock: two workers' own may be minutes apart."""

from datetime import timedelta

import pytest

from channels_adapters.base import Outcome, Result
from hub.core.clock import now
from hub.deliveries import ledger, sender
from hub.deliveries.models import Delivery, State
from tests.deliveries.conftest import Left, queue
from tests.deliveries.test_sending import _said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


def test_a_worker_whose_clock_is_ahead_claims_nothing_that_is_in_hands(
    left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(expires_in=timedelta(days=2))
    assert len(ledger.claim("email", 1)) == 1
    ahead = now() + timedelta(minutes=5)
    monkeypatch.setattr(ledger, "now", lambda: ahead)
    assert ledger.claim("email", 1) == []


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_worker_whose_clock_is_wrong_takes_nothing_from_another(
    left: Left, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    delivery = queue(expires_in=timedelta(days=2))
    (claimed,) = ledger.claim("email", 1)
    assert ledger.hand_over([(claimed, "capture")]) == {delivery.pk}
    wrong = now() + timedelta(minutes=minutes)
    monkeypatch.setattr(ledger, "now", lambda: wrong)
    sender.sweep()
    sender.send_due("email", for_s=5)
    assert Delivery.objects.get(pk=delivery.pk).state == State.SENDING
    assert ledger.record([_said(claimed, Outcome(Result.ACCEPTED, "7"))], chance=lambda: 0.5) == {delivery.pk}
    assert Delivery.objects.get(pk=delivery.pk).state == State.SENT
    assert left() == []
