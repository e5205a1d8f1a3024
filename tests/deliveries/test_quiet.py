"""At night a telephone rings for what can't wait, and for nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from hub.deliveries import quiet, sender
from hub.deliveries.models import Channel, Delivery, Dispatch, Lane, State
from hub.people.models import Person
from hub.towns.models import Town
from tests.deliveries.conftest import Left


@pytest.mark.parametrize(
    ("at", "zone", "until"),
    [
        ("2026-11-26T20:30Z", "Europe/Paris", "2026-11-27T07:00Z"),  # 21 h 30
        ("2026-11-26T03:00Z", "Europe/Paris", "2026-11-26T07:00Z"),  # 4 h
        ("2026-11-26T07:00Z", "Europe/Paris", None),  # 8 h
        ("2026-11-26T19:59Z", "Europe/Paris", None),  # 20 h 59
        ("2026-11-26T20:30Z", "America/Toronto", None),  # 15 h 30
        ("2026-03-28T22:00Z", "Europe/Paris", "2026-03-29T06:00Z"),  # the night in which an hour is missing
    ],
)
def test_night_ends_at_eight_where_it_is_read(at: str, zone: str, until: str | None) -> None:
    expected = datetime.fromisoformat(until) if until else None
    assert quiet.morning(datetime.fromisoformat(at), zone) == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_stores
@pytest.mark.parametrize(
    ("channel", "lane", "leaves"),
    [
        (Channel.SMS, Lane.EMERGENCY, True), (Channel.SMS, Lane.TRANSACTIONAL, True),
        (Channel.SMS, Lane.NOTIFICATION, False), (Channel.VOICE, Lane.BULK, False), (Channel.EMAIL, Lane.BULK, True),
    ],
)  # fmt: skip
def test_only_news_by_telephone_wait(
    town: Town, citizen: Person, left: Left, settings: Settings, monkeypatch: pytest.MonkeyPatch,
    channel: Channel, lane: Lane, leaves: bool,
) -> None:  # fmt: skip
    at = datetime.now(UTC)
    night = (at + timedelta(days=1)).replace(hour=2)
    until = quiet.morning(night, "Europe/Paris")
    monkeypatch.setattr(quiet, "shared_now", lambda: night)
    settings.ADAPTERS = {channel.value: ["capture"]}
    delivery = Delivery.objects.create(
        dispatch=Dispatch.objects.create(cause="test", town=town), person=citizen, channel=channel, lane=lane,
        address="+33639980012", text="Bonjour", next_at=at, expires_at=at + timedelta(days=900),
        headers={"From": "a@b.example"} if channel == Channel.EMAIL else {},
    )  # fmt: skip
    Town.objects.update(time_zone="Europe/Paris")
    sender.send_due(channel, for_s=5)
    kept = Delivery.objects.get(pk=delivery.pk)
    assert (kept.state == State.SENT) is leaves
    assert (kept.next_at == until) is not leaves
    assert (bool(left()), kept.attempts) == (leaves, 1 if leaves else 0)
