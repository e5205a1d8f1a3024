"""A worker is killed -9 with something at every point of its way: nothing is lost, and nothing is sent twice.

The provider is Twilio, which can be asked. What becomes of mails, where nobody can be, is in tests/deliveries.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from hub.core.clock import now
from hub.deliveries import sender, tasks
from hub.deliveries.actions import queue_sms
from hub.deliveries.models import Delivery, State
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, SERVICE, Held, Twilio
from tests.conftest import Start
from tests.engines import wait_until
from tests.processes import Fleet

RECORDED, LEFT, LATE, ANSWERED, *WAITING = (f"+3363998001{number}" for number in range(7))
SLOW_S = 60.0
# Who waits for a row in this database; the others' tests stand beside it.
_WAITERS = """SELECT DISTINCT waits.pid FROM pg_locks waits
JOIN pg_locks holds ON holds.pid = waits.pid AND holds.granted AND holds.locktype = 'relation'
JOIN pg_database here ON here.oid = holds.database AND here.datname = current_database()
WHERE NOT waits.granted AND waits.locktype IN ('tuple', 'transactionid')"""


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with Twilio() as there:
        yield there


@pytest.fixture
def start(start_worker: Start, fleet: Fleet, twilio: Twilio) -> Iterator[Start]:
    """A worker with three hands that sends by this Twilio."""
    env = {
        "PARVIS_SMS_ADAPTER": "twilio", "PARVIS_TWILIO_URL": twilio.url, "PARVIS_TWILIO_ACCOUNT_SID": ACCOUNT,
        "PARVIS_TWILIO_AUTH_TOKEN": AUTH_TOKEN, "PARVIS_TWILIO_MESSAGING_SERVICE_SID": SERVICE,
        "PARVIS_TWILIO_AT_ONCE": "3", "PARVIS_TWILIO_TIMEOUT_S": str(SLOW_S),
    }  # fmt: skip
    yield lambda: start_worker("--threads", "2", env=env)
    fleet.end()


def states() -> dict[str, str]:
    """By number."""
    return dict(Delivery.objects.values_list("address", "state"))


def made(twilio: Twilio) -> Counter[str]:
    """How many messages each number was sent."""
    return Counter(one["to"] for one in twilio.made)


def waiters() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_WAITERS)
        return [int(row[0]) for row in cursor.fetchall()]


def test_killed_before_during_and_after_the_providers_call(start: Start, twilio: Twilio) -> None:
    twilio.held = {LEFT: Held(made=True), LATE: Held(made=False), ANSWERED: Held(made=True)}
    with transaction.atomic():
        for number in (RECORDED, LEFT, LATE, ANSWERED, *WAITING):
            queue_sms(cause="test", to=number, text=f"L’eau revient au {number}.")
    worker = start()
    on_their_way = {LEFT, LATE, ANSWERED}
    wait_until(lambda: on_their_way <= {form["To"][0] for form in twilio.asked}, "three calls are in progress", SLOW_S)
    wait_until(lambda: states()[RECORDED] == State.SENT, "the first one is written down", SLOW_S)
    claimed = Delivery.objects.filter(claimed_by__startswith=f"{worker.pid}.", state=State.QUEUED)
    wait_until(lambda: set(claimed.values_list("address", flat=True)) == set(WAITING), "the others are claimed", SLOW_S)
    with transaction.atomic():
        Delivery.objects.select_for_update().get(address=ANSWERED)
        twilio.held[ANSWERED].go_on.set()
        wait_until(lambda: len(waiters()) == 1, "the answer is there, and not written down", SLOW_S)
        worker.kill()
        with connection.cursor() as cursor:  # its last word never reached the database
            cursor.execute("SELECT pg_terminate_backend(pid, 10000) FROM unnest(%s::int[]) AS pid", [waiters()])
    expected = dict.fromkeys(on_their_way, State.SENDING) | dict.fromkeys(WAITING, State.QUEUED)
    assert states() == expected | {RECORDED: State.SENT}
    assert made(twilio) == dict.fromkeys((RECORDED, LEFT, ANSWERED), 1)

    Delivery.objects.exclude(lease_until=None).update(lease_until=now() - timedelta(seconds=1))
    sender.sweep()
    assert states() == expected | {RECORDED: State.SENT} | dict.fromkeys(on_their_way, State.UNKNOWN)
    del twilio.held[LATE]  # what it was asked then is never made
    start()
    tasks.sweep.delay()
    wait_until(lambda: set(states().values()) == {State.SENT}, "all is there", SLOW_S)
    time.sleep(0.5)
    assert made(twilio) == dict.fromkeys(states(), 1)
    names = {one["to"]: one["sid"] for one in twilio.made}
    assert dict(Delivery.objects.values_list("address", "provider_id")) == names
