"""When the next attempt is made, and when no more is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.deliveries import rules


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 15), (2, 30), (3, 60), (9, 3600), (60, 3600)])
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert rules.delay(attempts, chance=0.5) == timedelta(seconds=seconds)


@given(st.integers(1, 100), st.floats(0, 1))
def test_chance_spreads_the_wait_by_a_quarter(attempts: int, chance: float) -> None:
    middle = rules.delay(attempts, 0.5)
    assert middle * 0.75 <= rules.delay(attempts, chance) <= middle * 1.25


def test_attempts_outlast_two_days_and_then_end() -> None:
    waits = [rules.delay(attempt, 0) for attempt in range(1, rules.MAX_ATTEMPTS)]
    assert sum(waits, timedelta()) > timedelta(days=1.5)
    assert rules.may_try_again(rules.MAX_ATTEMPTS - 1)
    assert not rules.may_try_again(rules.MAX_ATTEMPTS)
