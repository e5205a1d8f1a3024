"""The bench of the board says what it claims to say."""

import json

import pytest

from bench.board.__main__ import Plan, figures, summary

TIMES = {
    "open": {"manager": [10.0, 20.0, 30.0], "agent": [12.0, 14.0, 13.0]},
    "closed": {"manager": [90.0, 40.0, 50.0], "agent": [15.0, 16.0, 17.0]},
}


def test_the_line_names_the_slowest_thing_by_its_median() -> None:
    line = json.loads(json.dumps(figures(TIMES)))
    assert list(line) == ["slowest_median_ms", "middle_median_ms", "p95_ms", "answers"]
    assert (line["slowest_median_ms"], line["middle_median_ms"], line["answers"]) == (50.0, 18.0, 12)
    assert line["p95_ms"] == pytest.approx(104, abs=20)


def test_people_read_tables() -> None:
    text = summary(TIMES, Plan())
    assert "| tickets                           | 100,000 |" in text
    assert "| median of the slowest thing asked | 50 ms   | < 100 ms |" in text
    assert "| closed    | 50 ms   | 16 ms |" in text
