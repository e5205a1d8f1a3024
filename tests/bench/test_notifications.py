"""The bench of notifications says what it claims to say."""

import json

import pytest

from bench.notifications.__main__ import Rounds, figures, table


def test_the_line_has_medians_the_ratio_of_a_round_and_the_least_that_was_stored() -> None:
    rounds = Rounds(
        stored=[20_000, 19_999, 20_000], seconds=[3.5, 3.7, 9.0], idle=[10.0, 20.0, 10.0], busy=[15.0, 24.0, 50.0]
    )
    line = json.loads(json.dumps(figures(rounds)))
    assert list(line) == ["stored", "store_s", "idle_p99_ms", "busy_p99_ms", "p99_ratio"]
    assert (line["stored"], line["store_s"], line["idle_p99_ms"], line["busy_p99_ms"]) == (19_999, 3.7, 10.0, 24.0)
    assert line["p99_ratio"] == pytest.approx(1.5)


def test_people_read_a_table() -> None:
    found = figures(Rounds(stored=[20_000], seconds=[3.5], idle=[10.0], busy=[15.0]))
    assert "| 20,000 " in table(found)
    assert "| 1.50× " in table(found)
