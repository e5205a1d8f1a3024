"""Claim, send, record: nothing is lost, and nothing is sent twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from channels_adapters.registry import ADAPTERS
from hub.core.clock import now
from hub.deliveries import rules, sender
from hub.deliveries.actions import queue_sms
from hub.deliveries.models import Delivery, State
from tests.channels_adapters.relay import Relay
from tests.deliveries.conftest import Left, let_go, queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


def _again(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def _sweep_and_send() -> None:
    for channel in sender.sweep():
        sender.send_due(channel, for_s=5)


def test_what_is_queued_leaves_and_is_recorded(left: Left) -> None:
    delivery = queue()
    assert sender.send_one(delivery.pk)
    (sent,) = left()
    assert (sent.to, sent.subject, sent.text) == (delivery.address, "N° 1", "Bonjour")
    assert sent.headers["Message-ID"] == delivery.headers["Message-ID"]
    kept = _again(delivery)
    assert (kept.state, kept.attempts, kept.provider_id) == (State.SENT, 1, sent.id)
    assert kept.sent_at is not None
    assert kept.lease_until is None


def test_an_sms_leaves_by_the_adapters_of_its_channel(left: Left, settings: Settings) -> None:
    delivery = queue_sms(cause="test", to="+33639980012", text="Bonjour")
    _sweep_and_send()
    assert (left(), _again(delivery).state) == ([], State.QUEUED)
    settings.ADAPTERS = {"sms": ["capture"]}
    Delivery.objects.update(next_at=now())
    _sweep_and_send()
    (sent,) = left()
    assert (sent.channel, sent.to, sent.text) == ("sms", "+33639980012", "Bonjour")
    assert _again(delivery).state == State.SENT


def test_a_second_bell_sends_nothing(left: Left) -> None:
    delivery = queue()
    assert [sender.send_one(delivery.pk), sender.send_one(delivery.pk)] == [True, False]
    _sweep_and_send()
    assert len(left()) == 1


def test_eight_workers_never_send_one_twice(left: Left) -> None:
    ids = [queue(number).pk for number in range(24)]

    def work(number: int) -> None:
        if number % 2:
            sender.send_due("email", for_s=30)
        else:
            for delivery_id in ids:
                sender.send_one(delivery_id)
        let_go()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert Counter(item.subject for item in left()) == {f"N° {number}": 1 for number in range(24)}
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_eight_claims_of_one_row_give_it_to_one(left: Left) -> None:
    delivery = queue()

    def claim(_number: int) -> bool:
        claimed = sender.send_one(delivery.pk)
        let_go()
        return claimed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1
    assert len(left()) == 1


def test_what_a_dead_worker_had_claimed_is_sent_when_its_lease_has_run_out(left: Left) -> None:
    delivery = queue()
    assert sender._claim(delivery.pk)
    _sweep_and_send()
    assert left() == []
    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
    _sweep_and_send()
    assert len(left()) == 1
    assert _again(delivery).attempts == 2


def test_a_worker_that_slept_through_its_lease_hands_nothing_over(left: Left) -> None:
    delivery = queue()
    late = sender._claim(delivery.pk)
    assert late is not None
    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
    assert sender.send_one(delivery.pk)
    sender._record(late, sender._send(late))
    assert len(left()) == 1
    assert _again(delivery).state == State.SENT


def test_half_sent_by_a_dead_worker_is_unknown_and_not_sent_again(left: Left) -> None:
    delivery = queue()
    claimed = sender._claim(delivery.pk)
    assert claimed is not None
    assert sender._hand_over(claimed)
    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
    _sweep_and_send()
    assert _again(delivery).state == State.UNKNOWN
    assert left() == []


def test_too_late_is_not_sent(left: Left) -> None:
    delivery = queue(expires_in=timedelta(0))
    assert not sender.send_one(delivery.pk)
    _sweep_and_send()
    assert _again(delivery).state == State.EXPIRED
    assert left() == []


def test_what_the_relay_refuses_has_failed_with_its_reason(by_smtp: Callable[..., Relay]) -> None:
    relay = by_smtp(RCPT="550 5.1.1 nobody here")
    delivery = queue()
    sender.send_one(delivery.pk)
    _sweep_and_send()
    kept = _again(delivery)
    assert (kept.state, kept.attempts, kept.reason) == (State.FAILED, 1, "550 5.1.1 nobody here")
    assert relay.commands == ["MAIL", "RCPT"]


def test_a_busy_relay_is_asked_again_later(by_smtp: Callable[..., Relay]) -> None:
    relay = by_smtp(RCPT="451 4.7.1 come back")
    delivery = queue()
    sender.send_one(delivery.pk)
    kept = _again(delivery)
    assert (kept.state, kept.attempts, kept.reason) == (State.QUEUED, 1, "451 4.7.1 come back")
    assert timedelta(seconds=10) < kept.next_at - now() < timedelta(seconds=20)
    _sweep_and_send()
    assert relay.taken == []
    relay.replies.clear()
    Delivery.objects.update(next_at=now())
    _sweep_and_send()
    assert len(relay.taken) == 1
    assert _again(delivery).state == State.SENT


def test_an_absent_relay_delays_and_loses_nothing(by_smtp: Callable[..., Relay], settings: Settings) -> None:
    relay = by_smtp()
    options = settings.ADAPTER_OPTIONS
    settings.ADAPTER_OPTIONS = {"smtp": {**options["smtp"], "port": 1}}
    delivery = queue()
    sender.send_one(delivery.pk)
    assert _again(delivery).state == State.QUEUED
    settings.ADAPTER_OPTIONS = options
    Delivery.objects.update(next_at=now())
    _sweep_and_send()
    assert len(relay.taken) == 1


def test_a_relay_that_never_answers_to_a_recipient_is_asked_again(by_smtp: Callable[..., Relay]) -> None:
    by_smtp(RCPT="hang")
    delivery = queue()
    sender.send_one(delivery.pk)
    assert _again(delivery).state == State.QUEUED


@pytest.mark.parametrize("fault", ["hang", "drop"])
def test_no_answer_after_the_words_is_unknown_and_not_sent_again(by_smtp: Callable[..., Relay], fault: str) -> None:
    relay = by_smtp(DATA=fault)
    delivery = queue()
    sender.send_one(delivery.pk)
    Delivery.objects.update(next_at=now())
    _sweep_and_send()
    assert _again(delivery).state == State.UNKNOWN
    assert relay.commands.count("DATA") == 1


def test_attempts_have_an_end(by_smtp: Callable[..., Relay]) -> None:
    by_smtp(RCPT="451 come back")
    delivery = queue()
    Delivery.objects.update(attempts=rules.MAX_ATTEMPTS - 1)
    sender.send_one(delivery.pk)
    assert _again(delivery).state == State.FAILED


def test_the_second_adapter_takes_over_when_the_first_is_away(
    by_smtp: Callable[..., Relay], left: Left, settings: Settings
) -> None:
    options = settings.ADAPTER_OPTIONS
    by_smtp(MAIL="421 closing")
    settings.ADAPTERS = {"email": ["smtp", "capture"]}
    settings.ADAPTER_OPTIONS = {**options, **settings.ADAPTER_OPTIONS}
    delivery = queue()
    sender.send_one(delivery.pk)
    assert len(left()) == 1
    assert _again(delivery).state == State.SENT


def test_an_unknown_outcome_is_never_given_to_the_second_adapter(
    by_smtp: Callable[..., Relay], left: Left, settings: Settings
) -> None:
    options = settings.ADAPTER_OPTIONS
    by_smtp(DATA="drop")
    settings.ADAPTERS = {"email": ["smtp", "capture"]}
    settings.ADAPTER_OPTIONS = {**options, **settings.ADAPTER_OPTIONS}
    sender.send_one(queue().pk)
    assert left() == []


class _Broken:
    """An adapter with a bug, before or after the words have left."""

    channels = frozenset({"email"})

    def __init__(self, *, after: bool) -> None:
        self.after = after

    def send(self, item: object, hand_over: Callable[[], bool]) -> None:
        if self.after:
            hand_over()
        raise RuntimeError("a bug")


@pytest.mark.parametrize(("after", "state"), [(False, State.QUEUED), (True, State.UNKNOWN)])
def test_an_adapters_bug_neither_loses_nor_repeats(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, after: bool, state: State
) -> None:
    monkeypatch.setitem(ADAPTERS, "broken", _Broken)  # type: ignore[arg-type]
    settings.ADAPTERS, settings.ADAPTER_OPTIONS = {"email": ["broken"]}, {"broken": {"after": after}}
    delivery = queue()
    sender.send_one(delivery.pk)
    assert _again(delivery).state == state


def test_prometheus_is_told_what_waits_and_since_when(left: Left) -> None:
    old, sent = queue(1), queue(2)
    Delivery.objects.filter(pk=old.pk).update(created_at=now() - timedelta(minutes=5))
    sender.send_one(sent.pk)
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(generate_latest().decode())
        for sample in family.samples
    }
    assert told["parvis_deliveries", "email", "queued"] == 1
    assert told["parvis_deliveries", "email", "sent"] == 1
    assert told["parvis_deliveries_oldest_seconds", "email"] == pytest.approx(300, abs=5)
