"""What tells who asked, before it is read by everybody: found however it is written, and nothing else."""

from typing import Any

import pytest

from hub.core.folding import folded
from hub.tickets.models import Ticket
from hub.tickets.revealing import Detail, NamesRequester, Reveal, revealed, revealed_of_others
from hub.tickets.words_as_names import COMMON

ALICE: dict[str, Any] = {
    "first_name": "Alice", "last_name": "Tremblay-Noël", "email": "alice.t@citoyen.example", "phone": "+33199000110",
    "phone2": "+14185550199",
}  # fmt: skip


def ticket(**fields: Any) -> Ticket:
    return Ticket(**{**ALICE, **fields})


def found(text: str, **fields: Any) -> list[tuple[str, str]]:
    return [(one.detail.value, one.text) for one in revealed(ticket(**fields), [text])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nous passons demain.", []),
        ("Bonjour Alice, c’est noté.", [("first_name", "Alice")]),
        ("Madame TREMBLAY-NOEL a signalé", [("last_name", "Tremblay-Noël")]),
        ("chez Mme Tremblay.", [("last_name", "Tremblay")]),
        ("D’après M.Noël :", [("last_name", "Noël")]),
        ("Trem\u00adblay et a\u0301lice", [("first_name", "Alice"), ("last_name", "Tremblay")]),
        ("Alice, Alice Tremblay Noël", [("first_name", "Alice"), ("last_name", "Tremblay-Noël")]),
        ("Tremblayville, Malice, Alices", []),
        ("Écrire à Alice.T@Citoyen.Example.", [("first_name", "Alice"), ("email", "alice.t@citoyen.example")]),
        ("Écrire à x.alice.t@citoyen.example.org", [("first_name", "Alice")]),
        ("au 01 99 00 01 10", [("phone", "01\u00a099\u00a000\u00a001\u00a010")]),
        ("au 0199000110, merci", [("phone", "01\u00a099\u00a000\u00a001\u00a010")]),
        ("au +33 (0)1.99.00.01.10", [("phone", "01\u00a099\u00a000\u00a001\u00a010")]),
        ("0033 1-99\u202f00\u00a001\u201110", [("phone", "01\u00a099\u00a000\u00a001\u00a010")]),
        ("appelez, le 12, (418) 555-0199", [("phone", "418\u00a0555-0199")]),
        ("1-418-555-0199", [("phone", "418\u00a0555-0199")]),
        ("01 99 00 01 101 et 901 99 00 01 10 et 2014185550199", []),
    ],
)
def test_what_a_text_tells(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("first", "last", "text", "expected"),
    [
        ("Thi", "Le", "Le lampadaire est réparé.", []),  # a word of every sentence names nobody
        ("Thi", "Le", "Réparé pour Le Thi.", ["Thi", "Le"]),
        ("Jean", "Le Roux", "Le camion roux", []),
        ("Jean", "Le Roux", "Le camion de Roux", ["Roux"]),
        ("Jean", "Le Roux", "Le camion de M. Le Roux", ["Le Roux"]),
        ("", "Wu", "Pour Mme Wu", ["Wu"]),
        ("", "O’Brien", "M. O'BRIEN", ["O’Brien"]),
        ("Noe\u0301mie", "", "pour Noémie", ["Noe\u0301mie"]),
        ("", "Œuvrard", "monsieur oeuvrard", ["Œuvrard"]),
        ("", "", "Bonjour", []),
        ("", "X", "le repère X", []),
        ("李", "小龙", "李 小龙", ["李", "小龙"]),
    ],
)
def test_names_that_are_words_or_several(first: str, last: str, text: str, expected: list[str]) -> None:
    one = ticket(first_name=first, last_name=last, email="", phone="", phone2="")
    assert [reveal.text for reveal in revealed(one, [text])] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A word of every day is one, in the middle of a sentence and at its beginning.
        ("La rose du lac. Rose fanée\u202f!\nLac gelé… Lac de nouveau ? Rose", []),
        ("- Rose\n« Lac » : c’est une rose", []),
        ("UNE ROSE", ["Rose"]),  # with a capital inside a sentence it is a name; so it is asked
        ("Bonjour Rose, le lac est gelé.", ["Rose"]),
        ("Le jardin de M. Lac", ["Lac"]),
        ("Le jardin de m. lac", ["Lac"]),
        ("Pour Mme rose. Merci.", ["Rose"]),
        ("Dr. Rose", ["Rose"]),
        ("chez Rose 12", ["Rose"]),  # no month
        ("Merci à J. Lac", ["Lac"]),  # an initial ends no sentence
        ("Au point A.\nLac", []),
        ("Signé\u00a0: Lac", ["Lac"]),
        ("pour lac rose", ["Rose", "Lac"]),  # both names side by side
        ("pour Rose-Lac", ["Rose", "Lac"]),
        ("pour la rose, le lac", []),
        ("Au bord du lac. Rose et jasmin.", []),  # side by side, but in two sentences
    ],
)
def test_names_that_are_words_of_every_day_count_where_they_are_written_as_names(
    text: str, expected: list[str]
) -> None:
    one = ticket(first_name="Rose", last_name="Lac", email="", phone="", phone2="")
    assert [reveal.text for reveal in revealed(one, [text])] == expected


