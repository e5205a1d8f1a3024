"""Handed over, and no answer: what is looked into, what is sent once more, and what never is."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.db.models import F
from pytest_django import Settings

from channels_adapters.base import HandOver, Item, Outcome, Result
from channels_adapters.registry import ADAPTERS
from hub.core.clock import now
from hub.deliveries import sender
from hub.deliveries.models import Delivery, Lane, State
from tests.deliveries.conftest import Left, queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


class Silent:
    """A provider that takes everything and says nothing; asked later, it answers what it was told to."""

    channels: ClassVar[frozenset[str]] = frozenset({"email"})
    at_once = 2
    answer: ClassVar[Outcome | None] = None
    asked: ClassVar[list[timedelta]] = []

    async def send(self, item: Item, hand_over: HandOver) -> Outcome:
        assert await hand_over()
        return Outcome(Result.UNKNOWN, reason="no answer")

    async def find(self, item: Item, ago: timedelta) -> Outcome | None:
        self.asked.append(ago)
        return self.answer

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def silent_first(left: Left, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ADAPTERS, "silent", f"{__name__}:Silent")  # type: ignore[arg-type]
    settings.ADAPTERS = {"email": ["silent", "capture"]}
    Silent.asked = []


def look_into_it() -> Delivery:
    """As when its time has come."""
    Delivery.objects.filter(ask_at__isnull=False).update(ask_at=now())
    sender.sweep()
    sender.send_due("email", for_s=5)
    return Delivery.objects.get()


def test_what_the_provider_has_is_sent(left: Left) -> None:
    queue()
    sender.send_due("email", for_s=5)
    kept = Delivery.objects.get()
    Delivery.objects.update(sent_at=F("sent_at") - timedelta(minutes=3))
    assert (kept.state, kept.provider) == (State.UNKNOWN, "silent")
    Silent.answer = Outcome(Result.ACCEPTED, provider_id="SM7")
    kept = look_into_it()
    assert (kept.state, kept.provider_id, kept.ask_at) == (State.SENT, "SM7", None)
    (ago,) = Silent.asked
    assert timedelta(minutes=3) <= ago < timedelta(minutes=4)
    assert left() == []


def test_what_it_never_had_is_sent_again(left: Left) -> None:
    queue()
    sender.send_due("email", for_s=5)
    Silent.answer = None
    kept = look_into_it()
    assert len(Silent.asked) == 1
    # It goes to the same one first, which is silent again.
    assert (kept.state, kept.attempts) == (State.UNKNOWN, 3)
    assert left() == []


@pytest.mark.parametrize(("lane", "asked", "state"), [(Lane.EMERGENCY, 2, State.SENT), (Lane.BULK, 5, State.UNKNOWN)])
def test_one_that_can_not_be_asked_is_passed_over_in_an_emergency_alone(
    left: Left, lane: Lane, asked: int, state: State
) -> None:
    queue(lane=lane)
    sender.send_due("email", for_s=5)
    Silent.answer = Outcome(Result.TEMPORARY, reason="away")
    for _ in range(6):
        if Delivery.objects.filter(ask_at__isnull=False).exists():
            look_into_it()
    assert (Delivery.objects.get().state, len(Silent.asked)) == (state, asked)
    assert len(left()) == (state == State.SENT)
