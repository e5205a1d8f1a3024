"""Periods of figures and the drawings of them: pure."""

from datetime import date

import pytest

from hub.core.errors import Invalid
from hub.tickets import charts, periods
from hub.tickets.charts import Series
from hub.tickets.figures_words import change, delay_change, duration, share_change
from hub.tickets.periods import Period, Span, before, months_drawn, of_span

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("span", "first", "last", "former_first", "former_last"),
    [
        (Span.MONTH, "2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"),
        (Span.LAST_MONTH, "2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31"),
        (Span.QUARTER, "2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"),
        (Span.YEAR, "2026-01-01", "2026-03-31", "2025-01-01", "2025-03-31"),
    ],
)
def test_each_period_and_what_it_is_compared_with(
    span: Span, first: str, last: str, former_first: str, former_last: str
) -> None:
    period = of_span(span, TODAY)
    former = before(period)
    assert [day.isoformat() for day in (period.first, period.last)] == [first, last]
    assert [day.isoformat() for day in (former.first, former.last)] == [former_first, former_last]
    assert periods.asked(period.query(), TODAY) == period


def test_dates_are_compared_with_as_many_days_before() -> None:
    period = periods.asked({"periode": "dates", "du": "2024-03-01", "au": "2024-03-10"}, TODAY)
    assert before(period) == Period(date(2024, 2, 20), date(2024, 2, 29))
    assert periods.asked(period.query(), TODAY) == period


@pytest.mark.parametrize(
    "said",
    [
        {"periode": "siècle"}, {"periode": "dates"}, {"periode": "dates", "du": "2026-01-02", "au": "2026-01-01"},
        {"periode": "dates", "du": "2024-01-01", "au": "2025-01-01"},
        {"periode": "dates", "du": "0001-01-01", "au": "0001-01-02"},
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        periods.asked(said, TODAY)


def test_twelve_months_are_drawn_or_those_of_the_period() -> None:
    assert months_drawn(of_span(Span.MONTH, TODAY))[0] == date(2025, 4, 1)
    year = months_drawn(Period(date(2025, 3, 31), TODAY))
    assert (len(year), year[0], year[-1]) == (13, date(2025, 3, 1), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "—"), (0, "moins d’une heure"), (1_799, "moins d’une heure"), (1_801, "1\u00a0h"),
        (86_399, "1\u00a0j"), (90_000, "1\u00a0j 1\u00a0h"), (10 * 86_400, "10\u00a0j"),
    ],
)  # fmt: skip
def test_delays_are_days_and_hours(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_changes_have_their_sign() -> None:
    assert [change(4, 2), change(2, 4), change(3, 3)] == ["+2", "−2", "="]
    assert [delay_change(86_400, 90_000), delay_change(90_000, 86_400), delay_change(None, 5)] == [
        "−1\u00a0h", "+1\u00a0h", "",
    ]  # fmt: skip
    assert [share_change(1, 2, 1, 4), share_change(0, 0, 1, 4)] == ["+25\u00a0pt", ""]


COUNTS = Series("Reçues", [4, 0, 2], ["4", "0", "2"])
CLOSED = Series("Fermées", [1, 2, None], ["1", "2", "—"])


def test_bars_that_lie_are_in_proportion_and_say_their_values() -> None:
    chart = charts.rows("c", "Titre", "En mots.", ["Voirie", "Parcs", "X" * 60], [COUNTS, CLOSED])
    assert [(bar.width, bar.look) for bar in chart.bars] == [
        ("74.00%", "bar-solid"), ("18.50%", "bar-hatched"), ("37.00%", "bar-hatched"), ("37.00%", "bar-solid"),
    ]  # fmt: skip
    values = [words for words in chart.words if words.look == "words-value"]
    assert [words.words for words in values] == ["4", "1", "0", "2", "2", "—"]
    labels = [words.words for words in chart.words if words.look == "words-label"]
    assert labels[:2] == ["Voirie", "Parcs"]
    assert len(labels[2]) == 40
    assert chart.legend == [("Reçues", "bar-solid"), ("Fermées", "bar-hatched")]
    tops = [float(bar.y.removesuffix("rem")) for bar in chart.bars]
    assert tops == sorted(tops)
    assert max(tops) + 0.875 <= float(chart.height.removesuffix("rem"))


def test_bars_that_stand_stay_in_the_drawing() -> None:
    chart = charts.columns("c", "Titre", "En mots.", ["a", "b", "c"], [COUNTS, CLOSED], lambda value: f"{value:g}")
    assert [words.words for words in chart.words if words.look == "words-tick"] == ["0", "2", "4", "a", "b", "c"]
    for bar in chart.bars:
        assert float(bar.x[:-1]) + float(bar.width[:-1]) <= 100
        assert float(bar.y.removesuffix("rem")) + float(bar.height.removesuffix("rem")) == pytest.approx(12.75)


def test_a_line_breaks_where_there_is_nothing() -> None:
    series = Series("Délai", [1.0, 2.0, None, 3.0], ["1 h", "2 h", "—", "3 h"])
    chart = charts.line("c", "Titre", "En mots.", ["a", "b", "c", "d"], series, 1, lambda value: f"{value:g} h")
    assert len(chart.dots) == 3
    assert len([stroke for stroke in chart.strokes if stroke.look == "stroke-line"]) == 1
    assert [words.words for words in chart.words if words.look == "words-value"] == ["1 h", "2 h", "3 h"]


def test_nothing_at_all_draws_nothing() -> None:
    empty = Series("Reçues", [0, None], ["0", "—"])
    assert charts.rows("c", "Titre", "", ["a", "b"], [empty]).bars == []
    assert charts.rows("c", "Titre", "", [], [empty]).height == "0.000rem"
    assert charts.columns("c", "Titre", "", ["a", "b"], [empty], str).bars == []
