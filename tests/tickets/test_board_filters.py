"""A board's state: read from an address or a memory, written back, told as chips. No database."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from hub.tickets.filters import (
    Filters,
    Known,
    Order,
    Tab,
    applied,
    cleared,
    in_tab,
    memory,
    pairs,
    read,
    without,
)

KNOWN = Known(services=frozenset({3, 4}), categories=frozenset({7, 8}), people=frozenset({21}))

UNDERSTOOD: list[tuple[str, dict[str, Any]]] = [
    ("onglet=ouvertes", {}),
    ("onglet=fermees", {"tab": Tab.CLOSED}),
    ("onglet=non-transferees", {"tab": Tab.HELD}),
    ("ordre=echeance", {"order": Order.DUE}),
    ("ordre=priorite&inverse=1", {"order": Order.PRIORITY, "reverse": True}),
    ("q=+deux%00++mots+", {"text": "deux mots"}),
    ("q=" + "a" * 200, {"text": "a" * 80}),
    ("mot=trottoir&mot=%C3%A9cole", {"words": ("trottoir", "école")}),
    ("mot=trottoir,+%C3%A9cole,,trottoir", {"words": ("trottoir", "école")}),
    ("mot=a,b,c,d,e,f,g,h", {"words": ("a", "b", "c", "d", "e", "f")}),
    ("service=4&service=3", {"services": (3, 4)}),
    ("service=0", {"services": (0,)}),
    ("categorie=8", {"categories": (8,)}),
    ("internes=only", {"internal": "only"}),
    ("internes=without", {"internal": "without"}),
    ("priorite=minor&priorite=urgent", {"priorities": (4, 1)}),
    ("cree_du=2026-11-01", {"created_from": date(2026, 11, 1)}),
    ("cree_au=2026-11-30", {"created_to": date(2026, 11, 30)}),
    ("echeance_du=2026-11-01&echeance_au=2026-12-01", {"due_from": date(2026, 11, 1), "due_to": date(2026, 12, 1)}),
    ("retard=1", {"late": True}),
    ("pour=me", {"assignee": "me"}),
    ("pour=nobody", {"assignee": "nobody"}),
    ("pour=21", {"assignee": "21"}),
    ("favorites=1", {"starred": True}),
    ("etat=in_progress&etat=transferred", {"statuses": ("transferred", "in_progress")}),
    ("source=letter&source=phone", {"sources": ("phone", "letter")}),
    ("reponse=1", {"answered": True}),
    ("sorte=permit", {"kinds": ("permit",)}),
    ("publique=no", {"public": "no"}),
    ("publique=&internes=&service=&retard=&cree_du=&q=", {}),  # a form sends what was left blank
    ("inconnu=1&page=3", {}),
]


@pytest.mark.parametrize(("address", "expected"), UNDERSTOOD)
def test_an_address_is_understood_and_written_back(address: str, expected: dict[str, Any]) -> None:
    found = read(parse_qs(address, keep_blank_values=True), KNOWN)
    assert found.lost == []
    assert found.filters == Filters(**expected)
    assert read(parse_qs(urlencode(pairs(found.filters))), KNOWN).filters == found.filters
    assert read(memory(found.filters), KNOWN).filters == found.filters


@pytest.mark.parametrize(
    "address",
    [
        "onglet=toutes", "ordre=couleur", "inverse=oui", "service=5", "service=x", "service=-3", "service=%D9%A3",
        "service=3&service=99", "service=" + "9" * 30, "categorie=3", "internes=avec", "priorite=haute", "priorite=4",
        "cree_du=hier", "cree_du=2026-02-30", "cree_au=0001-01-01", "echeance_du=9999-12-31", "echeance_au=31/12/2026",
        "retard=2", "pour=22", "pour=moi", "favorites=x", "etat=ouverte", "source=pigeon", "reponse=0", "sorte=x",
        "publique=1",
    ],
)  # fmt: skip
def test_what_is_not_understood_does_not_count_and_is_named(address: str) -> None:
    found = read(parse_qs(address + "&q=reste"), KNOWN)
    assert found.filters == Filters(text="reste")
    assert len(found.lost) == 1


@pytest.mark.parametrize("kept", [{"service": 3}, {"service": [3]}, {"service": {"a": 1}}, {"q": None}, {"mot": [[]]}])
def test_a_memory_may_hold_anything(kept: dict[str, Any]) -> None:
    assert read(kept, KNOWN).filters == Filters()


def test_what_an_address_is_silent_about_is_as_it_was() -> None:
    base = Filters(tab=Tab.HELD, late=True)
    assert read({"q": "eau"}, KNOWN, base=base).filters == Filters(tab=Tab.HELD, late=True, text="eau")


def test_filters_are_taken_away_one_by_one() -> None:
    full = Filters(tab=Tab.CLOSED, order=Order.DUE, words=("eau", "école"), late=True, services=(3,))
    assert [part.name for part in applied(full)] == ["mot", "service", "retard"]
    assert without(full, "mot:eau").words == ("école",)
    assert without(full, "mot").words == ()
    assert without(full, "retard", "service") == Filters(tab=Tab.CLOSED, order=Order.DUE, words=("eau", "école"))
    assert without(full, "onglet", "ordre", "nulle-part") == full
    assert cleared(full) == Filters(tab=Tab.CLOSED, order=Order.DUE)


def test_states_of_one_tab_are_none_of_another() -> None:
    asked = Filters(statuses=("in_progress", "closed_done"))
    assert in_tab(asked, Tab.CLOSED) == Filters(tab=Tab.CLOSED, statuses=("closed_done",))
    assert in_tab(asked, Tab.HELD).statuses == ()
