"""Who comes after the last look of work that ends is not left until the clock rings."""

import pytest

from hub.deliveries import sender
from hub.deliveries.models import Delivery, State
from tests.deliveries.conftest import Left, queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


def test_the_last_to_come_is_sent_too(left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, go_on = [], sender.Work.go_on

    def go_on_until_somebody_comes(work: sender.Work, for_s: float) -> int:
        tried = go_on(work, for_s)
        looks.append(tried)
        if len(looks) == 1:
            queue(2)
            assert sender.send_due("email", for_s=5) == 0  # work goes on, as far as they can see
        return tried

    monkeypatch.setattr(sender.Work, "go_on", go_on_until_somebody_comes)
    queue(1)
    assert sender.send_due("email", for_s=5) == 2
    assert looks == [1, 1]
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert sender.send_due("email", for_s=5) == 0
