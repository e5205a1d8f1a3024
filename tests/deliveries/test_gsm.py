"""What a text weighs as SMS, and how it weighs less."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from channels_adapters.gsm_alphabet import ALPHABET, BASIC
from hub.deliveries import gsm
from hub.deliveries.gsm import Costly, Encoding, measure
from hub.deliveries.prices import cost, country_of, price, table, units

# What people write, what machines write, and what makes it dear.
WORDS = st.text(st.sampled_from("aez éèàçêîœŒ'’«» \u00a0\u202f…°C|€{}^\r\n\u0301\u0302👍\U0001f468\u200d²–nN\u200b"))
LONG = st.builds(lambda text, times: text * times, WORDS, st.integers(1, 80))
TEXTS = st.one_of(WORDS, LONG, st.text(), st.text(st.sampled_from(sorted(ALPHABET))))


@pytest.mark.parametrize(
    ("text", "simple", "stripped"),
    [
        ("C’est « noté » : merci !", 'C\'est "noté" : merci !', 'C\'est "noté" : merci !'),
        ("Ça va, l’hôtel reçoit…", "Ça va, l'hôtel reçoit...", "Ça va, l'hotel recoit..."),
        ("à 14 h 30 — Œuvre, œuf", "à 14 h 30 - Oeuvre, oeuf", "à 14 h 30 - Oeuvre, oeuf"),
        ("Rue du Four 🎉 n° 3, 2 €, 20 °C", "Rue du Four 🎉 no 3, 2 €, 20 °C", "Rue du Four  no 3, 2 €, 20 C"),
        ("me\u0302me, e\u0301te\u0301", "même, été", "meme, été"),
        ("un\r\ndeux", "un\ndeux", "un\ndeux"),
    ],
)
def test_what_costs_much_is_written_plainly_and_accents_go_on_request_only(
    text: str, simple: str, stripped: str
) -> None:
    assert gsm.plain(text) == simple
    assert gsm.plain(text, strip=True) == stripped


@given(TEXTS)
def test_plain_text_stays_plain_and_nothing_of_another_alphabet_is_left_once_stripped(text: str) -> None:
    simple, stripped = gsm.plain(text), gsm.plain(text, strip=True)
    assert gsm.plain(simple) == simple
    assert gsm.plain(simple, strip=True) == stripped
    assert set(stripped) <= ALPHABET
    assert gsm.plain(stripped, strip=True) == gsm.plain(stripped) == stripped
    assert measure(stripped).encoding is Encoding.GSM7
    assert measure(stripped).costly == ()


def test_there_are_128_signs_and_some_take_two_places() -> None:
    assert len(BASIC) == 127  # the 128th says that the next is of the second table
    assert (gsm.length("é" * 160), gsm.length("2 €")) == (160, 4)


@pytest.mark.parametrize(
    ("text", "encoding", "fills", "left"),
    [
        ("", Encoding.GSM7, (), 160),
        ("é" * 160, Encoding.GSM7, (160,), 0),
        ("é" * 161, Encoding.GSM7, (153, 8), 145),
        ("€" * 80, Encoding.GSM7, (160,), 0),
        # 152 places and a sign of two: it begins the next one, and a place stays free.
        ("a" * 152 + "€" + "a" * 10, Encoding.GSM7, (152, 12), 141),
        ("ê" * 70, Encoding.UCS2, (70,), 0),
        ("ê" * 71, Encoding.UCS2, (67, 4), 63),
        ("ê" * 66 + "🎉" + "ê" * 4, Encoding.UCS2, (66, 6), 61),
    ],
)
def test_it_is_cut_as_the_network_cuts_it(text: str, encoding: Encoding, fills: tuple[int, ...], left: int) -> None:
    measured = measure(text)
    assert (measured.encoding, measured.fills, measured.left) == (encoding, fills, left)
    assert measured.segments == len(fills)


def test_each_letter_that_costs_is_named_with_its_word() -> None:
    text = "Eau : l’eau (même filtrée) et l'été… «\u202foui\u202f» 🎉"
    assert measure(text).costly == (
        Costly("’", "l’eau", 7),
        Costly("ê", "même", 14),
        Costly("…", "l'été…", 35),
        Costly("«", "«", 37),
        Costly("\u202f", "\u202f", 38),
        Costly("\u202f", "\u202f", 42),
        Costly("»", "»", 43),
        Costly("🎉", "🎉", 45),
    )


@given(TEXTS, TEXTS)
def test_the_measure_of_two_texts_is_that_of_both(first: str, second: str) -> None:
    one, two, both = measure(first), measure(second), measure(first + second)
    assert (both.encoding is Encoding.UCS2) == (Encoding.UCS2 in {one.encoding, two.encoding})
    assert [(costly.letter, costly.position) for costly in both.costly] == [
        *((costly.letter, costly.position) for costly in one.costly),
        *((costly.letter, costly.position + len(first)) for costly in two.costly),
    ]
    if one.encoding is two.encoding is both.encoding:
        assert both.units == one.units + two.units
    assert both.segments >= max(one.segments, two.segments)  # what grows never gets cheaper
    assert sum(both.fills) == both.units
    assert all(0 < fill <= both.room for fill in both.fills)
    assert both.left == both.room - (both.fills or (0,))[-1]


def test_a_text_costs_its_sms_in_the_money_of_each_country(settings: Settings) -> None:
    settings.SMS_PRICES = "FR=0.07 EUR, CA=0.0095 CAD"
    settings.VOICE_PRICES = "FR=0.10 EUR"
    text = "Faites bouillir l'eau, même filtrée. " * 4
    assert (measure(text).segments, measure(gsm.plain(text, strip=True)).segments) == (3, 1)
    assert cost(text, {"FR": 1000, "CA": 11_482, "GP": 10, "US": 0}) == {
        "EUR": Decimal("212.10"), "CAD": Decimal("327.2370"),
    }  # fmt: skip
    assert price("sms", "JP").amount == Decimal("0.07")  # the dearest that is known
    assert cost("a" * 500, {"FR": 10}, "voice") == {"EUR": Decimal("2.00")}
    assert (units("voice", ""), units("sms", "a" * 161)) == (1, 2)
    assert [country_of(number) for number in ("+33639980012", "+14185550142", "+590690001234", "x")] == [
        "FR", "CA", "GP", "",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="unpack"):
        table("FR=0.07")
