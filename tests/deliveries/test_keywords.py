"""Words that stop SMS, take them up again, or ask for help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.deliveries import keywords
from hub.deliveries.keywords import Word

STOPS = ["STOP", "ARRÊT", "ARRET", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"]
STARTS, HELPS = ["START", "REPRENDRE", "UNSTOP"], ["AIDE", "HELP", "INFO"]
AROUND = st.text(st.sampled_from(" \t\r\n.,;:!?«»’'\"-_()…\u00a0\u202f👍"), max_size=4)


@given(st.sampled_from(STOPS + STARTS + HELPS), AROUND, AROUND, st.booleans(), st.booleans())
def test_a_word_is_known_in_any_case_with_or_without_accents_and_signs(
    word: str, before: str, after: str, lower: bool, apart: bool
) -> None:
    written = word.lower() if lower else word.capitalize()
    if apart:
        written = written.replace("ê", "e\u0302").replace("Ê", "E\u0302")
    known = keywords.read(f"{before}{written}{after}")
    wanted = Word.STOP if word in STOPS else Word.START if word in STARTS else Word.HELP
    assert known is not None
    assert known[0] is wanted


@pytest.mark.parametrize(
    "text",
    ["", "Bonjour", "Stop aux travaux rue des Lilas", "STOP2", "Endive", "Je voudrais de l’aide", "стоп", "Oui", "1"],
)
def test_in_a_sentence_it_is_a_word_like_any_other(text: str) -> None:
    assert keywords.read(text) is None


def test_two_words_of_the_networks_are_one() -> None:
    assert keywords.read("Stop all") == (Word.STOP, "")
    assert keywords.read("arrêt") == (Word.STOP, "fr")
