"""When a mayor reads, and when they will again: by the clocks on the wall, through weekends and changes of clocks."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import Invalid
from hub.towns.hours import DAYS, Absence, clean_absence, clean_day, clean_hours, is_open, next_closing, next_opening

PARIS, TORONTO = "Europe/Paris", "America/Toronto"
QUARTER = timedelta(minutes=15)
WEEK = {day: [["09:00", "12:00"], ["14:00", "18:00"]] for day in DAYS[:5]}
TODAY = date(2026, 11, 25)
# The nights on which the clocks change: to summer, to winter.
CHANGES = [
    (PARIS, date(2026, 3, 29)), (PARIS, date(2026, 10, 25)),
    (TORONTO, date(2026, 3, 8)), (TORONTO, date(2026, 11, 1)),
]  # fmt: skip


def at(written: str, zone: str = PARIS, fold: int = 0) -> datetime:
    """An instant by the clocks of a zone; `fold`: 1 for the second time they show it."""
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone), fold=fold)


def utc(instant: datetime | None) -> datetime | None:
    """Python finds no time of an hour that comes twice equal to another zone's."""
    return instant and instant.astimezone(UTC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {}),
        ({"mon": []}, {}),
        ({"tue": [["09:00", "24:00"]], "mon": [["00:00", "06:00"]]},
         {"mon": [["00:00", "06:00"]], "tue": [["09:00", "24:00"]]}),
        ({"mon": [["14:00", "18:00"], ["09:00", "12:00"]]}, {"mon": [["09:00", "12:00"], ["14:00", "18:00"]]}),
        ({"mon": [["09:00", "12:00"], ["12:00", "18:00"]]}, {"mon": [["09:00", "18:00"]]}),
        ({"mon": [("09:00", "12:00")]}, {"mon": [["09:00", "12:00"]]}),
    ],
)  # fmt: skip
def test_hours_are_kept_in_order(given: Any, kept: Any) -> None:
    assert clean_hours(given) == kept
    assert list(clean_hours(given)) == list(kept)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ([["09:00", "09:00"]], "commence et finit à la même heure"),
        ([["18:00", "09:00"]], "La fin doit venir après le début"),
        ([["20:00", "00:00"]], "La fin doit venir après le début"),
        ([["09:00", "12:00"], ["11:59", "18:00"]], "se chevauchent"),
        ([["09:00", "18:00"], ["10:00", "11:00"]], "se chevauchent"),
        ([["09:00", "12:00"], ["09:00", "12:00"]], "se chevauchent"),
        ([["08:00", "09:00"], ["10:00", "11:00"], ["12:00", "13:00"]], "deux plages par jour, au plus"),
        ([["24:00", "24:00"]], "comme 09:00 et 18:00"),
        ([["9:00", "18:00"]], "comme 09:00 et 18:00"),
        ([["09:00", "24:01"]], "comme 09:00 et 18:00"),
        ([["09:00", "25:00"]], "comme 09:00 et 18:00"),
        ([["09:60", "18:00"]], "comme 09:00 et 18:00"),
        ([["٠٩:00", "18:00"]], "comme 09:00 et 18:00"),
        ([["09:00\n", "18:00"]], "comme 09:00 et 18:00"),
        ([["09:00"]], "comme 09:00 et 18:00"),
        ([[9, 18]], "comme 09:00 et 18:00"),
        (["09:00", "18:00"], "comme 09:00 et 18:00"),
        ("09", "comme 09:00 et 18:00"),
        (None, "deux plages"),
        ({"from": "09:00"}, "deux plages"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(ranges: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        clean_hours({"mon": WEEK["mon"], "wed": ranges})
    assert refused.value.field == "wed"


@pytest.mark.parametrize("given", [None, [], "mon", {"monday": []}, {"mon": [], 3: []}])
def test_what_is_no_week_is_refused(given: Any) -> None:
    with pytest.raises(Invalid) as refused:
        clean_hours(given)
    assert refused.value.field is None


@pytest.mark.parametrize(
    ("when", "opened"),
    [
        ("2026-11-23 08:59:59.999", False), ("2026-11-23 09:00", True), ("2026-11-23 11:59:59.999", True),
        ("2026-11-23 12:00", False), ("2026-11-23 14:00", True), ("2026-11-23 18:00", False),
        ("2026-11-21 10:00", False), ("2026-11-22 10:00", False),
    ],
)  # fmt: skip
def test_a_range_holds_its_start_and_not_its_end(when: str, opened: bool) -> None:
    assert is_open(WEEK, at(when), PARIS) is opened


def test_midnight_ends_a_day_and_begins_the_next() -> None:
    hours = {"mon": [["20:00", "24:00"]], "tue": [["00:00", "01:00"]]}
    assert is_open(hours, at("2026-11-23 23:59:59"), PARIS)
    assert is_open(hours, at("2026-11-24 00:00"), PARIS)
    assert not is_open(hours, at("2026-11-24 01:00"), PARIS)
    assert next_closing(hours, at("2026-11-23 21:00"), PARIS) == at("2026-11-24 01:00")
    assert next_closing({"mon": [["20:00", "24:00"]]}, at("2026-11-23 21:00"), PARIS) == at("2026-11-24 00:00")


def test_the_towns_clocks_count_and_not_the_callers() -> None:
    instant = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # 15:30 in Paris, 09:30 in Toronto
    hours = {"mon": [["09:00", "12:00"]]}
    assert is_open(hours, instant, TORONTO)
    assert not is_open(hours, instant, PARIS)
    assert next_opening(hours, instant, PARIS) == at("2026-11-30 09:00")


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-11-23 07:30:12", "2026-11-23 09:00"), ("2026-11-23 12:00", "2026-11-23 14:00"),
        ("2026-11-23 18:00", "2026-11-24 09:00"), ("2026-11-27 18:30", "2026-11-30 09:00"),
        ("2026-12-31 23:59", "2027-01-01 09:00"),
    ],
)  # fmt: skip
def test_it_opens_again_at_the_next_start(when: str, opens: str) -> None:
    assert next_opening(WEEK, at(when), PARIS) == at(opens)


