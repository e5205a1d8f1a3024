"""Times, sizes and numbers as people in France and in Québec write them."""

from datetime import date, datetime

import pytest
from django.utils import translation

from hub.core import typography

SUNDAY = datetime(2026, 11, 22, 14, 30)
TODAY = SUNDAY.date()


@pytest.mark.parametrize(
    ("at", "locale", "written"),
    [
        (SUNDAY, "fr_FR", "14\u00a0h\u00a030"),
        (SUNDAY, "fr_CA", "14\u00a0h\u00a030"),
        (SUNDAY, "en_CA", "2:30\u00a0p.m."),
        (SUNDAY, "en_GB", "14:30"),
        (SUNDAY.replace(minute=5), "fr_FR", "14\u00a0h\u00a005"),
        (SUNDAY.replace(hour=9, minute=0), "fr_CA", "9\u00a0h"),
    ],
)
def test_a_time_is_written_as_the_country_does(at: datetime, locale: str, written: str) -> None:
    assert typography.clock(at, locale) == written


@pytest.mark.parametrize(
    ("day", "locale", "written"),
    [
        (date(2026, 11, 22), "fr_FR", "Aujourd’hui, dimanche 22\u00a0novembre"),
        (date(2026, 11, 21), "fr_FR", "Hier, samedi 21\u00a0novembre"),
        (date(2026, 11, 20), "fr_CA", "Vendredi 20\u00a0novembre"),
        (date(2026, 11, 1), "fr_CA", "Dimanche 1er\u00a0novembre"),
        (date(2025, 11, 20), "fr_FR", "Jeudi 20\u00a0novembre 2025"),
        (date(2026, 11, 20), "en_CA", "Friday, November 20"),
        (date(2025, 11, 20), "en_GB", "Thursday 20 November 2025"),
    ],
)
def test_a_day_says_today_yesterday_and_another_year(day: date, locale: str, written: str) -> None:
    with translation.override("fr"):
        assert typography.day(day, locale, today=TODAY) == written


@pytest.mark.parametrize(
    ("day", "locale", "written"),
    [
        (date(2026, 11, 9), "fr_FR", "9\u00a0novembre"),
        (date(2026, 11, 1), "fr_CA", "1er\u00a0novembre"),
        (date(2025, 11, 9), "fr_CA", "9\u00a0novembre 2025"),
        (date(2026, 11, 9), "en_CA", "November 9"),
        (date(2025, 11, 9), "en_GB", "9 November 2025"),
    ],
)
def test_a_date_stands_without_its_name(day: date, locale: str, written: str) -> None:
    assert typography.date_alone(day, locale, today=TODAY) == written


@pytest.mark.parametrize(("locale", "written"), [("fr_FR", "1\u202f204"), ("fr_CA", "1\u00a0204"), ("en_CA", "1,204")])
def test_numbers_have_their_thousands(locale: str, written: str) -> None:
    assert typography.count(1204, locale) == written


def test_a_moment_has_its_day_and_its_time() -> None:
    assert typography.moment(SUNDAY, "fr_FR", today=TODAY) == "Dimanche 22\u00a0novembre, 14\u00a0h\u00a030"


@pytest.mark.parametrize(
    ("today", "written"),
    [
        (date(2026, 11, 22), "14\u00a0h\u00a030"),
        (date(2026, 11, 23), "Hier"),
        (date(2026, 11, 27), "Dim."),
        (date(2026, 12, 24), "22 nov."),
        (date(2027, 12, 24), "22 nov. 2026"),
    ],
)
def test_lists_get_the_shortest_that_tells_when(today: date, written: str) -> None:
    with translation.override("fr"):
        assert typography.brief(SUNDAY, "fr_FR", today=today) == written


@pytest.mark.parametrize(
    ("size_bytes", "locale", "written"),
    [
        (12, "fr_FR", "12\u00a0octets"),
        (182_345, "fr_FR", "182\u00a0Ko"),
        (1_400_000, "fr_CA", "1,4\u00a0Mo"),
        (999_999, "fr_FR", "1\u00a0Mo"),
        (1_400_000, "en_CA", "1.4\u00a0MB"),
    ],
)
def test_sizes_are_counted_by_thousands(size_bytes: int, locale: str, written: str) -> None:
    assert typography.file_size(size_bytes, locale) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+33261910010", "02\u00a061\u00a091\u00a000\u00a010"),
        ("+14185550110", "418\u00a0555-0110"),
        ("911", "911"),
    ],
)
def test_phone_numbers_are_written_as_at_home(number: str, written: str) -> None:
    assert typography.phone(number) == written


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("de 9 h 30 à 12 h, sans rendez-vous", "de 9\u00a0h\u00a030 à 12\u00a0h, sans rendez-vous"),
        ("Ouvert : le samedi ! Et où ?", "Ouvert\u00a0: le samedi\u202f! Et où\u202f?"),
        ("12 habitants", "12 habitants"),
    ],
)
def test_what_people_typed_gets_its_spaces(typed: str, written: str) -> None:
    assert typography.typeset(typed) == written


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [("fr", "FR", "fr_FR"), ("fr", "CA", "fr_CA"), ("en", "CA", "en_CA"), ("en", "FR", "en_GB")],
)
def test_the_locale_is_the_readers_language_in_the_towns_country(language: str, country: str, locale: str) -> None:
    assert typography.locale_name(language, country) == locale
