"""Claim, send, record: nothing is lost, and nothing is sent twice."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from channels_adapters.base import HandOver, Outcome, Result
from channels_adapters.registry import ADAPTERS
from hub.core.clock import now
from hub.deliveries import ledger, links, providers, sender, writing
from hub.deliveries.actions import Letter, queue_emails, queue_sms
from hub.deliveries.courier import Job, Said
from hub.deliveries.models import Content, Delivery, Dispatch, Lane, Provider, State, Why
from tests.channels_adapters.relay import Relay
from tests.deliveries.conftest import Left, let_go, queue
from tests.engines import wait_until
from tests.factories import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]


def send() -> int:
    """What is due by mail. How many were tried."""
    return sender.send_due("email", for_s=5)


def _again(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def _said(delivery: Delivery, outcome: Outcome) -> Said:
    return Said(Job(delivery, writing.items_of([delivery])[delivery.pk]), outcome, "smtp")


def _sweep_and_send() -> None:
    for channel in sender.sweep():
        sender.send_due(channel, for_s=5)


def test_what_is_queued_leaves_and_is_recorded(left: Left) -> None:
    delivery = queue()
    assert send() == 1
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


def test_eight_workers_never_send_one_twice(left: Left) -> None:
    """As in eight processes: within one, a single piece of work goes on per channel."""
    for number in range(60):
        queue(number)

    def work(_number: int) -> int:
        tried = sender.Work("email").go_on(30)
        let_go()
        return tried

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 60
    assert Counter(item.subject for item in left()) == {f"N° {number}": 1 for number in range(60)}
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_eight_claims_of_one_row_give_it_to_one() -> None:
    queue()

    def claim(_number: int) -> int:
        claimed = ledger.claim("email", 5)
        let_go()
        return len(claimed)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1


def test_who_comes_while_work_goes_on_has_it_look_again(by_smtp: Callable[..., Relay]) -> None:
    relay = by_smtp(wait="0.3")
    queue(1)
    going_on = threading.Thread(target=lambda: (send(), let_go()))
    going_on.start()
    wait_until(lambda: "RCPT" in relay.commands, "it goes on")
    queue(2)
    assert send() == 0
    going_on.join(10)
    assert len(relay.taken) == 2


def test_what_a_dead_worker_had_claimed_is_sent_when_its_lease_has_run_out(left: Left) -> None:
    delivery = queue()
    assert ledger.claim("email", 1)
    _sweep_and_send()
    assert left() == []
    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
    _sweep_and_send()
    assert len(left()) == 1
    assert _again(delivery).attempts == 2


def test_a_worker_that_slept_through_its_lease_hands_nothing_over(left: Left) -> None:
    delivery = queue()
    (late,) = ledger.claim("email", 1)
    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
    assert send() == 1
    assert ledger.hand_over([(late, "smtp")]) == set()
    assert ledger.record([_said(late, Outcome(Result.REFUSED))], chance=lambda: 0.5) == set()
    assert len(left()) == 1
    assert _again(delivery).state == State.SENT


def test_half_sent_by_a_dead_worker_is_unknown_and_not_sent_again(left: Left) -> None:
    delivery = queue()
    (claimed,) = ledger.claim("email", 1)
    assert ledger.hand_over([(claimed, "capture")]) == {delivery.pk}
    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))
    _sweep_and_send()
    assert _again(delivery).state == State.UNKNOWN
    assert left() == []


def test_too_late_is_not_sent(left: Left) -> None:
    delivery = queue(expires_in=timedelta(0))
    assert not send()
    _sweep_and_send()
    assert _again(delivery).state == State.EXPIRED
    assert left() == []


def test_what_the_relay_refuses_has_failed_with_its_reason(by_smtp: Callable[..., Relay]) -> None:
    relay = by_smtp(RCPT="550 5.1.1 nobody here")
    delivery = queue()
    send()
    _sweep_and_send()
    kept = _again(delivery)
    assert (kept.state, kept.attempts, kept.reason) == (State.FAILED, 1, "550 5.1.1 nobody here")
    assert relay.commands == ["MAIL", "RCPT"]


def test_a_busy_relay_is_asked_again_later(by_smtp: Callable[..., Relay]) -> None:
    relay = by_smtp(RCPT="451 4.7.1 come back")
    delivery = queue()
    send()
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
    send()
    assert _again(delivery).state == State.QUEUED
    settings.ADAPTER_OPTIONS = options
    Delivery.objects.update(next_at=now())
    _sweep_and_send()
    assert len(relay.taken) == 1


def test_a_relay_that_never_answers_to_a_recipient_is_asked_again(by_smtp: Callable[..., Relay]) -> None:
    by_smtp(RCPT="hang")
    delivery = queue()
    send()
    assert _again(delivery).state == State.QUEUED


@pytest.mark.parametrize("fault", ["hang", "drop"])
def test_no_answer_after_the_words_is_unknown_and_not_sent_again(by_smtp: Callable[..., Relay], fault: str) -> None:
    relay = by_smtp(DATA=fault)
    delivery = queue()
    send()
    Delivery.objects.update(next_at=now())
    _sweep_and_send()
    assert _again(delivery).state == State.UNKNOWN
    assert relay.commands.count("DATA") == 1


def test_the_most_urgent_leaves_first_whatever_waits(left: Left) -> None:
    for number, lane in enumerate((Lane.BULK, Lane.NOTIFICATION, Lane.TRANSACTIONAL, Lane.EMERGENCY)):
        for copy in range(3):
            queue(10 * number + copy, lane=lane)
    assert send() == 12
    left_in = [int(item.subject.removeprefix("N° ")) // 10 for item in reversed(left())]
    assert left_in[:3] == [3, 3, 3]
    assert left_in == sorted(left_in, reverse=True)


def test_an_emergency_overtakes_what_keeps_all_hands_full(by_smtp: Callable[..., Relay]) -> None:
    """A relay that takes one mail at a time, and a second over each: the alert is not behind the newsletter."""
    relay = by_smtp(wait="0.1", at_once=2)
    for number in range(30):
        queue(number, lane=Lane.BULK)
    work = threading.Thread(target=lambda: (send(), let_go()))
    work.start()
    wait_until(lambda: bool(relay.taken), "the newsletter leaves")
    queue(99, lane=Lane.EMERGENCY)
    work.join(20)
    order = [taken.mail["Subject"] for taken in relay.taken]
    assert len(order) == 31
    assert order.index("N° 99") < 12


def test_an_emergency_leaves_while_work_whose_time_is_over_waits_for_a_slow_answer(
    by_smtp: Callable[..., Relay],
) -> None:
    relay, slow = by_smtp(timeout_s=60), threading.Event()
    relay.held[queue(1, lane=Lane.BULK).address] = slow
    work = threading.Thread(target=lambda: (sender.send_due("email", for_s=0.1), let_go()))
    work.start()
    wait_until(lambda: "DATA" in relay.commands, "the slow one is there")
    time.sleep(0.2)
    for number, lane in ((2, Lane.BULK), (3, Lane.EMERGENCY)):
        queue(number, lane=lane)
    wait_until(lambda: bool(relay.taken), "the emergency has left")
    slow.set()
    work.join(20)
    assert [taken.mail["Subject"] for taken in relay.taken] == ["N° 3", "N° 1"]


def test_lines_are_kept_for_the_next_mail(by_smtp: Callable[..., Relay]) -> None:
    relay = by_smtp(at_once=3)
    for number in range(30):
        queue(number)
    assert send() == 30
    assert len(relay.taken) == 30
    assert relay.lines <= 3


def test_what_is_told_to_many_is_kept_once_and_leaves_to_each(left: Left) -> None:
    letter = Letter("Pour tous", "Bonjour. Arrêter : {leave}", headers={"List-Unsubscribe": "<{leave}>"})
    people = [make_person(language="en") for _ in range(3)]
    queue_emails(cause="test", to=[(person, letter) for person in people], headers={}, expires_in=timedelta(hours=1))
    assert Content.objects.count() == 1
    assert send() == 3
    ways_out = {links.preferences(delivery.pk) for delivery in Delivery.objects.all()}
    assert {item.to for item in left()} == {person.email for person in people}
    assert {item.text for item in left()} == {f"Bonjour. Arrêter : {way}" for way in ways_out}
    assert {item.headers["List-Unsubscribe"] for item in left()} == {f"<{way}>" for way in ways_out}
    assert len({item.headers["Message-ID"] for item in left()}) == 3


def test_to_an_address_that_wants_nothing_more_nothing_leaves(left: Left) -> None:
    delivery, other = queue(1), queue(2)
    ledger.suppress("email", delivery.address, Why.BOUNCED)
    ledger.suppress("sms", other.address, Why.STOPPED)
    send()
    assert [item.to for item in left()] == [other.address]
    kept = _again(delivery)
    assert (kept.state, kept.reason, kept.lease_until) == (State.SUPPRESSED, "bounced", None)
    assert kept.ended_at is not None


def test_nothing_more_leaves_of_a_dispatch_that_was_stopped(left: Left) -> None:
    stopped, claimed = queue(1), queue(2)
    Dispatch.objects.update(stopped_at=now())
    assert ledger.hold_back(ledger.claim("email", 1)) == {stopped.pk}
    sender.sweep()
    send()
    assert left() == []
    assert {_again(one).state for one in (stopped, claimed)} == {State.SUPPRESSED}


def test_a_provider_that_fails_is_trusted_less_by_all_workers(by_smtp: Callable[..., Relay]) -> None:
    by_smtp(MAIL="421 closing")
    for number in range(4):
        queue(number, lane=Lane.BULK)
    send()
    row = Provider.objects.get(channel="email", name="smtp")
    assert (row.faults, row.reason) == (4, "421 closing")
    assert providers.trust("email")["smtp"] < 30
    Provider.objects.update(changed_at=now() - timedelta(minutes=5))
    assert providers.trust("email") == {"smtp": 100}


def test_an_emergency_in_doubt_is_sent_once_more_and_nothing_else_is(by_smtp: Callable[..., Relay]) -> None:
    relay = by_smtp(DATA="drop")
    urgent, other = queue(1, lane=Lane.EMERGENCY), queue(2)
    send()
    assert {_again(one).state for one in (urgent, other)} == {State.UNKNOWN}
    relay.replies.clear()
    Delivery.objects.filter(ask_at__isnull=False).update(ask_at=now())
    _sweep_and_send()
    assert (_again(urgent).state, _again(other).state) == (State.SENT, State.UNKNOWN)
    (taken,) = relay.taken
    assert taken.mail["Message-ID"] == urgent.headers["Message-ID"]


def test_attempts_have_an_end(by_smtp: Callable[..., Relay]) -> None:
    by_smtp(RCPT="451 come back")
    delivery = queue()
    Delivery.objects.update(attempts=59)
    send()
    assert _again(delivery).state == State.FAILED


def test_the_second_adapter_takes_over_when_the_first_is_away(
    by_smtp: Callable[..., Relay], left: Left, settings: Settings
) -> None:
    options = settings.ADAPTER_OPTIONS
    by_smtp(MAIL="421 closing")
    settings.ADAPTERS = {"email": ["smtp", "capture"]}
    settings.ADAPTER_OPTIONS = {**options, **settings.ADAPTER_OPTIONS}
    delivery = queue()
    send()
    assert len(left()) == 1
    assert _again(delivery).state == State.SENT


def test_an_unknown_outcome_is_never_given_to_the_second_adapter(
    by_smtp: Callable[..., Relay], left: Left, settings: Settings
) -> None:
    options = settings.ADAPTER_OPTIONS
    by_smtp(DATA="drop")
    settings.ADAPTERS = {"email": ["smtp", "capture"]}
    settings.ADAPTER_OPTIONS = {**options, **settings.ADAPTER_OPTIONS}
    queue()
    send()
    assert left() == []


class _Broken:
    """An adapter with a bug, before or after the words have left."""

    channels = frozenset({"email"})
    at_once = 1

    def __init__(self, *, after: bool) -> None:
        self.after = after

    async def send(self, item: object, hand_over: HandOver) -> None:
        if self.after:
            await hand_over()
        raise RuntimeError("a bug")

    async def close(self) -> None:
        raise RuntimeError("another bug")


@pytest.mark.parametrize(("after", "state"), [(False, State.QUEUED), (True, State.UNKNOWN)])
def test_an_adapters_bug_neither_loses_nor_repeats(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, after: bool, state: State
) -> None:
    monkeypatch.setitem(ADAPTERS, "broken", f"{__name__}:_Broken")  # type: ignore[arg-type]
    settings.ADAPTERS, settings.ADAPTER_OPTIONS = {"email": ["broken"]}, {"broken": {"after": after}}
    delivery = queue()
    send()
    assert _again(delivery).state == state


def test_prometheus_is_told_what_waits_and_since_when(left: Left) -> None:
    old, sent = queue(1), queue(2)
    Delivery.objects.filter(pk=old.pk).update(
        created_at=now() - timedelta(minutes=5), next_at=now() + timedelta(minutes=5)
    )
    assert send() == 1
    assert _again(sent).state == State.SENT
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(generate_latest().decode())
        for sample in family.samples
    }
    assert told["parvis_deliveries", "email", "queued"] == 1
    assert told["parvis_deliveries", "email", "sent"] == 1
    assert told["parvis_deliveries_oldest_seconds", "email"] == pytest.approx(300, abs=5)
