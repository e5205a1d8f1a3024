"""What is said of a mayor's hours, and what the hub says outside them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from hub.core.clock import standing_at
from hub.core.errors import Invalid
from hub.towns.hours import DAYS
from hub.towns.models import Country, Grammar, Town
from hub.towns.rules import answering, automatic_text, clean_automatic_answer, mayor_reads
from hub.towns.words import away, reading_hours, week

NINE_TO_SIX, MORNING, EVENING = [["09:00", "18:00"]], [["09:30", "12:00"]], [["20:00", "24:00"]]
WORKING = dict.fromkeys(DAYS[:5], NINE_TO_SIX)
FRIDAY_EVENING = datetime(2026, 11, 27, 19, tzinfo=ZoneInfo("Europe/Paris"))


def make_town(**fields: Any) -> Town:
    """A town that is in no database."""
    return Town(**{"mayor_grammar": Grammar.FEMININE, "answer_hours": WORKING, **fields})


def plain(text: str) -> str:
    """With spaces that may break: where they may not is of `tests/core/test_typography.py`."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (WORKING, "du lundi au vendredi, de 9 h à 18 h"),
        (dict.fromkeys(DAYS, NINE_TO_SIX), "tous les jours, de 9 h à 18 h"),
        ({"sat": MORNING}, "le samedi, de 9 h 30 à 12 h"),
        ({"sat": MORNING, "sun": MORNING}, "le samedi et le dimanche, de 9 h 30 à 12 h"),
        ({"mon": MORNING, "wed": MORNING, "fri": MORNING}, "le lundi, le mercredi et le vendredi, de 9 h 30 à 12 h"),
        ({**WORKING, "sun": NINE_TO_SIX}, "du lundi au vendredi et le dimanche, de 9 h à 18 h"),
        ({**WORKING, "wed": MORNING},
         "le lundi, le mardi, le jeudi et le vendredi, de 9 h à 18 h ; le mercredi, de 9 h 30 à 12 h"),
        ({"tue": [["09:00", "12:00"], ["14:00", "17:15"]]}, "le mardi, de 9 h à 12 h et de 14 h à 17 h 15"),
        ({"mon": EVENING, "tue": [["00:00", "01:00"]]}, "le lundi, de 20 h à minuit ; le mardi, de minuit à 1 h"),
        ({"sun": [["00:00", "24:00"]]}, "le dimanche, toute la journée"),
    ],
)  # fmt: skip
def test_a_week_is_told_in_few_words(hours: Any, told: str) -> None:
    with translation.override("fr"):
        assert plain(week(make_town(answer_hours=hours))) == told


def test_hours_never_break_within_a_time() -> None:
    with translation.override("fr"):
        assert "de 9\u00a0h à 18\u00a0h" in week(make_town())


def test_the_mayor_is_she_or_he() -> None:
    with translation.override("fr"):
        assert plain(reading_hours(make_town())) == "Elle lit ses messages du lundi au vendredi, de 9 h à 18 h."
        assert reading_hours(make_town(mayor_grammar=Grammar.MASCULINE)).startswith("Il lit ses messages du lundi")
        assert reading_hours(make_town(answer_hours={})) == ""


@pytest.mark.parametrize(("country", "clock"), [(Country.CANADA, "9:00 a.m."), (Country.FRANCE, "09:00")])
def test_in_english_times_are_those_of_the_country(country: str, clock: str) -> None:
    with translation.override("en"):
        assert clock in plain(week(make_town(country=country)))


ABSENCE = {"away_from": date(2026, 11, 26), "away_until": date(2026, 12, 1)}


def test_an_absence_is_told_while_it_lasts() -> None:
    town = make_town(**ABSENCE)
    noon = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Europe/Paris"))
    with translation.override("fr"):
        assert away(make_town(), noon) == away(town, noon) == away(town, noon.replace(month=12, day=2)) == ""
        assert plain(away(town, noon.replace(day=26))) == "Elle est absente jusqu’au mardi 1er décembre inclus."
        town.mayor_grammar = Grammar.MASCULINE
        with standing_at(noon.replace(month=12, day=1)):
            assert plain(away(town)) == "Il est absent jusqu’au mardi 1er décembre inclus."


# The automatic answer.


@pytest.mark.parametrize(
    ("fields", "hour", "answers"),
    [
        ({"automatic_answer": True}, 19, True),
        ({"automatic_answer": True}, 17, False),
        ({"automatic_answer": False}, 19, False),
        ({"automatic_answer": True, "answer_hours": {}}, 19, False),
        ({"automatic_answer": True, "answer_hours": {}, **ABSENCE}, 12, True),
        ({"automatic_answer": True, "time_zone": "America/Toronto"}, 19, False),
    ],
)
def test_the_hub_answers_when_asked_to_and_nobody_reads(fields: Any, hour: int, answers: bool) -> None:
    assert answering(make_town(**fields), FRIDAY_EVENING.replace(hour=hour)) is answers


def test_the_mayor_reads_in_their_hours() -> None:
    assert mayor_reads(make_town(), FRIDAY_EVENING.replace(hour=17))
    assert not mayor_reads(make_town(), FRIDAY_EVENING)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Merci pour votre message. Je le lirai dès lundi 30 novembre, à 9 h. "
             "En cas de danger immédiat, appelez le 112."),
        ({"country": Country.CANADA}, "Merci pour votre message. Je le lirai dès lundi 30 novembre, à 9 h. "
                                      "En cas de danger immédiat, appelez le 911."),
        (ABSENCE, "Merci pour votre message. Je suis absente jusqu’au mardi 1er décembre inclus. "
                  "Je le lirai dès mercredi 2 décembre, à 9 h. En cas de danger immédiat, appelez le 112."),
        ({**ABSENCE, "answer_hours": {}, "mayor_grammar": Grammar.MASCULINE},
         "Merci pour votre message. Je suis absent jusqu’au mardi 1er décembre inclus. "
         "Je le lirai dès mercredi 2 décembre. En cas de danger immédiat, appelez le 112."),
        ({"answer_hours": {}}, "Merci pour votre message. Je le lirai dès que possible. "
                               "En cas de danger immédiat, appelez le 112."),
    ],
)  # fmt: skip
def test_the_hubs_own_sentence_says_when_it_will_be_read(fields: Any, said: str) -> None:
    assert plain(automatic_text(make_town(**fields), "fr", FRIDAY_EVENING)) == said


def test_it_speaks_the_citizens_language_whatever_the_pages() -> None:
    with translation.override("fr"), standing_at(FRIDAY_EVENING):
        english = automatic_text(make_town(country=Country.CANADA), "en")
        assert "Monday, November 30" in english
        assert translation.get_language() == "fr"
    with translation.override("en"):
        assert "lundi 30\u00a0novembre" in automatic_text(make_town(), "fr", FRIDAY_EVENING)


def test_the_mayors_own_words_go_first_each_in_its_language() -> None:
    town = make_town(automatic_answer_text={"fr": "Je vous lis demain.", "en": ""})
    assert automatic_text(town, "fr", FRIDAY_EVENING) == "Je vous lis demain."
    assert "112" in automatic_text(town, "en", FRIDAY_EVENING)


def test_the_mayors_words_are_kept_tidy_and_short() -> None:
    assert clean_automatic_answer(" Bonjour,\r\n\r\nà demain.\x00 ") == "Bonjour,\n\nà demain."
    longest = f"{'é' * 998}\r\n!"  # a browser counts the end of a line as one
    assert len(clean_automatic_answer(longest)) == 1000
    with pytest.raises(Invalid, match="1001 caractères"):
        clean_automatic_answer(longest + "!")
