"""Working days: what the town's week, its country's holidays and its own closed days make of a delay."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.tickets.calendar import WorkCalendar, holidays_of, regions_of

FRANCE = WorkCalendar([], [], "FR")
QUEBEC = WorkCalendar([], [], "CA", "QC")


@pytest.mark.parametrize(
    ("country", "region", "day", "name"),
    [
        ("FR", "", date(2026, 7, 14), "Fête nationale"),
        ("FR", "", date(2026, 1, 1), "Jour de l’an"),
        ("FR", "", date(2026, 4, 3), None),
        ("FR", "57", date(2026, 4, 3), "Vendredi saint"),
        ("FR", "67", date(2026, 12, 26), "Saint-Étienne"),
        ("FR", "68", date(2026, 12, 26), "Saint-Étienne"),
        ("FR", "974", date(2026, 12, 20), "Abolition de l’esclavage"),
        ("FR", "QC", date(2026, 6, 24), None),
        ("CA", "", date(2026, 6, 24), "Fête nationale du Québec"),
        ("CA", "57", date(2026, 5, 18), "Journée nationale des patriotes"),
        ("CA", "QC", date(2026, 7, 14), None),
        ("US", "", date(2026, 7, 4), None),
    ],
)
def test_each_country_and_region_has_its_holidays(country: str, region: str, day: date, name: str | None) -> None:
    assert holidays_of(country, region, [2026]).get(day) == name


def test_holidays_come_in_order_for_all_years_asked() -> None:
    found = holidays_of("FR", "", [2027, 2026, 2027])
    assert list(found) == sorted(found)
    assert {day.year for day in found} == {2026, 2027}
    assert len(found) == 22  # Ascension and Victory Day fall together in neither


def test_what_is_handed_out_is_nobody_elses() -> None:
    holidays_of("FR", "", [2026]).clear()
    assert date(2026, 7, 14) in holidays_of("FR", "", [2026])


def test_only_france_has_regions_to_choose() -> None:
    assert {"57", "67", "68"} <= set(regions_of("FR"))
    assert regions_of("CA") == ()


@pytest.mark.parametrize(
    ("calendar", "start", "days", "end"),
    [
        (FRANCE, date(2026, 9, 7), 0, date(2026, 9, 7)),  # a Monday, itself
        (FRANCE, date(2026, 9, 5), 0, date(2026, 9, 7)),  # a Saturday: the next that works
        (FRANCE, date(2026, 9, 5), 1, date(2026, 9, 7)),
        (FRANCE, date(2026, 9, 7), 5, date(2026, 9, 14)),
        (FRANCE, date(2026, 5, 7), 1, date(2026, 5, 11)),  # 8 May, then a weekend
        (FRANCE, date(2026, 12, 24), 1, date(2026, 12, 28)),
        (QUEBEC, date(2026, 6, 23), 1, date(2026, 6, 25)),
        (QUEBEC, date(2026, 12, 30), 2, date(2027, 1, 4)),  # over New Year
        (WorkCalendar([1, 2, 3, 4, 5], [], "FR"), date(2026, 9, 4), 2, date(2026, 9, 8)),  # closed on Mondays
        (WorkCalendar([], ["2026-09-08", date(2026, 9, 9)], "FR"), date(2026, 9, 7), 1, date(2026, 9, 10)),
    ],
)
def test_delays_are_counted_in_working_days(calendar: WorkCalendar, start: date, days: int, end: date) -> None:
    assert calendar.add_days(start, days) == end


def test_a_delay_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        FRANCE.add_days(date(2026, 9, 7), -1)


def test_a_week_that_makes_no_sense_is_the_usual_one() -> None:
    for week in ([], [9, -1]):
        assert WorkCalendar(week, ["", "soon", "2026-13-01"], "FR").work_days == {0, 1, 2, 3, 4}


def test_coming_holidays_are_told_from_that_day_on() -> None:
    assert QUEBEC.next_holidays(date(2026, 12, 25), 2) == [
        (date(2026, 12, 25), "Jour de Noël"),
        (date(2027, 1, 1), "Jour de l’an"),
    ]
    assert len(FRANCE.next_holidays(date(2026, 9, 1), 40)) == 40
    assert WorkCalendar([], [], "US").next_holidays(date(2026, 1, 1), 3) == []


days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
calendars = st.builds(
    WorkCalendar,
    st.frozensets(st.integers(0, 6)),
    st.frozensets(days, max_size=5),
    st.sampled_from(["FR", "CA", "US"]),
    st.sampled_from(["", "57", "68", "974", "QC"]),
)


@given(calendars, days, st.integers(0, 60))
def test_a_due_date_works_and_has_so_many_working_days_before_it(
    calendar: WorkCalendar, start: date, delay: int
) -> None:
    end = calendar.add_days(start, delay)
    assert calendar.is_working(end)
    assert end >= start
    between = [start + timedelta(days=number + 1) for number in range((end - start).days)]
    working = sum(calendar.is_working(day) for day in between)
    assert working == (delay or int(end > start))
    assert calendar.days_between(start, end) == working == -calendar.days_between(end, start)


@given(calendars, days, st.integers(0, 20), st.integers(0, 20))
def test_delays_add_up_and_never_go_back(calendar: WorkCalendar, start: date, one: int, more: int) -> None:
    first = calendar.add_days(start, one)
    assert calendar.add_days(start, one + more) >= first
    if one:
        assert calendar.add_days(first, more) == calendar.add_days(start, one + more)
    assert calendar.add_days(start + timedelta(days=1), one) >= first
