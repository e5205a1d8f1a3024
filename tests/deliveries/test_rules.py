"""When the next attempt is made, when no more is, whom to trust, and what receipts add up to."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_adapters.base import Cause, Outcome, Result
from hub.deliveries import rules
from hub.deliveries.models import Lane, State

LANES = st.sampled_from(list(Lane))
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (9, 3600), (60, 3600)])
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert rules.delay(Lane.TRANSACTIONAL, attempts, chance=0.5) == timedelta(seconds=seconds)


def test_an_emergency_never_waits_longer_than_a_minute() -> None:
    assert [rules.delay(Lane.EMERGENCY, attempts, 0.5).seconds for attempts in (1, 2, 5, 50)] == [5, 10, 60, 60]


@given(LANES, st.integers(1, 100), st.floats(0, 1))
def test_chance_spreads_the_wait_by_a_quarter(lane: Lane, attempts: int, chance: float) -> None:
    middle = rules.delay(lane, attempts, 0.5)
    assert middle * 0.75 <= rules.delay(lane, attempts, chance) <= middle * 1.25


@given(LANES, st.integers(1, 100), st.floats(0, 1), st.floats(0, 3_600))
def test_a_provider_that_asks_for_patience_gets_it(lane: Lane, attempts: int, chance: float, asked: float) -> None:
    assert rules.delay(lane, attempts, chance, asked) >= timedelta(seconds=asked)


@pytest.mark.parametrize(
    ("lane", "at_least"),
    [(Lane.EMERGENCY, 1 / 24), (Lane.TRANSACTIONAL, 1.5), (Lane.NOTIFICATION, 1), (Lane.BULK, 1.5)],
)
def test_attempts_outlast_an_outage_and_then_end(lane: Lane, at_least: float) -> None:
    last = next(attempts for attempts in range(1, 1_000) if not rules.may_try_again(lane, attempts))
    waits = [rules.delay(lane, attempt, 0) for attempt in range(1, last)]
    assert sum(waits, timedelta()) > timedelta(days=at_least)


def test_a_doubt_is_looked_into_where_it_can_be_and_an_emergency_always() -> None:
    ask = rules.ask_after_doubt
    assert ask(Lane.TRANSACTIONAL, 1, remembers=False) is None
    assert ask(Lane.BULK, 1, remembers=True) == timedelta(seconds=20)
    assert ask(Lane.EMERGENCY, 2, remembers=False) == timedelta(seconds=40)
    assert ask(Lane.EMERGENCY, 3, remembers=True) is None
    assert ask(Lane.BULK, 5, remembers=True) == timedelta(seconds=100)
    assert ask(Lane.BULK, 6, remembers=True) is None


@pytest.mark.parametrize(
    ("outcome", "may"),
    [
        (Outcome(Result.TEMPORARY, cause=Cause.DOWN), True),
        (Outcome(Result.TEMPORARY, cause=Cause.RATE), True),
        (Outcome(Result.TEMPORARY, cause=Cause.RATE, retry_after_s=7), False),
        (Outcome(Result.TEMPORARY, cause=Cause.FULL), False),
        (Outcome(Result.UNKNOWN, cause=Cause.DOWN), False),
        (Outcome(Result.ACCEPTED), False),
    ],
)
def test_who_asks_for_patience_is_not_asked_again_at_once(outcome: Outcome, may: bool) -> None:
    assert rules.a_moment_may_do(outcome) is may


def test_trust_falls_with_faults_and_drifts_back() -> None:
    fallen = rules.trust_after(100, 3)
    assert fallen == pytest.approx(34.3)
    assert rules.trust_after(100, 50) == rules.LEAST_TRUST
    assert rules.trust_now(fallen, NOON, NOON + timedelta(seconds=60)) == pytest.approx(64.3)
    assert rules.trust_now(fallen, NOON, NOON + timedelta(hours=1)) == 100
    assert rules.trust_now(fallen, NOON, NOON - timedelta(minutes=5)) == fallen  # a clock that goes wrong


def test_whom_to_ask_first_is_a_matter_of_preference_and_trust() -> None:
    names = ["first", "second", "third"]
    assert rules.in_order(names, {}, 0.99) == names
    assert rules.in_order(names, {"first": 30}, 0.2) == names
    assert rules.in_order(names, {"first": 30}, 0.5) == ["second", "third", "first"]
    assert rules.in_order(names, dict.fromkeys(names, 5.0), 0.5) == names


@pytest.mark.parametrize(
    ("outcome", "another", "fault"),
    [
        (Outcome(Result.ACCEPTED), False, False),
        (Outcome(Result.REFUSED, cause=Cause.ADDRESS), False, False),
        (Outcome(Result.REFUSED, cause=Cause.ACCOUNT), True, True),
        (Outcome(Result.TEMPORARY, cause=Cause.DOWN), True, True),
        (Outcome(Result.TEMPORARY, cause=Cause.OFF), True, False),
        (Outcome(Result.UNKNOWN, cause=Cause.DOWN), False, True),
    ],
)
def test_another_provider_is_asked_for_what_this_one_can_not_do(outcome: Outcome, another: bool, fault: bool) -> None:
    assert (rules.try_next(outcome), rules.is_fault(outcome)) == (another, fault)


def test_receipts_in_any_order_come_to_the_same_end() -> None:
    for order in permutations([State.SENT, State.FAILED, State.DELIVERED, State.UNDELIVERABLE, State.SENT]):
        state: str = State.SENDING
        for said in order:
            state = said if state in rules.below(said) else state
        assert state == State.DELIVERED


@pytest.mark.parametrize("said", [State.SENT, State.FAILED, State.UNDELIVERABLE, State.DELIVERED])
def test_what_never_left_takes_no_receipt(said: State) -> None:
    assert {State.SUPPRESSED, State.EXPIRED}.isdisjoint(rules.below(said))