def test_what_is_open_needs_no_opening_and_what_is_shut_no_closing() -> None:
    assert next_opening(WEEK, at("2026-11-23 10:00"), PARIS) is None
    assert next_closing(WEEK, at("2026-11-23 13:00"), PARIS) is None


def test_without_hours_it_is_always_open() -> None:
    assert is_open({}, at("2026-11-22 03:00"), PARIS)
    assert next_opening({}, at("2026-11-22 03:00"), PARIS) is None
    assert next_closing({}, at("2026-11-22 03:00"), PARIS) is None
    every_hour = {day: [["00:00", "24:00"]] for day in DAYS}
    assert next_closing(every_hour, at("2026-10-24 03:00"), PARIS) is None


# Absences.


def test_nobody_reads_in_an_absence_from_its_first_day_to_its_last() -> None:
    absence = Absence(date(2026, 11, 24), date(2026, 11, 26))
    assert is_open(WEEK, at("2026-11-23 17:59"), PARIS, absence)
    for day in (24, 25, 26):
        assert not is_open(WEEK, at(f"2026-11-{day} 10:00"), PARIS, absence)
    assert is_open(WEEK, at("2026-11-27 10:00"), PARIS, absence)


@pytest.mark.parametrize(
    ("first", "last", "opens"),
    [
        (date(2026, 11, 20), date(2026, 11, 26), "2026-11-27 09:00"),
        (date(2026, 11, 25), date(2026, 11, 25), "2026-11-26 09:00"),
        (date(2026, 11, 24), date(2026, 11, 27), "2026-11-30 09:00"),
        (date(2026, 11, 26), date(2027, 8, 31), "2027-09-01 09:00"),  # begins before it would open again
        (date(2027, 1, 1), date(2027, 1, 9), "2026-11-26 09:00"),
        (date(2026, 11, 1), date(2026, 11, 24), "2026-11-26 09:00"),
    ],
)
def test_it_opens_again_after_the_absence(first: date, last: date, opens: str) -> None:
    assert next_opening(WEEK, at("2026-11-25 20:00"), PARIS, Absence(first, last)) == at(opens)


def test_an_absence_without_hours_lasts_from_midnight_to_midnight() -> None:
    absence = Absence(date(2026, 10, 25), date(2026, 12, 3))
    assert next_closing({}, at("2026-07-01 10:00"), PARIS, absence) == at("2026-10-25 00:00")
    assert next_opening({}, at("2026-10-25 12:00"), PARIS, absence) == at("2026-12-04 00:00")


