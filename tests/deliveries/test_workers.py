"""Real workers, a real clock, a real relay: killed and emptied on purpose."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from redis import Redis

from hub.core.clock import now
from hub.deliveries import tasks
from hub.deliveries.models import Delivery, Lane, State
from tests.channels_adapters.relay import Relay
from tests.conftest import Start
from tests.deliveries.conftest import queue
from tests.engines import free_port, wait_until
from tests.processes import Fleet


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as relay:
        yield relay


@pytest.fixture
def start(start_worker: Start, fleet: Fleet, relay: Relay) -> Iterator[Start]:
    """A worker that sends by the relay; it ends with the test."""
    env = {
        "PARVIS_EMAIL_ADAPTER": "smtp",
        "PARVIS_SMTP_PORT": str(relay.port),
        "PARVIS_SMTP_SECURITY": "none",
        "PARVIS_SMTP_TIMEOUT_S": "60",
    }
    yield lambda: start_worker("--threads", "2", env=env)
    fleet.end()
    Delivery.objects.all().delete()


def _queue(number: int = 1) -> Delivery:
    with transaction.atomic():
        return queue(number)


def _state(delivery: Delivery) -> str:
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)


def _lose_the_lease() -> None:
    Delivery.objects.update(lease_until=now() - timedelta(seconds=1))


def test_a_worker_is_called_at_the_commit(start: Start, relay: Relay) -> None:
    start()
    deliveries = [_queue(number) for number in range(20)]
    wait_until(lambda: {_state(delivery) for delivery in deliveries} == {State.SENT}, "all sent", 20)
    assert sorted(taken.mail["Subject"] for taken in relay.taken) == sorted(f"N° {number}" for number in range(20))


def test_a_worker_killed_before_the_words_left_delays_them(start: Start, relay: Relay) -> None:
    relay.replies["RCPT"] = "hang"
    worker, delivery = start(), _queue()
    wait_until(lambda: "RCPT" in relay.commands, "the recipient is named", 20)
    worker.kill()
    assert (relay.taken, _state(delivery)) == ([], State.QUEUED)
    relay.replies.clear()
    _lose_the_lease()
    start()
    tasks.sweep.delay()
    wait_until(lambda: _state(delivery) == State.SENT, "the sweep has it sent", 40)
    assert len(relay.taken) == 1


def test_a_worker_killed_while_the_words_left_never_sends_them_again(start: Start, fleet: Fleet, relay: Relay) -> None:
    relay.replies["DATA"] = "hang"
    worker, delivery = start(), _queue()
    wait_until(lambda: "DATA" in relay.commands, "the words are there", 20)
    worker.kill()
    assert _state(delivery) == State.SENDING
    relay.replies.clear()
    _lose_the_lease()
    start()
    tasks.sweep.delay()
    wait_until(lambda: _state(delivery) == State.UNKNOWN, "the sweep says so", 40)
    time.sleep(1)
    assert relay.taken == []


@pytest.mark.parametrize("lane", [Lane.BULK, Lane.EMERGENCY])
def test_a_worker_killed_in_the_middle_of_many(start: Start, relay: Relay, lane: Lane) -> None:
    """Audited: nobody is forgotten. What was on its way is in doubt: left so, but in an emergency sent once more."""
    relay.replies["wait"] = "0.1"
    with transaction.atomic():
        deliveries = [queue(number, lane=lane) for number in range(120)]
    worker = start()
    tasks.sweep.delay()
    wait_until(lambda: len(relay.taken) > 30, "a good part has left", 30)
    worker.kill()
    on_its_way = Delivery.objects.filter(state=State.SENDING).count()
    _lose_the_lease()
    start()
    tasks.sweep.delay()
    over = (State.SENT, State.UNKNOWN) if lane == Lane.BULK else (State.SENT,)
    wait_until(lambda: not Delivery.objects.exclude(state__in=over).exists(), "it is over", 60)
    taken = Counter(mail.mail["Subject"] for mail in relay.taken)
    sent = set(Delivery.objects.filter(state=State.SENT).values_list("subject", flat=True))
    assert len(deliveries) - len(sent) == (on_its_way if lane == Lane.BULK else 0)
    assert sent <= set(taken)
    twice = [subject for subject, times in taken.items() if times > 1]
    assert len(twice) <= (0 if lane == Lane.BULK else on_its_way)
    assert max(taken.values()) <= 2


def test_every_task_lost_delays_and_loses_nothing(start: Start, fleet: Fleet, relay: Relay) -> None:
    deliveries = [_queue(number) for number in range(5)]
    Redis.from_url(os.environ["REDIS_URL"]).flushall()
    start()
    fleet.clock()
    wait_until(lambda: {_state(delivery) for delivery in deliveries} == {State.SENT}, "all sent", 40)
    assert len(relay.taken) == 5


QUEUE = """
import time
from hub.deliveries.actions import queue_email
began = time.monotonic()
for number in range(20):
    queue_email(cause="test", to="a@citoyen.example", subject=str(number), text="Bonjour")
print("took", time.monotonic() - began)
"""


def test_without_a_broker_nothing_is_lost_and_nobody_waits(start: Start, fleet: Fleet) -> None:
    said = fleet.run("shell", "-c", QUEUE, env={"CELERY_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0"})
    assert said.returncode == 0, said.stderr
    assert Delivery.objects.filter(state=State.QUEUED).count() == 20
    assert float(said.stdout.split("took")[1]) < 3
    assert said.stderr.count("deliveries.broker_away") == 1
