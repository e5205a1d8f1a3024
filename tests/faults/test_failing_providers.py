"""Providers that are slow, silent, busy or broken, and a real worker: each message is there once, and nothing waits.

The answers to each of Twilio's, OVH's and a relay's faults are in tests/channels_adapters; here they meet.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction

from hub.core.clock import now
from hub.deliveries import rules, tasks
from hub.deliveries.actions import queue_sms
from hub.deliveries.models import Delivery, Lane, State
from hub.settings.outgoing import ADAPTER_OPTIONS
from tests.channels_adapters.relay import Relay
from tests.channels_adapters.twilio_there import ACCOUNT, AUTH_TOKEN, SERVICE, Answer, Held, Twilio
from tests.conftest import Start
from tests.deliveries.conftest import queue
from tests.engines import wait_until
from tests.processes import Fleet

SLOW, SLOWER, URGENT, BUSY, BROKEN = (f"+3363998001{number}" for number in range(5))
SLOW_S = 60.0
PATIENCE = timedelta(seconds=90)  # that Twilio asks for


class Providers:
    """Twilio with two hands for it, and two relays, each mail of the first of which must be taken within 4 s."""

    def __init__(self, running: ExitStack) -> None:
        self.twilio = running.enter_context(Twilio())
        self._first = running.enter_context(ExitStack())
        self.relay = self._first.enter_context(Relay())
        self.second = running.enter_context(Relay())

    @property
    def env(self) -> dict[str, str]:
        smtp = {
            "PORT": str(self.relay.port), "SECURITY": "none", "TIMEOUT_S": "2",
        }  # fmt: skip
        return {
            "PARVIS_SMS_ADAPTER": "twilio", "PARVIS_TWILIO_URL": self.twilio.url, "PARVIS_TWILIO_ACCOUNT_SID": ACCOUNT,
            "PARVIS_TWILIO_AUTH_TOKEN": AUTH_TOKEN, "PARVIS_TWILIO_MESSAGING_SERVICE_SID": SERVICE,
            "PARVIS_TWILIO_AT_ONCE": "2", "PARVIS_TWILIO_TIMEOUT_S": str(SLOW_S), "PARVIS_EMAIL_ADAPTER": "smtp,smtp2",
            **{f"PARVIS_SMTP_{name}": value for name, value in smtp.items()},
            "PARVIS_SMTP2_PORT": str(self.second.port), "PARVIS_SMTP2_SECURITY": "none",
        }  # fmt: skip

    def stop_first_relay(self) -> None:
        self._first.close()

    def sent(self) -> Counter[str]:
        """How many messages each number was sent."""
        return Counter(one["to"] for one in self.twilio.made)

    def asked(self, number: str) -> int:
        return sum(form["To"] == [number] for form in self.twilio.asked)


@pytest.fixture
def providers() -> Iterator[Providers]:
    with ExitStack() as running:
        yield Providers(running)


@pytest.fixture
def worker(start_worker: Start, fleet: Fleet, providers: Providers) -> Iterator[None]:
    start_worker(env=providers.env)
    yield
    fleet.end()


def sms(number: str, lane: Lane = Lane.TRANSACTIONAL) -> None:
    with transaction.atomic():
        queued = queue_sms(cause="test", to=number, text=f"L’eau revient au {number}.")
        Delivery.objects.filter(pk=queued.pk).update(lane=lane)


def row(address: str) -> Delivery:
    return Delivery.objects.get(address=address)


def becomes(address: str, state: State) -> Delivery:
    wait_until(lambda: row(address).state == state and not row(address).claimed_by, f"{address} is {state}", SLOW_S)
    return row(address)


def time_passes() -> None:
    """What waits for its time is due."""
    Delivery.objects.filter(state=State.QUEUED).update(next_at=now())
    Delivery.objects.filter(ask_at__isnull=False).update(ask_at=now())
    tasks.sweep.delay()


def while_some_are_slow_and_silent(providers: Providers) -> tuple[str, str]:
    """All hands are full of what a slow Twilio chews on, and a mail is never answered for: others leave. Who got it,
    and another."""
    twilio, relay = providers.twilio, providers.relay
    twilio.held = {SLOW: Held(made=False), SLOWER: Held(made=True)}
    silent = queue(1).address
    relay.held[silent] = Event()
    for number in twilio.held:
        sms(number)
    wait_until(lambda: providers.asked(SLOW) == providers.asked(SLOWER) == 1, "Twilio chews on them", SLOW_S)
    sms(URGENT, Lane.EMERGENCY)
    other = queue(2).address
    becomes(URGENT, State.SENT)
    becomes(other, State.SENT)
    doubt = becomes(silent, State.UNKNOWN)
    assert (doubt.ask_at, doubt.cause) == (None, "down")  # a relay can't be asked: it is left so
    assert {row(number).state for number in twilio.held} == {State.SENDING}
    for number, held in twilio.held.items():
        held.go_on.set()
        becomes(number, State.SENT)
    wait_until(lambda: len(relay.taken) == 2, "the relay was only slow", SLOW_S)
    return silent, other


def one_is_busy_and_one_breaks_down(providers: Providers) -> None:
    """Who is told to be patient does not ask again before; what broke down is asked about."""
    providers.twilio.refused = {
        BUSY: Answer(429, 20429, {"Retry-After": str(PATIENCE.seconds)}), BROKEN: Answer(500),
    }  # fmt: skip
    begun = now()
    for number in (BUSY, BROKEN):
        sms(number)
    wait_until(lambda: providers.asked(BUSY) == 1, "it was asked", SLOW_S)
    busy = becomes(BUSY, State.QUEUED)
    assert (busy.attempts, busy.cause) == (1, "rate")
    assert busy.next_at >= begun + PATIENCE
    assert becomes(BROKEN, State.UNKNOWN).ask_at is not None
    time_passes()
    becomes(BUSY, State.SENT)
    assert becomes(BROKEN, State.SENT).attempts == 3  # sent, asked about, sent


def the_first_relay_stops(providers: Providers) -> list[str]:
    """The second has the next mails. Whose."""
    providers.stop_first_relay()
    later = [queue(number).address for number in range(3, 8)]
    assert {becomes(address, State.SENT).provider for address in later} == {"smtp2"}
    return later


@pytest.mark.usefixtures("worker")
def test_providers_that_fail_hold_up_nobody_and_each_message_is_there_once(providers: Providers) -> None:
    mails = while_some_are_slow_and_silent(providers)
    one_is_busy_and_one_breaks_down(providers)
    later = the_first_relay_stops(providers)
    time.sleep(0.5)
    assert providers.sent() == dict.fromkeys((SLOW, SLOWER, URGENT, BUSY, BROKEN), 1)
    taken = Counter(
        to for relay in (providers.relay, providers.second) for mail in relay.taken for to in mail.recipients
    )
    assert taken == dict.fromkeys((*mails, *later), 1)


@pytest.mark.parametrize("lane", list(Lane))
def test_an_answer_slow_by_thirty_seconds_is_looked_for_after_it_has_come(lane: Lane) -> None:
    """Asked sooner, a provider that has not got so far would say that it never had it, and would be given it again."""
    for name in ("twilio", "twilio-voice"):
        asked = rules.ask_after_doubt(lane, 1, remembers=True)
        assert asked is not None
        assert ADAPTER_OPTIONS[name]["timeout_s"] + asked.total_seconds() > 30
