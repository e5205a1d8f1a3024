"""An SMS in the phone network's own alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.deliveries import gsm

ALPHABET = gsm.BASIC | gsm.EXTENDED


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("C’est « noté » : merci !", 'C\'est "noté" : merci !'),
        ("Ça va, l’hôtel reçoit… à 14 h 30 — œuf", "Ça va, l'hotel recoit... à 14 h 30 - oeuf"),
        ("Rue du Four 🎉 n° 3, 2 €", "Rue du Four  no 3, 2 €"),
    ],
)
def test_what_costs_much_is_written_plainly(text: str, plain: str) -> None:
    assert gsm.plain(text) == plain


@given(st.text())
def test_nothing_of_another_alphabet_is_left_and_plain_text_stays(text: str) -> None:
    once = gsm.plain(text)
    assert set(once) <= ALPHABET
    assert gsm.plain(once) == once


def test_there_are_128_signs_and_some_take_two_places() -> None:
    assert len(gsm.BASIC) == 127  # the 128th says that the next is of the second table
    assert (gsm.length("é" * 160), gsm.length("2 €")) == (160, 4)
