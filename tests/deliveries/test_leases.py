"""The outbox is of the database's clock: the machines' own may be minutes apart."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from channels_adapters.base import Became, Outcome, Receipt, Result
from hub.deliveries import ledger, receipts, sender
from hub.deliveries.models import Delivery, EarlyReceipt, State
from tests.deliveries.conftest import Left, queue
from tests.deliveries.test_sending import _said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]
WRONG = pytest.mark.parametrize("minutes", [-5, 5])

Go = Callable[[int], None]


@pytest.fixture
def go_wrong(monkeypatch: pytest.MonkeyPatch) -> Go:
    """`go_wrong(minutes)`: this machine's clock is so far ahead from now on."""
    right = timezone.now

    def go_wrong(minutes: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(minutes=minutes))

    return go_wrong


@WRONG
def test_a_worker_whose_clock_is_wrong_takes_nothing_from_another(left: Left, go_wrong: Go, minutes: int) -> None:
    delivery, other = queue(1, expires_in=timedelta(days=2)), queue(2, expires_in=timedelta(days=2))
    claimed = {one.pk: one for one in ledger.claim("email", 2)}
    assert ledger.hand_over([(claimed[delivery.pk], "capture")]) == {delivery.pk}
    go_wrong(minutes)
    sender.sweep()
    assert ledger.claim("email", 2) == []
    sender.send_due("email", for_s=5)
    assert {one.pk: one.state for one in Delivery.objects.all()} == {
        delivery.pk: State.SENDING, other.pk: State.QUEUED,
    }  # fmt: skip
    said = _said(claimed[delivery.pk], Outcome(Result.ACCEPTED, "7"))
    assert ledger.record([said], chance=lambda: 0.5) == {delivery.pk}
    assert Delivery.objects.get(pk=delivery.pk).state == State.SENT
    assert left() == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a SQLite file is of one machine, which has one clock")
@WRONG
def test_what_is_due_leaves_at_once_and_nothing_is_too_late_too_early(left: Left, go_wrong: Go, minutes: int) -> None:
    """Whoever is wrong: the worker, or the process that wrote the row."""
    queue(1, expires_in=timedelta(minutes=3))
    go_wrong(minutes)
    sender.sweep()
    assert sender.send_due("email", for_s=5) == 1
    queue(2, expires_in=timedelta(minutes=3))
    go_wrong(0)
    sender.sweep()
    assert sender.send_due("email", for_s=5) == 1
    assert len(left()) == 2
    kept = Delivery.objects.order_by("pk").first()
    assert kept is not None
    assert kept.sent_at is not None
    assert abs(kept.sent_at - timezone.now()) < timedelta(minutes=2)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a SQLite file is of one machine, which has one clock")
@WRONG
def test_an_early_receipt_is_kept_for_five_minutes_by_the_one_clock(go_wrong: Go, minutes: int) -> None:
    receipts.take("twilio", [Receipt("SM1", Became.DELIVERED)])
    go_wrong(minutes)
    assert receipts.take_early() == (0, 0)
    assert EarlyReceipt.objects.count() == 1