@pytest.mark.parametrize(
    ("first", "last", "text", "expected"),
    [
        ("", "Côté", "du côté de la rue", []),
        ("", "Côté", "chez CÔTÉ", ["Côté"]),
        ("", "Roy", "La rue Roy", ["Roy"]),
        ("Mary", "Lake", "The lake is frozen.", []),
        ("Mary", "Lake", "the lake of mary", ["Mary"]),  # no word of every day: wherever it stands
        ("Mary", "Lake", "Thank you, Mrs. Lake.", ["Lake"]),
        ("", "Lac-Tremblay", "le lac-tremblay", ["Lac-Tremblay"]),
        ("", "Lac-Tremblay", "le lac est gelé", []),
        ("", "St-Lake", "chez st. lake, chez St. Lake", ["St-Lake"]),
        ("", "Petit Bois", "le petit bois du parc", []),
        ("", "Petit Bois", "le jardin des Petit bois", ["Petit Bois"]),
    ],
)
def test_each_part_of_a_name_is_looked_at(first: str, last: str, text: str, expected: list[str]) -> None:
    one = ticket(first_name=first, last_name=last, email="", phone="", phone2="")
    assert [reveal.text for reveal in revealed(one, [text])] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The light was mended on May 12, the bin on the 3rd of May.", []),
        ("Since May 2027, and until 30 May", []),
        ("le 8 mai, au mois de mai", []),
        ("la place du 8 Mai et du 1er\u00a0Mai", []),
        ("We met May at number 12.", ["May"]),
        ("Chez May, 12 rue du Four", ["May"]),  # an address
        ("Au 12, May a répondu.", ["May"]),
        ("Mrs May 12", ["May"]),
        ("12 Mayday", []),
    ],
)
def test_a_month_beside_a_number_is_a_date_and_nobodys_name(text: str, expected: list[str]) -> None:
    for name in ("May", "Mai") if not expected else ("May",):
        one = ticket(first_name=name, last_name="", email="", phone="", phone2="")
        assert [reveal.text for reveal in revealed(one, [text])] == expected


def test_the_list_is_of_words_as_they_are_compared() -> None:
    assert {word for word in COMMON if folded(word) != word or not word.isalpha()} == set()


def test_nothing_is_known_of_who_is_anonymous() -> None:
    nobody = Ticket(anonymous=True)
    assert revealed(nobody, ["Alice, 01 99 00 01 10, alice.t@citoyen.example", ""]) == []


def test_it_is_said_in_a_sentence_each_and_of_neighbours_without_what_it_is() -> None:
    error = NamesRequester(revealed(ticket(), ["Alice", "Tremblay"]))
    assert str(error) == (
        "Le prénom du demandeur, «\u00a0Alice\u00a0», serait lu par tout le monde. "
        "Le nom du demandeur, «\u00a0Tremblay\u00a0», serait lu par tout le monde."
    )
    assert (error.status, error.code) == (409, "names_requester")
    others = revealed_of_others([ticket(), ticket()], ["Alice"])
    assert others == [Reveal(Detail.NEIGHBOUR, "Alice")]
    assert "déjà envoyé" in str(NamesRequester(others, mendable=False))