def test_an_absence_may_be_none_or_to_come() -> None:
    assert clean_absence(None, None, today=TODAY) is None
    assert clean_absence(TODAY, TODAY, today=TODAY) == Absence(TODAY, TODAY)
    assert clean_absence(date(2026, 1, 1), TODAY, today=TODAY) == Absence(date(2026, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("first", "last", "field", "said"),
    [
        (TODAY, None, "away_until", "aussi le dernier jour"),
        (None, TODAY, "away_from", "aussi le premier jour"),
        (TODAY, date(2026, 11, 24), "away_until", "après le premier"),
        (date(2026, 11, 1), date(2026, 11, 24), "away_until", "déjà passée"),
        (TODAY, date(2028, 11, 25), "away_until", "vérifiez l’année"),
        (date(2028, 11, 1), date(2028, 11, 2), "away_until", "vérifiez l’année"),
        (date(2020, 11, 25), TODAY, "away_until", "vérifiez l’année"),
        (TODAY, date.max, "away_until", "vérifiez l’année"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(
    first: date | None, last: date | None, field: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        clean_absence(first, last, today=TODAY)
    assert refused.value.field == field


# Changes of clocks.


def test_nine_is_nine_in_summer_and_in_winter() -> None:
    for zone, night in CHANGES:
        saturday, sunday = night - timedelta(days=1), {"sun": [["09:00", "10:00"]]}
        opens = next_opening(sunday, at(f"{saturday} 22:00", zone), zone)
        assert opens is not None
        assert (opens.date(), opens.time()) == (night, time(9))


def test_a_start_that_the_clocks_skip_is_the_moment_they_do() -> None:
    hours = {"sun": [["02:30", "05:00"]]}
    opens = next_opening(hours, at("2026-03-29 01:00"), PARIS)
    assert opens == at("2026-03-29 03:00")


def test_a_range_that_the_clocks_skip_is_there_a_week_later() -> None:
    hours = {"sun": [["02:15", "02:45"]]}
    assert next_opening(hours, at("2026-03-29 01:00"), PARIS) == at("2026-04-05 02:15")
    assert next_opening(hours, at("2026-03-08 01:00", TORONTO), TORONTO) == at("2026-03-15 02:15", TORONTO)


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    hours = {"sun": [["01:00", "02:30"]]}
    end = next_closing(hours, at("2026-10-25 01:00"), PARIS)
    assert utc(end) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    again = next_opening(hours, at("2026-10-25 02:30"), PARIS)
    assert utc(again) == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # the clocks go from 3 back to 2
    second_end = next_closing(hours, at("2026-10-25 02:10", fold=1), PARIS)
    assert utc(second_end) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


# Whatever the hours.

quarters = st.integers(0, 96).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")


@st.composite
def days(draw: st.DrawFn) -> list[list[str]]:
    bounds = draw(st.lists(quarters, min_size=2, max_size=4, unique=True))
    ordered = sorted(bounds)
    return [ordered[number : number + 2] for number in range(0, len(ordered) - 1, 2)]


weeks = st.dictionaries(st.sampled_from(DAYS), days(), max_size=7)
absences = st.none() | st.tuples(st.integers(-3, 6), st.integers(0, 9))


@st.composite
def instants(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and an instant in the week around the night when its clocks change."""
    zone, night = draw(st.sampled_from(CHANGES))
    noon = datetime.combine(night, time(12), ZoneInfo(zone)).astimezone(UTC)
    return zone, noon + timedelta(seconds=draw(st.integers(-4 * 86_400, 4 * 86_400)))


def _step(instant: datetime, wanted: bool, hours: Any, zone: str, absence: Absence | None) -> datetime | None:
    """The first quarter of an hour that is as wanted, found by asking for each of them."""
    quarter = instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)
    for _number in range(25 * 24 * 4):
        quarter += QUARTER
        if is_open(hours, quarter, zone, absence) == wanted:
            return quarter
    return None


@given(weeks, instants(), absences)
def test_the_next_change_is_the_first_one(
    hours: Any, there: tuple[str, datetime], away: tuple[int, int] | None
) -> None:
    zone, instant = there
    today = instant.astimezone(ZoneInfo(zone)).date()
    absence = Absence(*(today + timedelta(days=n) for n in (away[0], sum(away)))) if away else None
    opened = is_open(hours, instant, zone, absence)
    opens, closes = next_opening(hours, instant, zone, absence), next_closing(hours, instant, zone, absence)
    assert utc(opens) == (None if opened else _step(instant, True, hours, zone, absence))
    assert utc(closes) == (_step(instant, False, hours, zone, absence) if opened else None)


@given(weeks)
def test_what_is_kept_is_kept_as_it_is(hours: Any) -> None:
    kept = clean_hours(hours)
    assert clean_hours(kept) == kept
    assert all(kept.values())
    for ranges in kept.values():
        flat = [clock for pair in ranges for clock in pair]
        assert flat == sorted(set(flat))


@given(st.lists(st.tuples(quarters, quarters), max_size=3))
def test_a_day_is_kept_or_refused_and_never_something_else(ranges: list[tuple[str, str]]) -> None:
    with suppress(Invalid):
        kept = [clock for pair in clean_day(ranges, "sat") for clock in pair]
        assert kept == sorted(set(kept))
        assert len(kept) <= 2 * min(len(ranges), 2)
