"""Fields of canned replies: filled in, or refused with those that are known."""

import pytest

from hub.core.errors import Invalid
from hub.tickets.canned import FIELDS, check_fields, fill, unknown_fields

KNOWN = {"prenom": "Alice", "numero": "SA26-00042", "echeance": "12 mai"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Bonjour {prenom}, votre requête {numero}.", "Bonjour Alice, votre requête SA26-00042."),
        ("{prenom}{prenom}", "AliceAlice"),
        ("{Prénom} { numéro }", "Alice SA26-00042"),
        ("Bonjour {nom}, merci.", "Bonjour, merci."),
        ("Avant le\u00a0{echeance}\u202f!", "Avant le\u00a012 mai\u202f!"),
        ("{service}Merci", "Merci"),
        ("{inconnu} reste", "{inconnu} reste"),
        ("{} {1} {{x}} { prenom", "{} {1} {{x}} { prenom"),
        ("", ""),
    ],
)
def test_fields_are_filled_in(text: str, filled: str) -> None:
    assert fill(text, KNOWN) == filled


def test_what_people_wrote_is_not_read_as_fields() -> None:
    assert fill("{titre} ({numero})", {"titre": "{nom} {0}", "numero": "1"}) == "{nom} {0} (1)"


def test_each_known_field_is_filled_in() -> None:
    for name in FIELDS:
        assert fill(f"<{{{name}}}>", {name: "x"}) == "<x>"


def test_unknown_fields_are_refused_with_the_known_ones() -> None:
    assert unknown_fields("{prenom} {truc} {Truc} {truc} {ECHEANCE}") == ["truc", "Truc"]
    with pytest.raises(Invalid) as refused:
        check_fields("{truc}", field="body_en")
    assert refused.value.field == "body_en"
    assert "{truc}" in str(refused.value)
    assert all(f"{{{name}}}" in str(refused.value) for name in FIELDS)
    check_fields("{prenom} {1}", field="body")
